"""A clip as plates: what the model sees of it, and how its frames are finished."""

import dataclasses
from dataclasses import dataclass
from fractions import Fraction

from tokenflow_studio.core.finishing import AlphaMode, Return
from tokenflow_studio.core.job import JobKind, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.jobs.keys import VERSION, content_key, key_of
from tokenflow_studio.jobs.selection import delivered_frames
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.colour.model_encoding import ModelEncoding, shot_encoding
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.plates import Plate
from tokenflow_studio.media.requested import wanted_of
from tokenflow_studio.post.framing import Framing, Size
from tokenflow_studio.post.plate.finish import Finisher
from tokenflow_studio.post.plate.grain import grain_level
from tokenflow_studio.post.plate.mattes import check_matte, matte_files
from tokenflow_studio.post.plate.returns import Manner
from tokenflow_studio.post.plate.windows import clip_window
from tokenflow_studio.post.plate.writing import Rendition, is_as_shown

DEFAULT_RATE = Fraction(24)
"""For sequences whose files and user say nothing."""


@dataclass(frozen=True, slots=True)
class Shot:
    """The frames of one job.

    edited: file numbers that the model edits, ascending; delivered: those of the take, more where
    the plate fills the rest. kept: suffix of the plates that the take keeps, "" for none;
    keeps_codes: whether it keeps its frames' codes in their place, because its pictures do not hold
    them. read: how its files are read, for the report.
    """

    request: EditRequest
    kind: JobKind
    clip: Clip
    edited: tuple[int, ...]
    delivered: tuple[int, ...]
    encoding: ModelEncoding
    finisher: Finisher
    kept: str
    keeps_codes: bool
    read: dict[str, object]
    notices: tuple[str, ...]

    @property
    def rate(self) -> Fraction:
        """Frames per second."""
        return self.request.rate or self.clip.info.rate or DEFAULT_RATE

    @property
    def rendition(self) -> Rendition:
        """How its frames become files."""
        return Rendition(self.clip, self.delivered, self.rate, self.request.view, self.recipe)

    @property
    def recipe(self) -> str:
        """What its files say of how they were made; a preview's say nothing, since keyframes of
        several recipes may lie side by side in it."""
        return "" if self.kind is JobKind.KEYFRAMES else self.request.recipe

    def frame_keys(self) -> tuple[str, ...]:
        """What each edited frame's proxy depends on: content, place in the file, way to it."""
        movie = self.clip.info.kind == "movie"
        finisher, wanted = self.finisher, wanted_of(self.request)
        way = (finisher.framing, finisher.window, self.encoding, wanted)
        return tuple(
            key_of(
                VERSION,
                content_key(self.clip.source_file(frame)),
                frame if movie else 0,
                [dataclasses.astuple(part) for part in way],
                *self._standing_in(frame),
            )
            for frame in self.edited
        )

    def rest_keys(self) -> tuple[str, ...]:
        """What the take depends on beside the edit: its matte, and plates that are not edited."""
        edited = frozenset(self.edited)
        rest = [content_key(self.clip.source_file(n)) for n in self.delivered if n not in edited]
        mattes = matte_files(self.request.where)
        held = [(number, content_key(path)) for number, path in sorted(mattes.items())]
        return tuple(key_of(part) for part in (held, rest) if part)

    def _standing_in(self, frame: int) -> tuple[str, ...]:
        """Of a missing frame, what takes its place: black is no file's content."""
        return (self.request.missing,) if frame in self.clip.info.missing else ()

    def proxy(self, frame: int) -> Image:
        """What the model sees of a frame (h, w, 3), 0 to 1, without padding."""
        return self.finisher.proxy(self.clip.read_plate(frame))

    def settings(self) -> dict[str, object]:
        """How its plates are read and finished, for the report."""
        manner, seen = self.finisher.manner, self.finisher.window
        return self.read | {
            "frames": [self.edited[0], self.edited[-1], len(self.edited)],
            "working_size": list(self.finisher.framing.picture),
            "window": [seen.x, seen.y, seen.width, seen.height],
            "return": manner.returns,
            "detail": "auto" if manner.detail is None else manner.detail,
            "grain": round(manner.grain, 5),
            "encoding": dataclasses.asdict(self.encoding),
        }


def open_shot(
    order: JobOrder,
    clip: Clip,
    edited: tuple[int, ...],
    native: Size,
    multiple: int,
) -> Shot:
    """Fix the window, the framing and the manner of return for a whole shot.

    native: size in pixels that the model likes; multiple: of pixels that its sides must be.
    Nothing here depends on which frames are edited, so previews and takes finish alike.
    """
    request, info = order.request, clip.info
    middle = clip.read_plate(info.frames[len(info.frames) // 2])
    check_matte(request.where, edited, middle)
    window = clip_window(clip, wanted_of(request), middle.display)
    size = (window.width, window.height)
    framing = Framing.fit(size, native, multiple, request.size, middle.pixel_aspect)
    encoding = shot_encoding(clip)
    manner = Manner(_return(request, encoding.scene_referred), request.detail, 0.0)
    finisher = Finisher(window, framing, encoding, manner)
    manner = dataclasses.replace(manner, grain=grain_level(finisher.code(middle)))
    kept = _kept(order, clip, middle)
    return Shot(
        request=request,
        kind=order.kind,
        clip=clip,
        edited=edited,
        delivered=delivered_frames(order, info, edited),
        encoding=encoding,
        finisher=dataclasses.replace(finisher, manner=manner),
        kept=kept,
        keeps_codes=order.kind is JobKind.EDIT and not kept and not is_as_shown(middle, clip),
        read=_read(clip, middle),
        notices=(*_colour_notice(clip), *_notices(middle)),
    )


def _return(request: EditRequest, scene_referred: bool) -> Return:
    return request.returns or (Return.HYBRID if scene_referred else Return.RESTYLE)


def _read(clip: Clip, plate: Plate) -> dict[str, object]:
    """What was chosen or guessed of the files; the names of the main layer and view are empty."""
    space, alpha = clip.info.space, "none"
    if plate.alpha is not None:
        alpha = AlphaMode.PREMULTIPLIED if plate.premultiplied else AlphaMode.STRAIGHT
    return {
        "colour": space.name,
        "colour_by": space.reason,
        "alpha": alpha,
        "layer": plate.layer,
        "stereo_view": plate.view,
        "not_edited": list(plate.unedited),
    }


def _kept(order: JobOrder, clip: Clip, plate: Plate) -> str:
    """Takes of image files keep the same kind of files; previews are only looked at."""
    suffixes = plate.stored.suffixes
    if order.kind is JobKind.KEYFRAMES or clip.info.kind == "movie" or not suffixes:
        return ""
    return suffixes[0]


def _colour_notice(clip: Clip) -> tuple[str, ...]:
    """Scene-referred footage in a wrong space gives wrong light, so a guess is said."""
    space = clip.info.space
    if not (space.is_guess and clip.info.is_scene_linear):
        return ()
    return (
        f"{clip.info.name} is taken as {space.name}, by {space.reason}: "
        "name another one with --colour.",
    )


def _notices(plate: Plate) -> tuple[str, ...]:
    if not plate.unedited:
        return ()
    return (f"Not edited, passed through as they are: {', '.join(plate.unedited)}.",)
