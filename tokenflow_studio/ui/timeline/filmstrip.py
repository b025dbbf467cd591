"""The filmstrip: pictures of the source along the timeline."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.timeline.lanes import Lanes

_GAP = 1.0


class Tile(NamedTuple):
    """The place of one picture, and the frame that it shows: the one that its left edge is at."""

    frame: int
    place: QRectF


def tiles(lanes: Lanes, aspect: float) -> Iterator[Tile]:
    """The tiles in sight. aspect: width by height of the pictures.

    From tile to tile there are 1, 2, 3, 4, 6, 8, 12 … frames, counted from the clip's first: a zoom
    keeps many of the pictures that are there.
    """
    scale, height = lanes.scale, lanes.rows.film - 4
    width = height * aspect
    step, wider = 1, 2
    while step * scale.per_frame < width + _GAP:
        step, wider = wider, step * 2 if step > 1 else 3
    span, seen = scale.span, lanes.frames
    first = seen.start - (seen.start - span.first) % step
    for frame in range(first, seen.stop, step):
        end = min(scale.start(min(frame + step, span.last + 1)), lanes.right)
        left = scale.start(frame)
        room = min(width, end - left - _GAP)
        if room > 1:
            yield Tile(frame, QRectF(left, lanes.rows.film_top, room, height))


def paint_filmstrip(
    painter: QPainter, lanes: Lanes, aspect: float, picture: Callable[[int], QImage | None]
) -> None:
    """Every tile with its picture, as far as it is decoded; one that has too little room is cut."""
    painter.fillRect(lanes.row(lanes.rows.film_top, lanes.rows.film - 4), theme().colour("track"))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for frame, place in tiles(lanes, aspect):
        image = picture(frame)
        if image is None or image.isNull():
            continue
        shown = image.width() * place.width() / (place.height() * aspect)
        painter.drawImage(place, image, QRectF(0, 0, shown, image.height()))
    painter.restore()
