"""Painting the two sides beside, over and against each other."""

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter

from tokenflow_studio.ui.state.display import Picture
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.viewing import Viewing
from tokenflow_studio.ui.viewer.difference import Differences
from tokenflow_studio.ui.viewer.wipe import WipeEdge

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
    session: Session,
    viewing: Viewing,
    sides: tuple[QImage | None, QImage | None],
    placed: list[tuple[QRectF, QRectF]],
    differences: Differences,
) -> None:
    """Draw source and edit; `placed` has the picture's rectangle and the area for each part.

    Where the edit is missing, the source stands alone, so that the user never looks at nothing.
    """
    source, edit = sides
    rect, area = placed[0]
    match session.compare:
        case Compare.SIDE_BY_SIDE:
            shown = (edit, source) if viewing.swapped else (source, edit)
            for image, (place, part) in zip(shown, placed, strict=True):
                if image is not None:
                    paint_picture(painter, image, place, part)
        case Compare.EDIT:
            if (image := edit or source) is not None:
                paint_picture(painter, image, rect, area)
        case Compare.DIFFERENCE if source is not None and edit is not None:
            made = differences.between(source, edit, viewing.gain)
            paint_picture(painter, made, rect, area)
        case Compare.WIPE if source is not None and edit is not None:
            first, second = (edit, source) if viewing.swapped else (source, edit)
            paint_picture(painter, first, rect, area)
            painter.save()
            edge = WipeEdge.of(rect, session.wipe, viewing.wipe_angle)
            painter.setClipPath(edge.beyond(area))
            paint_picture(painter, second, rect, area)
            painter.restore()
        case mode if source is not None:
            paint_picture(painter, source, rect, area)
            if edit is not None and mode is Compare.ONION:
                painter.setOpacity(session.blend)
                paint_picture(painter, edit, rect, area)
                painter.setOpacity(1.0)


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
