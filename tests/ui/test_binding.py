"""The Qt binding itself: some of its builds do not fit the Python they run in."""

import sys

from PySide6.QtCore import QObject, Signal


class _Sender(QObject):
    told = Signal(int)


def test_qt_calls_keep_none_and_true_alive() -> None:
    """PySide6 6.12.0 gives a reference to None or True away with each call, which ends a Python
    before 3.12 after some hundred calls: there the pin must be another version."""
    sender = _Sender()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(50):
        sender.setObjectName("a")
        sender.told.emit(1)
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert min(b - a for a, b in zip(before, after, strict=True)) > -25
