"""The small print over the viewer: side, take and clip, frame and timecode."""

from fractions import Fraction

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from tokenflow_studio.ui.theme import theme

_MARGIN, _PADDING = 10.0, 7.0


def paint_tag(
    painter: QPainter, text: str, area: QRectF, corner: Qt.Corner | None, colour: str = "text"
) -> None:
    """Write a line into a corner of the area, or in the middle of its top, on a dark
    patch that any picture stays clear of.

    Sizes are logical pixels: the painter must not be scaled.
    """
    font = theme().font("small", QFont.Weight.Medium)
    metrics = QFontMetricsF(font)
    room = area.width() - 2 * (_MARGIN + _PADDING)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
    width = metrics.horizontalAdvance(text) + 2 * _PADDING
    height = metrics.height() + 6
    right = corner in (Qt.Corner.TopRightCorner, Qt.Corner.BottomRightCorner)
    low = corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner)
    left = area.right() - _MARGIN - width if right else area.left() + _MARGIN
    if corner is None:
        left = area.center().x() - width / 2
    top = area.bottom() - _MARGIN - height if low else area.top() + _MARGIN
    patch = QRectF(round(left), round(top), width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("overlay"))
    painter.drawRoundedRect(patch, 3, 3)
    painter.setFont(font)
    painter.setPen(theme().colour(colour))
    baseline = patch.top() + (patch.height() + metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(patch.left() + _PADDING, baseline), text)


def timecode(frame: int, first: int, rate: Fraction, start: str | None) -> str:
    """Non-drop timecode of a frame: from the clip's own start, or from zero."""
    base = max(1, round(rate))
    count = frame - first + _frames_of(start, base)
    seconds, rest = divmod(count, base)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{rest:02d}"


def _frames_of(text: str | None, base: int) -> int:
    try:
        hours, minutes, seconds, frames = (int(part) for part in (text or "").split(":"))
    except ValueError:
        return 0  # no timecode, or drop-frame, which counts in another way
    return ((hours * 60 + minutes) * 60 + seconds) * base + frames
