"""What the viewer writes over the pictures: which side and take, where, and which values."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from tokenflow_studio.ui.state.display import Display, Picture
from tokenflow_studio.ui.state.playback import DEFAULT_RATE
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.viewing import Viewing
from tokenflow_studio.ui.viewer.composition import areas
from tokenflow_studio.ui.viewer.overlay import paint_tag, timecode

_LEFT, _RIGHT = Qt.Corner.TopLeftCorner, Qt.Corner.TopRightCorner
_Tag = tuple[QRectF, str, Qt.Corner, str]  # area, text, corner, colour


def paint_names(
    painter: QPainter, session: Session, viewing: Viewing, display: Display, whole: QRectF
) -> None:
    """Name each side in its corner."""
    for tag in _tags(session, viewing, display, whole):
        area, text, corner, colour = tag
        paint_tag(painter, text, area, corner, colour)


def _tags(session: Session, viewing: Viewing, display: Display, whole: QRectF) -> list[_Tag]:
    edit, missing = display.edit, display.edit_missing
    under = display.source.label if display.source else "A · Source"
    source = under, "text-dim"
    edited = (missing, "text-dim") if edit is None else (edit.label, "text-strong")
    first, second = (edited, source) if viewing.swapped else (source, edited)
    match session.compare:
        case Compare.SOURCE:
            return [(whole, source[0], _LEFT, source[1])]
        case Compare.EDIT if edit is None:
            return [(whole, f"{under} · {missing.lower()}", _LEFT, "text-dim")]
        case Compare.EDIT:
            return [(whole, edited[0], _LEFT, edited[1])]
        case Compare.SIDE_BY_SIDE:
            left, right = areas(Compare.SIDE_BY_SIDE, whole)
            return [(left, first[0], _LEFT, first[1]), (right, second[0], _LEFT, second[1])]
        case Compare.WIPE if edit is None:
            return [(whole, f"{under} · {missing.lower()}", _LEFT, "text-dim")]
        case Compare.WIPE:
            under = f"↓ {second[0]}" if viewing.level_wipe else second[0]
            return [(whole, first[0], _LEFT, first[1]), (whole, under, _RIGHT, second[1])]
        case Compare.DIFFERENCE:
            gain = f" × {viewing.gain}" if viewing.gain > 1 else ""
            text = f"Difference{gain}: {under} and {edited[0]}"
            return [(whole, text, _LEFT, edited[1])]
        case Compare.ONION:
            share = f"{session.blend * 100:.0f} % of {edited[0]} over {under}"
            return [(whole, missing if edit is None else share, _LEFT, edited[1])]


def paint_place(painter: QPainter, session: Session, whole: QRectF) -> None:
    """Clip, frame and timecode, at the bottom."""
    clip = session.clip
    if clip is None:
        return
    frame = session.playhead
    code = timecode(frame, clip.frames[0], clip.rate or DEFAULT_RATE, clip.timecode)
    low = Qt.Corner.BottomLeftCorner
    paint_tag(painter, f"{clip.name}   {frame}   {code}", whole, low, "text-dim")


def probe_text(
    point: QPointF, rect: QRectF, sides: tuple[Picture | None, Picture | None], display: Display
) -> str:
    """The values of both sides under a point of the viewer; empty beside the picture.

    The numbers are those of the pictures themselves, whatever exposure, gamma and view are shown,
    and only of pictures that belong to this very frame: 0 to 255, of scene-referred footage the
    light that it holds.
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
        light = None if side is None else display.light_at(side, x, y)
        if light is None:
            colour = image.pixelColor(x, y)
            values = f"{colour.red()} {colour.green()} {colour.blue()}"
        else:
            values = "  ".join(f"{value:.4g}" for value in light) or "…"
        parts.append(f"{name} {values}")
    return "   ".join(parts)
