"""Starting the window."""

import signal
import sys
from typing import TYPE_CHECKING

from tokenflow_studio.ui.crash import catch_exceptions, start_logging

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tokenflow_studio.ui.main_window import MainWindow


def run_window(clip: str | None = None) -> int:
    """Show the window, with a clip if one is named, until it is closed; returns the exit code."""
    app, _window = open_window(clip)
    return app.exec()


def open_window(clip: str | None = None) -> "tuple[QApplication, MainWindow]":
    """The application and its window, shown; whoever calls runs the event loop."""
    start_logging()
    # Imported after the crash log is there: Qt is the first thing that can bring the process down.
    from PySide6.QtCore import QObject, Signal
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from tokenflow_studio.ui.main_window import build_window

    class Mishaps(QObject):
        """Carries sentences from any thread to the window's. Signal: `happened(str)`."""

        happened = Signal(str)

    app = QApplication(sys.argv[:1])
    app.setApplicationName("TokenFlow Studio")
    QGuiApplication.setDesktopFileName("tokenflow-studio")
    window = build_window()
    mishaps = Mishaps(window)
    mishaps.happened.connect(window.side.report_mishap)
    catch_exceptions(mishaps.happened.emit)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in the terminal ends it
    window.show()
    if clip:
        window.studio.open(clip)
    return app, window
