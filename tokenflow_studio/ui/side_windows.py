"""What the window opens beside itself: preferences, the list of shortcuts, the log."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMainWindow, QWidget
from shiboken6 import isValid

from tokenflow_studio.ui.actions import real_commands
from tokenflow_studio.ui.state.notices import Notice
from tokenflow_studio.ui.state.shortcuts import Shortcuts
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.viewer.viewer import Viewer

if TYPE_CHECKING:
    from tokenflow_studio.ui.panels.log_window import LogWindow
    from tokenflow_studio.ui.panels.models_window import ModelsWindow
    from tokenflow_studio.ui.panels.shortcut_overlay import ShortcutOverlay
    from tokenflow_studio.ui.preferences.dialog import Preferences
    from tokenflow_studio.ui.viewer.screen import ViewerScreen

_DIAGNOSTICS = "diagnostics"
_ESCAPE = "view.focus"


class SideWindows(QObject):
    """Makes each of them when it is first wanted, and gives the commands their keys.

    Their modules are imported then too: the window's start must not wait for them.
    """

    def __init__(self, studio: Studio, window: QMainWindow) -> None:
        super().__init__(window)
        self._studio = studio
        self._window = window
        self.shortcuts = Shortcuts(studio.settings, real_commands(), self)
        self.preferences: Preferences | None = None
        self.overlay: ShortcutOverlay | None = None
        self.log: LogWindow | None = None
        self.screen: ViewerScreen | None = None
        self.models: ModelsWindow | None = None
        self.errands = DiskThread(self)  # reads and counts files for these windows alone
        self.errands.done.connect(self._on_errand)
        self.errands.failed.connect(self._on_errand_failed)
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

    @Slot()
    def show_hosts(self) -> None:
        """Open the preferences where our scripts go into other programs."""
        preferences = self.preferences_window()
        preferences.present(preferences.hosts)

    def preferences_window(self) -> "Preferences":
        """The one window of preferences."""
        if self.preferences is None:
            from tokenflow_studio.ui.preferences.dialog import Preferences

            self.preferences = Preferences(self._studio, self.shortcuts, self._window)
        return self.preferences

    @Slot()
    def toggle_shortcuts(self) -> None:
        """Lay the list of shortcuts over the window, or put it away."""
        if self.overlay is None:
            from tokenflow_studio.ui.panels.shortcut_overlay import ShortcutOverlay

            self.overlay = ShortcutOverlay(self.shortcuts, self._window)
            self.overlay.closed.connect(self._return_focus)
        if not self.overlay.isVisible():
            self._before = self._window.focusWidget()
        self.overlay.toggle()

    @Slot()
    def toggle_screen(self) -> None:
        """Show the viewer on another screen, or take it away from there."""
        if self.screen is None:
            from tokenflow_studio.ui.viewer.screen import ViewerScreen

            studio = self._studio
            self.screen = ViewerScreen(studio.session, studio.display, studio.viewing, self._window)
        if self.screen.isVisible():
            self.screen.close()
        else:
            # Escape closes it there, in place of leading back to the viewer.
            self.screen.present(self._actions[name] for name in self._actions if name != _ESCAPE)

    @Slot()
    def show_models(self) -> None:
        """Open the window of models, or bring it to the front."""
        if self.models is None:
            from tokenflow_studio.ui.panels.models_window import ModelsWindow

            self.models = ModelsWindow(self._studio.models, self._window)
        self.models.show()
        self.models.raise_()
        self.models.activateWindow()

    @Slot()
    def show_log(self) -> None:
        """Open the logs, or bring them to the front."""
        if self.log is None:
            from tokenflow_studio.ui.panels.log_window import LogWindow

            self.log = LogWindow(self.errands, self._window)
            self.log.diagnostics_wanted.connect(self.copy_diagnostics)
        self.log.show()
        self.log.raise_()
        self.log.activateWindow()

    @Slot()
    def copy_diagnostics(self) -> None:
        """Put what a helper needs to know on the clipboard."""
        from tokenflow_studio.ui.diagnostics import diagnostics

        view, settings = self._studio.system.view, self._studio.settings.value
        self.errands.submit(_DIAGNOSTICS, partial(diagnostics, view, settings))

    @Slot(str)
    def report_mishap(self, sentence: str) -> None:
        """Tell of an error that nothing caught; the log has more."""
        self._studio.notices.show(Notice(sentence, action="help.log", label="Open log"))

    def close(self) -> None:
        """Close these windows and end their thread."""
        for window in (self.preferences, self.log, self.screen, self.models):
            if window is not None:
                window.close()
        self.errands.close()

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _DIAGNOSTICS:
            QGuiApplication.clipboard().setText(str(result))
            self._studio.notices.say("Diagnostics are on the clipboard.")

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == _DIAGNOSTICS:
            self._studio.refuse(sentence)

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
