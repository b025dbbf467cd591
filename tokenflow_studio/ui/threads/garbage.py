"""Garbage is collected by the window's thread alone.

Python collects reference cycles in whichever thread happens to allocate. A cycle may hold objects
of Qt's, and to delete those outside the thread that they live in brings the process down.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL = 500  # ms: to collect what was made meanwhile takes a few


def collect_here(parent: QObject) -> None:
    """Collect as often as Python would, but from the event loop of the calling thread.

    parent: for as long as it lives. No other thread collects from now on.
    """
    gc.disable()
    timer = QTimer(parent)
    timer.timeout.connect(_collect_due)
    timer.start(_INTERVAL)


def _collect_due() -> None:
    """The oldest generation that is due, if one is."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return
