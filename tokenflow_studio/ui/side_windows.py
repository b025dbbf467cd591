"""What the window opens beside itself: preferences, the list of shortcuts, the log."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QWidget
from shiboken6 import isValid

from tokenflow_studio.ui.actions import real_commands
from tokenflow_studio.ui.panels.shortcut_overlay import ShortcutOverlay
from tokenflow_studio.ui.preferences.dialog import Preferences
from tokenflow_studio.ui.state.shortcuts import Shortcuts
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.viewer.viewer import Viewer


class SideWindows(QObject):
    """Makes each of them when it is first wanted, and gives the commands their keys."""

    def __init__(self, studio: Studio, window: QMainWindow) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self.shortcuts = Shortcuts(studio.settings, real_commands(), self)
        self.preferences: Preferences | None = None
        self.overlay: ShortcutOverlay | None = None
        self._before: QWidget | None = None
        self._actions: Mapping[str, QAction] = {}
        self._viewer: Viewer | None = None

    def give_keys(self, actions: Mapping[str, QAction], viewer: Viewer) -> None:
        """Let these commands follow the shortcuts from now on."""
        self._actions, self._viewer = actions, viewer
        self.shortcuts.changed.connect(self._apply_keys)
        self._apply_keys()

    @Slot()
    def show_preferences(self) -> None:
        """Open the preferences, or bring them to the front."""
        self.preferences_window().present()

    def preferences_window(self) -> Preferences:
        """The one window of preferences."""
        if self.preferences is None:
            self.preferences = Preferences(self._studio, self.shortcuts, self._window)
        return self.preferences

    @Slot()
    def toggle_shortcuts(self) -> None:
        """Lay the list of shortcuts over the window, or put it away."""
        if self.overlay is None:
            self.overlay = ShortcutOverlay(self.shortcuts, self._window)
            self.overlay.closed.connect(self._return_focus)
        if not self.overlay.isVisible():
            self._before = self._window.focusWidget()
        self.overlay.toggle()

    @Slot()
    def _return_focus(self) -> None:
        if self._before is not None and isValid(self._before):
            self._before.setFocus()

    @Slot()
    def _apply_keys(self) -> None:
        for name, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in self.shortcuts.keys(name)])
        if self._viewer is not None:
            held = (command for command in self.shortcuts.commands if command.held)
            self._viewer.set_held_keys(
                [QKeySequence(key) for one in held for key in self.shortcuts.keys(one.id)]
            )
