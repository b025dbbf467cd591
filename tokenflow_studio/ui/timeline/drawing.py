"""All lanes as one picture, which stays while the playhead runs: a long clip has many keyframes."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPixmap

from tokenflow_studio.ui.state.marks import Mark
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.takes import TakeState
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.timeline.filmstrip import paint_filmstrip
from tokenflow_studio.ui.timeline.lanes import (
    Lanes,
    paint_bar,
    paint_keyframes,
    paint_outside,
)
from tokenflow_studio.ui.timeline.rows import RULER, Rows
from tokenflow_studio.ui.timeline.ruler import Numbering, paint_ruler

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import ClipInfo


class LanesDrawing:
    """Draws what the studio's models say; pictures that are not decoded yet are asked for."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def empty(self, size: QSize, ratio: float, rows: Rows, area: tuple[float, float]) -> QPixmap:
        """Without a clip. area: left edge and width of the lanes."""
        drawn = _blank(size, ratio)
        painter = QPainter(drawn)
        left, width = area
        painter.fillRect(QRectF(left, 0, width, RULER), theme().colour("track"))
        painter.fillRect(QRectF(left, RULER + 2, width, rows.lane - 2), theme().colour("lane"))
        painter.end()
        return drawn

    def lanes(
        self, size: QSize, ratio: float, lanes: Lanes, clip: "ClipInfo", numbers: Numbering
    ) -> QPixmap:
        """Every lane of the clip; size in logical pixels, ratio of device pixels to them."""
        drawn = _blank(size, ratio)
        in_out, rows = self._studio.session.in_out, lanes.rows
        assert in_out is not None
        painter = QPainter(drawn)
        painter.setClipRect(lanes.row(0, rows.height).adjusted(-1, 0, 1, 0))
        paint_ruler(painter, lanes, in_out, numbers)
        aspect = clip.width / clip.height
        pictured = self._edited if rows.film else _no_picture
        paint_keyframes(painter, lanes, self._studio.marks.all, pictured, aspect)
        if rows.film:
            paint_filmstrip(painter, lanes, aspect, self._frame)
        paint_bar(painter, lanes, rows.propagated_top, self._propagated())
        paint_bar(painter, lanes, rows.cached_top, self._in_memory(clip))
        paint_outside(painter, lanes, in_out)
        painter.end()
        return drawn

    def note(self, frame: int) -> str:
        """What is wrong with a frame, in a sentence, or ""."""
        clip, take = self._studio.session.clip, self._studio.takes.current
        layers = [take.frames] if take else []
        layers += [clip.spec] if clip else []
        for layer in layers:
            if sentence := self._studio.frames.unreadable(layer).get(frame):
                return sentence
        if clip is not None and frame in clip.missing:
            return f"Frame {frame} is missing: the one before stands in."
        if frame in self._failed():
            return f"Frame {frame} was not made: the take failed before."
        return ""

    def _propagated(self) -> list[tuple[frozenset[int], str]]:
        take = self._studio.takes.current
        done = self._studio.takes.finished_frames(take)
        return [(done, "propagated"), (self._failed(), "error")]

    def _failed(self) -> frozenset[int]:
        """Frames of the shown take that cannot be read, or that its failed job never made."""
        take = self._studio.takes.current
        if take is None:
            return frozenset()
        failed = frozenset(self._studio.frames.unreadable(take.frames))
        if take.state is TakeState.FAILED:
            wanted = take.request.frames or self._studio.session.span or ()
            failed |= frozenset(wanted) - self._studio.takes.finished_frames(take)
        return failed

    def _in_memory(self, clip: "ClipInfo") -> list[tuple[frozenset[int], str]]:
        frames = self._studio.frames
        faulty = frozenset(frames.unreadable(clip.spec)) | frozenset(clip.missing)
        return [(frames.cached(clip.spec), "cached"), (faulty, "error")]

    def _edited(self, mark: Mark) -> QImage | None:
        """The keyframe's edited picture; without one, the source's."""
        return self._picture(mark.folder, mark.frame) if mark.folder else self._frame(mark.frame)

    def _frame(self, frame: int) -> QImage | None:
        clip = self._studio.session.clip
        return self._picture(clip.spec, frame) if clip else None

    def _picture(self, layer: str, frame: int) -> QImage | None:
        return self._studio.frames.thumbnail(FrameKey(layer, frame))


def _no_picture(_mark: Mark) -> None:
    return None


def _blank(size: QSize, ratio: float) -> QPixmap:
    drawn = QPixmap(size * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(theme().colour("window"))
    return drawn
