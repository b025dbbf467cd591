"""The window of preferences: pages at the left, the page at the right; it never waits."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QStackedWidget, QWidget

from tokenflow_studio.ui.preferences.folders import FoldersPage
from tokenflow_studio.ui.preferences.form import Page
from tokenflow_studio.ui.preferences.general import GeneralPage
from tokenflow_studio.ui.preferences.hosts import HostsPage
from tokenflow_studio.ui.preferences.shortcuts import ShortcutsPage
from tokenflow_studio.ui.state.shortcuts import Shortcuts
from tokenflow_studio.ui.state.studio import Studio


class Preferences(QDialog):
    """Not modal: work goes on beside it, and every change counts at once."""

    def __init__(self, studio: Studio, shortcuts: Shortcuts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        self.setWindowTitle("Preferences")
        self.setModal(False)
        self.resize(860, 620)
        self.general = GeneralPage(studio, self)
        self.folders = FoldersPage(studio, self)
        self.shortcuts = ShortcutsPage(shortcuts, self)
        self.hosts = HostsPage(studio, self)
        self.index = QListWidget(self)
        self.index.setObjectName("preferencesIndex")
        self.index.setAccessibleName("Pages")
        self.index.setFixedWidth(168)
        self.index.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget(self)
        for page in self.pages():
            self.index.addItem(page.title)
            self._stack.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.index)
        row.addWidget(self._stack, 1)
        self.index.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.index.setCurrentRow(0)
        studio.look_up_models()

    def pages(self) -> tuple[Page, ...]:
        """All pages in their order."""
        return self.general, self.folders, self.hosts, self.shortcuts

    def present(self, page: Page | None = None) -> None:
        """Show the window, with that page or the one shown last."""
        if page is not None:
            self.index.setCurrentRow(self.pages().index(page))
        self.show()
        self.raise_()
        self.activateWindow()
