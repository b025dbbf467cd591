"""A clip: any movie, image sequence or still as numbered frames, the same way for all."""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.colour import config as colours
from tokenflow_studio.media.colour.config import BUILT_IN, config_name
from tokenflow_studio.media.colour.guesses import InputSpace, input_space
from tokenflow_studio.media.curves import Image, Losses
from tokenflow_studio.media.image_headers import ImageHeader
from tokenflow_studio.media.images import seen
from tokenflow_studio.media.movie_forms import MovieTraits
from tokenflow_studio.media.movies import Movie
from tokenflow_studio.media.patterns import (
    Pattern,
    describe_gaps,
    folder_pattern,
    still_number,
)
from tokenflow_studio.media.plates import Plate, Wanted
from tokenflow_studio.media.sequences import MISSING, Sequence, Still
from tokenflow_studio.media.signatures import IMAGES, recognise
from tokenflow_studio.media.timecode import timecode_after

_MAIN = Wanted()
_CUSTOM = InputSpace("sRGB - Display", "the custom for images", is_guess=True)


@dataclass(frozen=True, slots=True)
class ClipInfo:
    """What a clip is.

    spec: absolute path or pattern; a folder becomes the pattern of its sequence; name: fit for a
    file name; kind: "movie", "sequence" or "still"; frames: file numbers without gaps, movies
    count from 0; width, height: pixels of the upright frame (EXR: the display window); rate:
    frames per second, None where nothing says it; is_scene_linear: stored as light, or as camera
    log, which `read` shows as light; timecode: of the first frame; space: the colour space, and
    config: whose name it is; missing: frames that are not on disk, for which others stand in.
    """

    spec: str
    name: str
    kind: str
    frames: range
    width: int
    height: int
    rate: Fraction | None
    pixel_aspect: float
    is_scene_linear: bool
    timecode: str | None
    space: InputSpace = _CUSTOM
    config: str = BUILT_IN
    missing: tuple[int, ...] = ()

    def timecode_at(self, frame: int) -> str | None:
        """The timecode of one frame, counted on from the first; None where nothing tells it."""
        if self.timecode is None or self.rate is None:
            return None
        return timecode_after(self.timecode, frame - self.frames[0], self.rate)


class _Source(Protocol):
    frames: range
    missing: tuple[int, ...]

    def plate(self, frame: int) -> Plate: ...
    def file(self, frame: int) -> Path: ...
    def close(self) -> None: ...


class Clip:
    """Open footage; a context manager. Reading is safe from several threads, one at a time."""

    def __init__(self, info: ClipInfo, source: _Source) -> None:
        self.info = info
        self._source = source
        self._lock = threading.Lock()
        self._losses: dict[int, Losses] = {}
        self._closed = False

    def read(self, frame: int) -> Image:
        """The frame as the model sees it: (H, W, 3) float32 RGB, sRGB-encoded, 0..1.

        Light above 1.0 is clipped, NaN and infinity become 0; `notices` tells. Raises
        BadInput for a number outside the clip and for a damaged frame, ValueError once closed.
        """
        plate = self.read_plate(frame)
        image, losses = seen(plate, self.info.space.name, self.info.config)
        if losses.clipped or losses.broken:
            self._losses[frame] = losses
        return image

    def look(self, frame: int) -> Image:
        """The same, quickly: of a movie only near enough for the eye. Raises as `read` does."""
        if isinstance(self._source, Movie) and not self.info.is_scene_linear:
            with self._reading(frame):
                return self._source.look(frame)
        return self.read(frame)

    def read_plate(self, frame: int) -> Plate:
        """The frame as stored, with all that is needed to write it again. Raises as `read` does."""
        with self._reading(frame):
            return self._source.plate(frame)

    @contextlib.contextmanager
    def _reading(self, frame: int) -> Iterator[None]:
        frames = self.info.frames
        if frame not in frames:
            raise BadInput(
                f"{self.info.spec} has no frame {frame}: it runs from {frames[0]} to {frames[-1]}."
            )
        with self._lock:
            if self._closed:
                raise ValueError(f"{self.info.spec} is closed")
            yield

    def source_file(self, frame: int) -> Path:
        """The file that the frame lies in."""
        return self._source.file(frame)

    @property
    def movie(self) -> MovieTraits | None:
        """What a movie made from this one keeps of it; None for images."""
        return self._source.traits if isinstance(self._source, Movie) else None

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know about the clip and the frames read so far, as sentences."""
        clipped = {frame: loss for frame, loss in self._losses.items() if loss.clipped}
        broken = {frame: loss for frame, loss in self._losses.items() if loss.broken}
        sentences = []
        if self.info.missing:
            first, last = self.info.frames[0], self.info.frames[-1]
            present = sorted({*self.info.frames} - {*self.info.missing})
            gaps = describe_gaps(present, first, last)
            sentences.append(f"In {self.info.name}, {gaps} missing: others stand in.")
        if clipped:
            peak = max(loss.peak for loss in clipped.values())
            sentences.append(
                f"{_count(clipped, self.info.name)} light above 1.0 (up to {peak:.4g}): "
                "the model sees it as white."
            )
        if broken:
            sentences.append(
                f"{_count(broken, self.info.name)} NaN or infinite pixels: "
                "the model sees them as black."
            )
        return tuple(sentences)

    def close(self) -> None:
        """Give files back, once a read in another thread has ended; may be called again."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_clip(
    spec: str,
    *,
    rate: Fraction | None = None,
    wanted: Wanted = _MAIN,
    colour: str | None = None,
    missing: str = "stop",
) -> Clip:
    """Open a movie, a pattern (`plate.####.exr`, `%04d`, `[1001-1048]`), a still or a folder.

    rate: frames per second, in place of what the footage says; wanted: the layer and view that
    are edited; colour: the colour space, in place of what the footage says; missing: what stands
    in for frames that are not on disk: "hold" the one before, "black", or none, "stop". Raises
    BadInput, in one sentence with file, frame and remedy, for whatever cannot be used.
    """
    if not spec.strip() or "\0" in spec:
        raise BadInput("The clip has no name: give a movie, a pattern, an image or a folder.")
    if missing not in MISSING:
        raise BadInput(f"'{missing}' is no way to treat missing frames: stop, hold or black.")
    path = Path(os.path.abspath(Path(spec).expanduser()))  # noqa: PTH100 - keeps links as given
    if os.path.isdir(path):  # noqa: PTH112 - False, not an error, for a name that is too long
        pattern = folder_pattern(path)
    else:
        pattern = None if os.path.lexists(path) else Pattern.parse(str(path))
    if pattern is not None:
        source = Sequence(pattern, wanted, missing)
        info = _info(str(pattern), pattern.name, "sequence", source, source.header, colour)
    elif recognise(path) in IMAGES:
        source = Still(path, still_number(path), wanted)
        info = _info(str(path), path.stem, "still", source, source.header, colour)
    else:
        source = Movie(path, wanted)
        info = _info(str(path), path.stem, "movie", source, source.header, colour)
    return Clip(replace(info, rate=rate or info.rate), source)


def _info(
    spec: str, name: str, kind: str, source: _Source, header: ImageHeader, colour: str | None
) -> ClipInfo:
    config = config_name()
    try:
        space = input_space(colour, source.file(source.frames[0]), header.colour, config)
        is_display = colours.is_display(space.name, config)
    except BaseException:
        source.close()
        raise
    return ClipInfo(
        spec=spec,
        name=name,
        kind=kind,
        frames=source.frames,
        width=header.width,
        height=header.height,
        rate=header.rate,
        pixel_aspect=header.pixel_aspect,
        is_scene_linear=not is_display,
        timecode=header.timecode,
        space=space,
        config=config,
        missing=source.missing,
    )


def _count(frames: dict[int, Losses], name: str) -> str:
    return (
        f"1 frame of {name} holds" if len(frames) == 1 else f"{len(frames)} frames of {name} hold"
    )
