"""Playing: the playhead runs at the clip's own rate, in the range, looping."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from tokenflow_studio.ui.state.session import Session

_SPEEDS = (1, 2, 4, 8)
_MEASURED = 0.5  # seconds over which the real rate is measured
DEFAULT_RATE = Fraction(24)


@dataclass(frozen=True, slots=True)
class Pace:
    """rate: frames per second whose pictures were up in time; dropped: the others, in this run."""

    rate: float
    dropped: int


class Playback(QObject):
    """Moves the session's playhead in time. `speed_changed(int)`: 0 is paused, -1 is reverse;
    `looping_changed(bool)`; `paced(Pace)` about twice a second while it runs at its own rate.

    Late frames are skipped rather than slowed down: the rate stays true.
    """

    speed_changed = Signal(int)
    looping_changed = Signal(bool)
    paced = Signal(object)

    def __init__(
        self, session: Session, is_complete: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._is_complete = is_complete  # whether the playhead's pictures are up
        self._speed = 0
        self._looping = True
        self._passed = 0  # frames of the clip's time since the run began
        self._shown = 0  # how many of them were shown since the last measure
        self._dropped = 0
        self._measured = 0.0
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
    def looping(self) -> bool:
        """Whether it begins again at the range's end."""
        return self._looping

    @Slot()
    def toggle_looping(self) -> None:
        """Begin again at the end, or stop there."""
        self._looping = not self._looping
        self._begin()  # the laps so far are no reason to stop
        self.looping_changed.emit(self._looping)

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
            # Twice as often as frames change: a timer of the same rate would now and then miss one.
            self._timer.start(max(1, int(500 / float(self.rate * min(abs(speed), 2)))))
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
        if frames is not None and self._speed:
            start, end = (frames.first, frames.last)[:: 1 if self._speed > 0 else -1]
            playhead = self._session.playhead
            if playhead not in frames or (playhead == end and not self._looping):
                self._session.set_playhead(start)
        self._origin = (time.perf_counter(), self._session.playhead)
        self._passed = self._shown = self._dropped = 0
        self._measured = self._origin[0]

    @Slot()
    def _tick(self) -> None:
        frames = self._session.in_out
        if frames is None:
            self.pause()
            return
        now = time.perf_counter()
        began, first = self._origin
        passed = int((now - began) * float(self.rate))
        if passed == self._passed:
            return
        seen = int(self._is_complete())
        self._shown += seen
        self._dropped += passed - self._passed - seen
        self._passed = passed
        place = first - frames.first + passed * self._speed
        if not self._looping and not 0 <= place < len(frames):
            self._session.set_playhead(frames.last if self._speed > 0 else frames.first)
            self.pause()
            return
        self._session.set_playhead(frames.first + place % len(frames))
        if now - self._measured >= _MEASURED:
            self._tell_pace(now)

    def _tell_pace(self, now: float) -> None:
        if abs(self._speed) == 1:  # a shuttle skips on purpose
            self.paced.emit(Pace(self._shown / (now - self._measured), self._dropped))
        self._shown, self._measured = 0, now
