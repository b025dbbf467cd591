"""Starting the window."""

import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from tokenflow_studio.ui.crash import catch_exceptions, start_logging

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tokenflow_studio.ui.doorbell import Call
    from tokenflow_studio.ui.main_window import MainWindow


def run_window(clip: str | None = None, *, alone: bool = False) -> int:
    """Show the window, with a clip if one is named, until it is closed; returns the exit code.

    A window that runs already gets the clip and comes to the front, and this process ends; alone:
    open another window whatever runs.
    """
    from tokenflow_studio.ui.doorbell import Call, Doorbell

    door = Doorbell()
    if not door.claim() and not alone and door.ring(Call.of(clip)):
        return 0
    app, window = open_window(clip)
    door.listen(partial(_answer, window))
    code = app.exec()
    door.close()
    return code


def open_window(clip: str | None = None) -> "tuple[QApplication, MainWindow]":
    """The application and its window, shown; whoever calls runs the event loop."""
    start_logging()
    # Imported after the crash log is there: Qt is the first thing that can bring the process down.
    from PySide6.QtCore import QObject, Signal
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from tokenflow_studio.ui.main_window import build_window
    from tokenflow_studio.ui.threads.garbage import collect_here

    class Mishaps(QObject):
        """Carries sentences from any thread to the window's. Signal: `happened(str)`."""

        happened = Signal(str)

    app = QApplication(sys.argv[:1])
    app.setApplicationName("TokenFlow Studio")
    QGuiApplication.setDesktopFileName("tokenflow-studio")
    collect_here(app)
    window = build_window()
    mishaps = Mishaps(window)
    mishaps.happened.connect(window.side.report_mishap)
    catch_exceptions(mishaps.happened.emit)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends it
    window.show()
    if clip:
        window.studio.open(clip)
    return app, window


def _answer(window: "MainWindow", call: "Call") -> bool:
    """Open what a later start was asked to open; a window that closes takes nothing more."""
    if not window.isVisible():
        return False
    if call.token:
        os.environ["XDG_ACTIVATION_TOKEN"] = call.token  # Qt takes it from there, and forgets it
    window.come_to_front()
    if call.path:
        window.studio.open(call.path)
    return True
