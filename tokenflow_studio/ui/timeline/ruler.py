"""The ruler: which frames it names, in numbers or timecode, and how it looks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.settings import RulerUnit
from tokenflow_studio.ui.state.playback import DEFAULT_RATE
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.timeline.lanes import Lanes
from tokenflow_studio.ui.timeline.rows import RULER
from tokenflow_studio.ui.timeline.scale import FrameScale
from tokenflow_studio.ui.viewer.overlay import timecode

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import ClipInfo

_TICK = 6.0  # logical pixels between ticks
_NUMBER, _CODE = 64.0, 104.0  # logical pixels that a label wants
_ROUND = tuple(step * 10**power for power in range(8) for step in (1, 2, 5))
_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18_000, 36_000)


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the ruler counts. offset: of frame 0 in that count; steps: between two labels, rising;
    room: logical pixels of a label; text: of a frame.
    """

    offset: int
    steps: tuple[int, ...]
    room: float
    text: Callable[[int], str]

    def step(self, scale: FrameScale, wanted: float) -> int:
        """The smallest step that is at least so many pixels wide."""
        wide = (step for step in self.steps if step * scale.per_frame >= wanted)
        return next(wide, self.steps[-1])


def numbering(clip: "ClipInfo", unit: RulerUnit) -> Numbering:
    """How the ruler names that clip's frames. A timecode is labelled at whole parts of seconds."""
    if unit is RulerUnit.FRAMES:
        return Numbering(0, _ROUND, _NUMBER, str)
    first, rate = clip.frames[0], clip.rate or DEFAULT_RATE
    base = max(1, round(rate))
    text = partial(timecode, first=first, rate=rate, start=clip.timecode)
    hours, minutes, seconds, frames = (int(part) for part in text(first).split(":"))
    offset = ((hours * 60 + minutes) * 60 + seconds) * base + frames - first
    parts = tuple(step for step in range(1, base) if base % step == 0)
    return Numbering(offset, (*parts, *(base * s for s in _SECONDS)), _CODE, text)


def paint_ruler(painter: QPainter, lanes: Lanes, in_out: FrameRange, numbers: Numbering) -> None:
    """Labels with ticks; the in/out range is lighter and has brackets at its ends."""
    scale = lanes.scale
    painter.fillRect(lanes.row(0, RULER), theme().colour("track"))
    first, last = scale.start(in_out.first), scale.start(in_out.last + 1)
    selected = QRectF(first, 0, last - first, RULER) & lanes.row(0, RULER)
    painter.fillRect(selected, theme().colour("range"))
    painter.setFont(theme().font("small"))
    labelled, ticked = numbers.step(scale, numbers.room), numbers.step(scale, _TICK)
    for frame in lanes.frames:
        count = frame + numbers.offset
        if count % ticked and count % labelled:
            continue
        x = round(scale.start(frame)) + 0.5
        major = count % labelled == 0
        painter.setPen(theme().colour("line-strong" if major else "line"))
        painter.drawLine(QPointF(x, RULER - (9 if major else 4)), QPointF(x, RULER))
        if major:
            painter.setPen(theme().colour("text-dim"))
            painter.drawText(QPointF(x + 4, 14), numbers.text(frame))
    painter.setPen(QPen(theme().colour("text-dim"), 1.5))
    for x, side in ((first, 1), (last, -1)):
        edge = QPolygonF([QPointF(x + 5 * side, 2), QPointF(x, 2), QPointF(x, RULER - 1)])
        painter.drawPolyline(edge.translated(0.5 * side, 0))
