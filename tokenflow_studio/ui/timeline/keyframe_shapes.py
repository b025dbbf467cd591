"""How a keyframe's state looks in the lane: by its shape, and by its colour."""

import functools

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from tokenflow_studio.ui.state.marks import MarkState
from tokenflow_studio.ui.theme import theme

SIZE = 5.0  # logical pixels from the middle of a diamond to its corners
GROWTH = 1.5  # what the one under the playhead has more

_COLOURS = {
    MarkState.NONE: "text-dim",
    MarkState.PREVIEWED: "previewed",
    MarkState.APPROVED: "approved",
    MarkState.STALE: "stale",
}


def state_colour(state: MarkState) -> QColor:
    """The colour of that state."""
    return theme().colour(_COLOURS[state])


def paint_shape(painter: QPainter, state: MarkState, at: QPointF, current: bool = False) -> None:
    """A hollow diamond while it was not previewed, a full one once it was, a disc with a tick when
    it is approved, and a diamond of which only half is full when it is stale.
    """
    colour, size = state_colour(state), SIZE + (GROWTH if current else 0.0)
    outline = QPen(theme().colour("text-strong") if current else colour, 1.4)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(outline)
    if state is MarkState.APPROVED:
        _paint_disc(painter, colour, at, size + 0.5)
    else:
        painter.setBrush(colour if state is MarkState.PREVIEWED else theme().colour("lane"))
        painter.drawPolygon(diamond(size).translated(at))
        if state is MarkState.STALE:
            painter.setBrush(colour)
            painter.drawPolygon(_half_diamond(size).translated(at))
    painter.restore()


def _paint_disc(painter: QPainter, colour: QColor, at: QPointF, radius: float) -> None:
    painter.setBrush(colour)
    painter.drawEllipse(at, radius, radius)
    painter.setPen(QPen(theme().colour("edge"), 1.6))
    steps = ((-0.5, 0.02), (-0.12, 0.42), (0.52, -0.38))
    painter.drawPolyline(
        QPolygonF([QPointF(at.x() + dx * radius, at.y() + dy * radius) for dx, dy in steps])
    )


@functools.cache
def diamond(size: float) -> QPolygonF:
    """The corners around the origin."""
    corners = ((0, -size), (size, 0), (0, size), (-size, 0))
    return QPolygonF([QPointF(dx, dy) for dx, dy in corners])


@functools.cache
def _half_diamond(size: float) -> QPolygonF:
    return QPolygonF([QPointF(-size, 0), QPointF(size, 0), QPointF(0, size)])


def paint_underline(painter: QPainter, state: MarkState, picture: QRectF) -> None:
    """The state's colour along the lower edge of a picture."""
    edge = QRectF(picture.left(), picture.bottom() - 2, picture.width(), 2)
    painter.fillRect(edge, state_colour(state))
