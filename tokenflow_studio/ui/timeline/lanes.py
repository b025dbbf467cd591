"""Painting the timeline's lanes: keyframes, propagated and cached frames, playhead."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.ui.state.marks import Mark, MarkState
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.timeline.keyframe_shapes import (
    GROWTH,
    SIZE,
    diamond,
    paint_shape,
    paint_underline,
)
from tokenflow_studio.ui.timeline.rows import BAR, RULER, Rows
from tokenflow_studio.ui.timeline.scale import FrameScale

_DENSEST = 3.0  # logical pixels between keyframes; closer ones would only be a smear
_THUMBNAIL = 36.0
_OPACITY = {
    MarkState.NONE: 0.35,
    MarkState.PREVIEWED: 1.0,
    MarkState.APPROVED: 1.0,
    MarkState.STALE: 0.45,
}


@dataclass(frozen=True, slots=True)
class Lanes:
    """The geometry of one paint: the frame scale, the pixels between which lanes run, and their
    heights."""

    scale: FrameScale
    left: float
    right: float
    rows: Rows

    @property
    def frames(self) -> range:
        """The frames in sight."""
        return self.scale.seen(self.left, self.right)

    def row(self, top: float, height: float) -> QRectF:
        """A strip across all frames."""
        return QRectF(self.left, top, self.right - self.left, height)

    def fill(
        self, painter: QPainter, frames: frozenset[int], top: float, height: float, colour: str
    ) -> None:
        """A colour over the cells of those frames."""
        fill = theme().colour(colour)
        for run in _runs(frame for frame in self.frames if frame in frames):
            left, right = self.scale.start(run.first), self.scale.start(run.last + 1)
            # A single frame of a long clip must not vanish.
            painter.fillRect(QRectF(left, top, max(right - left, 1.0), height), fill)


def paint_keyframes(
    painter: QPainter,
    lanes: Lanes,
    marks: Iterable[Mark],
    thumbnail: Callable[[Mark], QImage | None],
    aspect: float,
) -> None:
    """A mark for each keyframe, and under it, where there is room, its picture: the edited one,
    or the source's, dimmed, while it was not previewed. `aspect` is the pictures' width by height.
    """
    top = RULER + 2
    painter.fillRect(lanes.row(top, lanes.rows.lane - 2), theme().colour("lane"))
    used = lanes.left
    drawn = -math.inf
    middle = top + 10
    size = QSizeF(_THUMBNAIL * aspect, _THUMBNAIL)
    for mark in marks:
        x = lanes.scale.centre(mark.frame)
        if not lanes.left - size.width() <= x <= lanes.right + size.width():
            continue
        left = min(max(x - size.width() / 2, used), lanes.right - size.width())
        # Further aside it would stand under another keyframe's mark.
        if abs(left + size.width() / 2 - x) <= size.width() / 2 and left >= used:
            used = left + size.width() + 2
            image = thumbnail(mark)
            if image is not None:
                rect = QRectF(QPointF(round(left), middle + 10), size)
                _paint_thumbnail(painter, image, rect, _OPACITY[mark.state])
                if mark.folder:
                    paint_underline(painter, mark.state, rect)
        if x - drawn >= _DENSEST:
            drawn = x
            paint_shape(painter, mark.state, QPointF(x, middle))


def paint_current(painter: QPainter, lanes: Lanes, mark: Mark) -> None:
    """The mark of the keyframe that the playhead stands on, larger than the others."""
    at = QPointF(lanes.scale.centre(mark.frame), RULER + 12)
    if lanes.left <= at.x() <= lanes.right:
        paint_shape(painter, mark.state, at, current=True)


def paint_bar(
    painter: QPainter, lanes: Lanes, top: float, fills: Sequence[tuple[frozenset[int], str]]
) -> None:
    """A bar with the colour of each set over its frames; failed ones are higher, too."""
    painter.fillRect(lanes.row(top, BAR - 4), theme().colour("track"))
    for frames, colour in fills:
        height = BAR - 2 if colour == "error" else BAR - 4
        lanes.fill(painter, frames, top, height, colour)


def paint_outside(painter: QPainter, lanes: Lanes, in_out: FrameRange) -> None:
    """Dim the lanes where no edit will be made."""
    shade = QColor(theme().colour("window"))
    shade.setAlpha(170)
    whole = lanes.row(RULER, lanes.rows.height - RULER)
    first, last = lanes.scale.start(in_out.first), lanes.scale.start(in_out.last + 1)
    painter.fillRect(QRectF(whole.left(), whole.top(), first - whole.left(), whole.height()), shade)
    painter.fillRect(QRectF(last, whole.top(), whole.right() - last, whole.height()), shade)


def paint_playhead(painter: QPainter, lanes: Lanes, frame: int, text: str) -> None:
    """The frame's cell, its line through all lanes and its name on the ruler."""
    x = lanes.scale.start(frame)
    colour = theme().colour("playhead")
    cell = QColor(colour)
    cell.setAlpha(26)
    painter.fillRect(QRectF(x, RULER, lanes.scale.per_frame, lanes.rows.height - RULER), cell)
    middle = round(lanes.scale.centre(frame)) + 0.5
    painter.setPen(colour)
    painter.drawLine(QPointF(middle, RULER - 4), QPointF(middle, lanes.rows.height))
    font = theme().font("small", QFont.Weight.DemiBold)
    painter.setFont(font)
    width = max(22.0, painter.fontMetrics().horizontalAdvance(text) + 10.0)
    left = min(max(middle - width / 2, lanes.left), lanes.right - width)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(left, 3, width, RULER - 7), 2, 2)
    painter.setPen(theme().colour("edge"))
    painter.drawText(QRectF(left, 3, width, RULER - 7), Qt.AlignmentFlag.AlignCenter, text)


def paint_ghost(painter: QPainter, lanes: Lanes, frame: int) -> None:
    """Where a keyframe that is being dragged would come to lie."""
    at = QPointF(lanes.scale.centre(frame), RULER + 12)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("text-strong"), 1.4, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(at.x(), RULER), QPointF(at.x(), RULER + lanes.rows.lane))
    painter.setPen(QPen(theme().colour("text-strong"), 1.4))
    painter.setBrush(theme().colour("accent"))
    painter.drawPolygon(diamond(SIZE + GROWTH).translated(at))


def _paint_thumbnail(painter: QPainter, image: QImage, rect: QRectF, opacity: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(opacity)
    painter.drawImage(rect, image)
    painter.setOpacity(1.0)


def _runs(frames: Iterable[int]) -> list[FrameRange]:
    """Rising numbers as ranges without gaps."""
    runs: list[FrameRange] = []
    for frame in frames:
        if runs and frame == runs[-1].last + 1:
            runs[-1] = FrameRange(runs[-1].first, frame)
        else:
            runs.append(FrameRange(frame, frame))
    return runs
