"""What the viewer writes over the pictures: which side and take, where, and which values."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tokenflow_studio.ui.state.display import Display, Picture
from tokenflow_studio.ui.state.playback import DEFAULT_RATE
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.viewer.composition import areas
from tokenflow_studio.ui.viewer.overlay import paint_tag, timecode

_SAFE = (0.93, 0.90)  # action and title, SMPTE ST 2046-1
_LEFT, _RIGHT = Qt.Corner.TopLeftCorner, Qt.Corner.TopRightCorner


def paint_names(painter: QPainter, session: Session, display: Display, whole: QRectF) -> None:
    """Name each side in its corner."""
    edit, missing = display.edit, display.edit_missing
    under = display.source.label if display.source else "A · Source"
    source = under, _LEFT, "text-dim"
    edited = (missing, "text-dim") if edit is None else (edit.label, "text-strong")
    match session.compare:
        case Compare.SOURCE:
            tags = [(whole, *source)]
        case Compare.EDIT if edit is None:
            tags = [(whole, f"{under} · {missing.lower()}", _LEFT, "text-dim")]
        case Compare.EDIT:
            tags = [(whole, edited[0], _LEFT, edited[1])]
        case Compare.SIDE_BY_SIDE:
            halves = areas(Compare.SIDE_BY_SIDE, whole)
            tags = [(halves[0], *source), (halves[1], edited[0], _LEFT, edited[1])]
        case Compare.WIPE:
            tags = [(whole, *source), (whole, edited[0], _RIGHT, edited[1])]
        case Compare.DIFFERENCE:
            tags = [(whole, f"Difference: {under} and {edited[0]}", _LEFT, edited[1])]
        case Compare.ONION:
            share = f"{session.blend * 100:.0f} % of {edited[0]} over {under}"
            tags = [(whole, missing if edit is None else share, _LEFT, edited[1])]
    for area, text, corner, colour in tags:
        paint_tag(painter, text, area, corner, colour)


def paint_place(painter: QPainter, session: Session, whole: QRectF) -> None:
    """Clip, frame and timecode, at the bottom."""
    clip = session.clip
    if clip is None:
        return
    frame = session.playhead
    code = timecode(frame, clip.frames[0], clip.rate or DEFAULT_RATE, clip.timecode)
    low = Qt.Corner.BottomLeftCorner
    paint_tag(painter, f"{clip.name}   {frame}   {code}", whole, low, "text-dim")


def paint_safe_areas(painter: QPainter, rect: QRectF, area: QRectF) -> None:
    """Action and title safe areas of the picture in `rect`, in device pixels."""
    painter.save()
    painter.setClipRect(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    ratio = painter.device().devicePixelRatioF()
    for share in _SAFE:
        dx, dy = rect.width() * (1 - share) / 2, rect.height() * (1 - share) / 2
        place = rect.adjusted(dx, dy, -dx, -dy)
        # Dark and light beside each other show on any picture.
        for shift, name, alpha in ((1, "edge", 130), (0, "playhead", 170)):
            colour = QColor(theme().colour(name))
            colour.setAlpha(alpha)
            painter.setPen(QPen(colour, max(1.0, ratio)))
            painter.drawRect(place.translated(shift * ratio, shift * ratio))
    painter.restore()


def probe_text(point: QPointF, rect: QRectF, sides: tuple[Picture | None, Picture | None]) -> str:
    """The display values of both sides under a point of the viewer; empty beside the picture.

    The numbers are those of the pictures themselves, whatever exposure and gamma are shown, and
    only of pictures that belong to this very frame.
    """
    if not rect.contains(point) or rect.isEmpty():
        return ""
    across = (point.x() - rect.left()) / rect.width()
    down = (point.y() - rect.top()) / rect.height()
    parts: list[str] = []
    for name, side in zip(("source", "edit"), sides, strict=True):
        image = None if side is None or side.held else side.image
        if image is None:
            continue
        x = min(int(across * image.width()), image.width() - 1)
        y = min(int(down * image.height()), image.height() - 1)
        if not parts:
            parts.append(f"{x}, {y}")
        red, green, blue, _ = image.pixelColor(x, y).getRgb()  # pyright: ignore[reportGeneralTypeIssues]
        parts.append(f"{name} {red} {green} {blue}")
    return "   ".join(parts)
