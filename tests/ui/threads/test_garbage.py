"""Reference cycles with objects of Qt's in them."""

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tokenflow_studio.ui.threads.garbage import collect_here


class Knot(QObject):
    """Holds itself, so that only the collector can delete it."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def test_only_the_thread_of_the_window_collects(qtbot: QtBot) -> None:
    deleted_in: list[int] = []
    gc.enable()  # as in a program that has just begun
    loop = QObject()
    collect_here(loop)
    for _ in range(2_000):  # more than Python waits for
        weakref.finalize(Knot(), lambda: deleted_in.append(threading.get_ident()))

    busy = threading.Thread(target=lambda: [[] for _ in range(200_000)])
    busy.start()
    busy.join()
    assert not deleted_in

    qtbot.waitUntil(lambda: len(deleted_in) == 2_000)
    assert set(deleted_in) == {threading.get_ident()}
