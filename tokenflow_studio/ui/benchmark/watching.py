"""Watching an event loop from inside: waiting in it, its longest gaps, when a widget painted."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

_BEAT = 4  # ms between two beats of an idle loop


def wait(seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
    """Let the window work until `until` holds; False when `seconds` went by before."""
    loop, end = QEventLoop(), time.perf_counter() + seconds
    timer = QTimer(interval=5)

    def look() -> None:
        if until() or time.perf_counter() >= end:
            loop.quit()

    timer.timeout.connect(look)
    timer.start()
    loop.exec()
    return until()


class Heartbeat(QObject):
    """Beats as often as the loop lets it. `gaps` are the seconds between two beats, `work` the
    processor's seconds that this thread took meanwhile: a gap without work is the machine's."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.gaps: list[float] = []
        self.work: list[float] = []
        self._last = (0.0, 0.0)
        self._timer = QTimer(self, interval=_BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin anew."""
        self.gaps, self.work = [], []
        self._last = (time.perf_counter(), time.thread_time())
        self._timer.start()

    def stop(self) -> None:
        """Keep what was measured."""
        self._timer.stop()

    @Slot()
    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.gaps.append(now[0] - self._last[0])
        self.work.append(now[1] - self._last[1])
        self._last = now


class PaintWatch(QObject):
    """Calls `painted` from the loop after each paint of a widget."""

    def __init__(self, widget: QWidget, painted: Callable[[], None]) -> None:
        super().__init__(widget)
        self._painted = painted
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._painted)
        return False
