"""Playing: the playhead runs at the clip's own rate, in the range, looping."""

import time
from fractions import Fraction

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from tokenflow_studio.ui.state.session import Session

_SPEEDS = (1, 2, 4, 8)
DEFAULT_RATE = Fraction(24)


class Playback(QObject):
    """Moves the session's playhead in time. `speed_changed(int)`: 0 is paused, -1 is reverse.

    Late frames are skipped rather than slowed down: the rate stays true.
    """

    speed_changed = Signal(int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._speed = 0
        self._origin = (0.0, 0)  # when and on which frame the present run began
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        session.clip_changed.connect(self.pause)

    @property
    def speed(self) -> int:
        """Multiples of the clip's rate; negative runs backwards."""
        return self._speed

    @property
    def rate(self) -> Fraction:
        """The clip's frames per second."""
        clip = self._session.clip
        return DEFAULT_RATE if clip is None or clip.rate is None else clip.rate

    @Slot()
    def toggle(self) -> None:
        """Play, or pause."""
        self.set_speed(0 if self._speed else 1)

    @Slot()
    def pause(self) -> None:
        """Stop on the present frame."""
        self.set_speed(0)

    @Slot()
    def faster_forward(self) -> None:
        """L: play, then twice as fast with each press."""
        self._shuttle(1)

    @Slot()
    def faster_backward(self) -> None:
        """J: play in reverse, then twice as fast with each press."""
        self._shuttle(-1)

    def set_speed(self, speed: int) -> None:
        """Run at that multiple of the rate."""
        if self._session.clip is None:
            speed = 0
        if speed == self._speed:
            return
        self._speed = speed
        if speed:
            self._begin()
            self._timer.start(max(1, int(1000 / float(self.rate * min(abs(speed), 2)))))
        else:
            self._timer.stop()
        self.speed_changed.emit(speed)

    def _shuttle(self, direction: int) -> None:
        if self._speed * direction <= 0:
            self.set_speed(direction)
            return
        place = _SPEEDS.index(abs(self._speed))
        self.set_speed(direction * _SPEEDS[min(place + 1, len(_SPEEDS) - 1)])

    def _begin(self) -> None:
        frames = self._session.in_out
        if frames is not None and self._session.playhead not in frames:
            self._session.set_playhead(frames.first)
        self._origin = (time.perf_counter(), self._session.playhead)

    @Slot()
    def _tick(self) -> None:
        frames = self._session.in_out
        if frames is None:
            self.pause()
            return
        began, first = self._origin
        passed = int((time.perf_counter() - began) * float(self.rate)) * self._speed
        frame = frames.first + (first - frames.first + passed) % len(frames)
        self._session.set_playhead(frame)
