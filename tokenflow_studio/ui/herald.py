"""Telling a user who works elsewhere that a job is over."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from tokenflow_studio.core.job import EventKind, JobEvent
from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.state.jobs import Jobs
from tokenflow_studio.ui.state.queue import QueueEntry

_SHOWN = 10_000  # ms that a message stays


class Herald(QObject):
    """While the window is not the active one: marks it in the task bar, and shows a message of the
    system's where there is a tray. A job that the user cancelled is no news."""

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        self._hiding = QTimer(self)
        self._hiding.setSingleShot(True)
        self._hiding.timeout.connect(self._hide)
        jobs.ended.connect(self._on_ended)

    @Slot(object, object)
    def _on_ended(self, entry: QueueEntry, event: JobEvent) -> None:
        if event.kind is EventKind.CANCELLED or self._window.isActiveWindow():
            return
        QApplication.alert(self._window)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._show(*message(entry, event, len(self._jobs.queue.waiting)))

    def _show(self, title: str, text: str) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(icon("logo", size=32), self)
            self._tray.messageClicked.connect(self._window.raise_)
            self._tray.messageClicked.connect(self._window.activateWindow)
        self._tray.show()  # most systems show messages of visible icons only
        self._tray.showMessage(title, text, self._tray.icon(), _SHOWN)
        self._hiding.start(_SHOWN)

    @Slot()
    def _hide(self) -> None:
        if self._tray is not None:
            self._tray.hide()


def message(entry: QueueEntry, event: JobEvent, waiting: int) -> tuple[str, str]:
    """Title and text about a job that is over while `waiting` others wait."""
    if event.kind is EventKind.FAILED:
        return f"{entry.title} failed", event.message
    rest = f" {waiting} more to do." if waiting else ""
    return f"{entry.title} is done", f"{entry.order.request.prompt}.{rest}"
