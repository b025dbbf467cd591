"""Painting the two sides beside, over and against each other."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from tokenflow_studio.ui.state.display import Picture
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.theme import theme

_CRISP_FROM = 4.0  # from this zoom on, pixels are shown as squares
_GAP = 2  # device pixels between the halves


def areas(mode: Compare, area: QRectF) -> list[QRectF]:
    """The parts of the viewer that hold a picture each."""
    if mode is not Compare.SIDE_BY_SIDE:
        return [area]
    half = (area.width() - _GAP) / 2
    return [
        QRectF(area.left(), area.top(), half, area.height()),
        QRectF(area.right() - half, area.top(), half, area.height()),
    ]


def paint_picture(painter: QPainter, image: QImage, rect: QRectF, clip: QRectF) -> None:
    """Draw one image into `rect`, cut to `clip`."""
    painter.save()
    painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
    crisp = rect.width() >= image.width() * _CRISP_FROM
    exact = rect.width() == image.width() and rect.height() == image.height()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not (crisp or exact))
    painter.drawImage(rect, image)
    painter.restore()


def paint_comparison(
    painter: QPainter,
    mode: Compare,
    sides: tuple[QImage | None, QImage | None],
    placed: list[tuple[QRectF, QRectF]],
    share: float,
) -> None:
    """Draw source and edit; `placed` has the picture's rectangle and the area for each part, and
    `share` is where the wipe's edge stands, or how much of the edit the onion view shows.

    Where the edit is missing, the source stands alone, so that the user never looks at nothing.
    """
    source, edit = sides
    rect, area = placed[0]
    match mode:
        case Compare.SIDE_BY_SIDE:
            for image, (place, part) in zip((source, edit), placed, strict=True):
                if image is not None:
                    paint_picture(painter, image, place, part)
        case Compare.EDIT:
            if (image := edit or source) is not None:
                paint_picture(painter, image, rect, area)
        case _ if source is not None:
            paint_picture(painter, source, rect, area)
            if edit is not None and mode is Compare.WIPE:
                edge = round(rect.left() + rect.width() * share)
                right = QRectF(QPointF(edge, area.top()), area.bottomRight())
                paint_picture(painter, edit, rect, right & area)
            if edit is not None and mode is Compare.DIFFERENCE:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
                paint_picture(painter, edit, rect, area)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            if edit is not None and mode is Compare.ONION:
                painter.setOpacity(share)
                paint_picture(painter, edit, rect, area)
                painter.setOpacity(1.0)


def paint_wipe_handle(painter: QPainter, rect: QRectF, area: QRectF, wipe: float) -> None:
    """Draw the wipe's edge over the picture, and a grip in its middle."""
    ratio = painter.device().devicePixelRatioF()
    edge = round(rect.left() + rect.width() * wipe)
    seen = rect & area
    line = theme().colour("playhead")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    line.setAlpha(150)
    painter.setPen(QPen(line, max(1, round(ratio))))
    painter.drawLine(QPointF(edge, seen.top()), QPointF(edge, seen.bottom()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(edge, seen.center().y())
    painter.setPen(QPen(theme().colour("playhead"), 1.2 * ratio))
    painter.setBrush(theme().colour("overlay"))
    painter.drawEllipse(middle, 11 * ratio, 11 * ratio)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("playhead"))
    for side in (-1, 1):
        tip = middle + QPointF(side * 7 * ratio, 0)
        base = middle + QPointF(side * 3 * ratio, 0)
        rise = QPointF(0, 3.4 * ratio)
        painter.drawPolygon(QPolygonF([tip, base + rise, base - rise]))


def picture_size(sides: tuple[Picture | None, Picture | None]) -> QSizeF:
    """The size that both sides are shown at: the source's own."""
    for side in sides:
        if side is not None and side.image is not None:
            return QSizeF(side.image.size())
    return QSizeF()


def fit_size(place: QRectF, picture: QSizeF) -> QSize:
    """The size to have pictures ready in; empty where they are shown as large as they are, or
    larger: then only a part of them is looked at, and painting costs little."""
    return place.size().toSize() if place.width() < picture.width() else QSize()
