"""Lines over the picture: safe areas, its centre, its thirds. All in device pixels."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tokenflow_studio.ui.state.viewing import Guide
from tokenflow_studio.ui.theme import theme

_SAFE = (0.93, 0.90)  # action and title, SMPTE ST 2046-1
_CROSS = 0.04  # length of the centre's arms, as a share of the picture's height


def paint_guides(painter: QPainter, rect: QRectF, area: QRectF, guides: frozenset[Guide]) -> None:
    """Draw those guides over the picture in `rect`, cut to `area`."""
    painter.save()
    painter.setClipRect(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    ratio = painter.device().devicePixelRatioF()
    # Dark and light beside each other show on any picture.
    for shift, name, alpha in ((1, "edge", 130), (0, "playhead", 170)):
        colour = QColor(theme().colour(name))
        colour.setAlpha(alpha)
        painter.setPen(QPen(colour, max(1.0, ratio)))
        moved = rect.translated(shift * ratio, shift * ratio)
        if Guide.SAFE in guides:
            painter.drawRects([_safe(moved, share) for share in _SAFE])
        if Guide.CENTRE in guides:
            painter.drawLines(_cross(moved))
        if Guide.THIRDS in guides:
            painter.drawLines(_thirds(moved))
    painter.restore()


def _safe(rect: QRectF, share: float) -> QRectF:
    dx, dy = rect.width() * (1 - share) / 2, rect.height() * (1 - share) / 2
    return rect.adjusted(dx, dy, -dx, -dy)


def _cross(rect: QRectF) -> list[QLineF]:
    middle, arm = rect.center(), rect.height() * _CROSS
    across, down = QPointF(arm, 0), QPointF(0, arm)
    return [QLineF(middle - across, middle + across), QLineF(middle - down, middle + down)]


def _thirds(rect: QRectF) -> list[QLineF]:
    lines = []
    for share in (1 / 3, 2 / 3):
        x, y = rect.left() + rect.width() * share, rect.top() + rect.height() * share
        lines.append(QLineF(x, rect.top(), x, rect.bottom()))
        lines.append(QLineF(rect.left(), y, rect.right(), y))
    return lines
