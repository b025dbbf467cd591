"""The wipe's edge: a line across the picture at any angle, with a grip and a knob that turns it."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from tokenflow_studio.ui.theme import theme

_GRIP, _ARM, _KNOB = 11, 64, 5  # logical pixels: the grip's radius, the way to the knob, its radius
_REACH = 10  # around edge and knob, where they can be taken hold of
_SNAP, _EVEN = 4.0, 45.0  # degrees: so near to a multiple of this, the edge goes there


@dataclass(frozen=True, slots=True)
class WipeEdge:
    """point: of the edge; normal: of length 1, to the side that is shown second. Device pixels."""

    point: QPointF
    normal: QPointF

    @classmethod
    def of(cls, rect: QRectF, share: float, angle: float) -> "WipeEdge":
        """At a share of the picture's extent; 0 degrees is upright, 90 level. Even edges lie on
        whole pixels."""
        normal = _normal(angle)
        point = rect.center() + normal * ((share - 0.5) * _extent(rect, normal))
        if angle == 0:
            point.setX(round(point.x()))
        elif angle == 90:
            point.setY(round(point.y()))
        return cls(point, normal)

    def is_near(self, place: QPointF, ratio: float) -> bool:
        """Whether the edge can be taken hold of there."""
        return abs(_dot(place - self.point, self.normal)) <= _REACH * ratio

    def grip(self, seen: QRectF) -> QPointF:
        """Where the grip is: in the middle of the part that is seen."""
        first, last = self.ends(seen)
        return (first + last) / 2

    def knob(self, seen: QRectF, ratio: float) -> QPointF:
        """Where the edge is turned."""
        return self.grip(seen) + self._along * (_ARM * ratio)

    def is_on_knob(self, place: QPointF, seen: QRectF, ratio: float) -> bool:
        """Whether the edge can be turned there."""
        away = place - self.knob(seen, ratio)
        return math.hypot(away.x(), away.y()) <= _REACH * ratio

    def beyond(self, area: QRectF) -> QPainterPath:
        """The part of the area on the second side."""
        far = area.width() + area.height() + _length(area.center() - self.point)
        side, depth = self._along * far, self.normal * far
        corners = [self.point - side, self.point + side, self.point + side + depth,
                   self.point - side + depth]  # fmt: skip
        path = QPainterPath()
        path.addPolygon(QPolygonF([*corners, corners[0]]))
        return path

    def ends(self, seen: QRectF) -> tuple[QPointF, QPointF]:
        """Where the edge enters and leaves what is seen."""
        low, high = -math.inf, math.inf
        for start, step, least, most in (
            (self.point.x(), self._along.x(), seen.left(), seen.right()),
            (self.point.y(), self._along.y(), seen.top(), seen.bottom()),
        ):
            if abs(step) > 1e-9:
                near, far = sorted(((least - start) / step, (most - start) / step))
                low, high = max(low, near), min(high, far)
        return self.point + self._along * low, self.point + self._along * high

    @property
    def _along(self) -> QPointF:
        return QPointF(-self.normal.y(), self.normal.x())


def share_through(rect: QRectF, angle: float, place: QPointF) -> float:
    """Where an edge of that angle through the place lies, as a share of the picture's extent."""
    normal = _normal(angle)
    return _dot(place - rect.center(), normal) / max(_extent(rect, normal), 1.0) + 0.5


def angle_towards(grip: QPointF, place: QPointF) -> float:
    """The angle of an edge whose knob is drawn there: degrees, even ones when it is near them."""
    along = place - grip
    angle = math.degrees(math.atan2(-along.x(), along.y()))
    even = round(angle / _EVEN) * _EVEN
    return even if abs(angle - even) <= _SNAP else angle


def paint_wipe(painter: QPainter, edge: WipeEdge, seen: QRectF) -> None:
    """Draw the edge over the picture, the grip in its middle and the knob beside it."""
    ratio = painter.device().devicePixelRatioF()
    line = theme().colour("playhead")
    even = 0.0 in (edge.normal.x(), edge.normal.y())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not even)
    line.setAlpha(150)
    painter.setPen(QPen(line, max(1, round(ratio))))
    painter.drawLine(*edge.ends(seen))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("playhead"), 1.2 * ratio))
    painter.setBrush(theme().colour("overlay"))
    grip = edge.grip(seen)
    painter.drawEllipse(grip, _GRIP * ratio, _GRIP * ratio)
    painter.drawEllipse(edge.knob(seen, ratio), _KNOB * ratio, _KNOB * ratio)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("playhead"))
    rise = QPointF(-edge.normal.y(), edge.normal.x()) * (3.4 * ratio)
    for side in (-ratio, ratio):
        tip, base = grip + edge.normal * (7 * side), grip + edge.normal * (3 * side)
        painter.drawPolygon(QPolygonF([tip, base + rise, base - rise]))


def _normal(angle: float) -> QPointF:
    if angle in (0.0, 90.0):
        return QPointF(1, 0) if angle == 0 else QPointF(0, 1)
    return QPointF(math.cos(math.radians(angle)), math.sin(math.radians(angle)))


def _extent(rect: QRectF, normal: QPointF) -> float:
    return rect.width() * abs(normal.x()) + rect.height() * abs(normal.y())


def _dot(one: QPointF, other: QPointF) -> float:
    return QPointF.dotProduct(one, other)


def _length(way: QPointF) -> float:
    return math.hypot(way.x(), way.y())
