"""Ratio masks: what another picture format would leave of the frame."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from tokenflow_studio.ui.state.viewing import MaskStyle
from tokenflow_studio.ui.theme import theme

_SHADES = {MaskStyle.LINES: 0, MaskStyle.HALF: 128, MaskStyle.FULL: 255}  # alpha outside


def masked_place(rect: QRectF, ratio: float) -> QRectF:
    """The largest part of the picture in `rect` of that width by height, in its middle."""
    width = min(rect.width(), rect.height() * ratio)
    height = min(rect.height(), rect.width() / ratio)
    place = QRectF(0, 0, width, height)
    place.moveCenter(rect.center())
    return place


def paint_mask(
    painter: QPainter, rect: QRectF, area: QRectF, ratio: float, style: MaskStyle
) -> None:
    """Shade what lies outside the ratio and draw its edge, in device pixels."""
    place = masked_place(rect, ratio)
    outside = QPainterPath()
    outside.addRect(rect)
    inside = QPainterPath()
    inside.addRect(place)
    shade = QColor(theme().colour("edge"))
    shade.setAlpha(_SHADES[style])
    line = QColor(theme().colour("playhead"))
    line.setAlpha(150)
    painter.save()
    painter.setClipRect(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillPath(outside.subtracted(inside), shade)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(line, max(1.0, painter.device().devicePixelRatioF())))
    painter.drawRect(place)
    painter.restore()
