"""The viewer alone on a screen of its own, beside the window or over it."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tokenflow_studio.ui.state.display import Display
from tokenflow_studio.ui.state.session import Session
from tokenflow_studio.ui.state.viewing import Viewing
from tokenflow_studio.ui.viewer.viewer import Viewer


class ViewerScreen(QWidget):
    """A second viewer of the same pictures; the window's keys work in it, Esc closes it.

    Signal: `closed()`.
    """

    closed = Signal()

    def __init__(
        self, session: Session, display: Display, viewing: Viewing, window: QWidget
    ) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.setObjectName("viewerScreen")
        self.setWindowTitle("Viewer – TokenFlow Studio")
        self.viewer = Viewer(session, display, viewing, self)
        self.viewer.setObjectName("screenViewer")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.viewer)

    def present(self, actions: Iterable[QAction]) -> None:
        """Fill another screen than the window's, or the window's own where there is no other."""
        self.addActions(list(actions))
        window = self.parentWidget()
        own = window.screen() if window is not None else QGuiApplication.primaryScreen()
        self.setGeometry(other_screen(own).geometry())
        self.showFullScreen()
        self.viewer.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


def other_screen(own: QScreen) -> QScreen:
    """A screen beside that one; itself where it is alone."""
    return next((screen for screen in QGuiApplication.screens() if screen is not own), own)
