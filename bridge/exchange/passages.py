"""How frames come into a package: copied, moved, written as another kind, or referred to."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bridge.exchange.manifest import Footage
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing, writing_error
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.converted import Converted, write_converted
from tokenflow_studio.media.patterns import Pattern

CUT_IN = 1001
"""The number of the cut's first frame where a package gives numbers: movies have none."""

CLIPPED = "values outside 0 to 1"

Told = Callable[[int, int], None]
"""Takes how many frames are done, and of how many. What it raises ends the work."""


def silent(done: int, total: int) -> None:
    """Tells nobody."""


class Passage(StrEnum):
    """How the frames come into the package."""

    COPY = "copy"
    MOVE = "move"  # of files that the host rendered for this package alone
    REFERENCE = "reference"  # they stay where they are, and are only read


@dataclass(frozen=True, slots=True)
class Brought:
    """Frames in a package, by the numbers that they have there.

    lost: what the kind of file there cannot hold.
    """

    footage: Footage
    lost: tuple[str, ...] = ()


def numbered(frames: FrameRange, cut: FrameRange) -> FrameRange:
    """Numbers for frames of a movie: the cut begins at 1001, its head handles lie below."""
    head = cut.first - frames.first
    first = max(CUT_IN, head + 1) - head  # file numbers below 1 confuse hosts
    return FrameRange(first, first + len(frames) - 1)


def brought(
    clip: Clip, frames: FrameRange, stem: Path, passage: Passage, told: Told = silent
) -> Brought:
    """The clip's own files where the package names them; their numbers stay."""
    first = clip.source_file(frames.first)
    if passage is Passage.REFERENCE:
        return Brought(Footage(media=clip.info.spec, frames=frames, host_first=frames.first))
    if clip.info.kind == "movie":
        target = stem.with_name(stem.name + first.suffix.lower())
        _bring(first, target, passage)
        return Brought(_footage(target, stem, frames))
    pattern = _pattern(stem, first.suffix.lower())
    for done, frame in enumerate(frames, 1):
        _bring(clip.source_file(frame), pattern.path(frame), passage)
        told(done, len(frames))
    return Brought(_footage(Path(str(pattern)), stem, frames))


def written(
    clip: Clip,
    frames: FrameRange,
    stem: Path,
    as_: Converted,
    numbers: FrameRange,
    told: Told = silent,
) -> Brought:
    """The clip's frames as files of another kind, by these numbers."""
    pattern = _pattern(stem, f".{as_.form}")
    cut = False
    for done, (frame, number) in enumerate(zip(frames, numbers, strict=True), 1):
        cut |= write_converted(pattern.path(number), clip, frame, as_)
        told(done, len(frames))
    lost = (*as_.lost, CLIPPED) if cut else as_.lost
    return Brought(_footage(Path(str(pattern)), stem, numbers), lost)


def _pattern(stem: Path, suffix: str) -> Pattern:
    return Pattern(stem.parent, stem.name + ".", 4, suffix)


def _footage(media: Path, stem: Path, frames: FrameRange) -> Footage:
    name = media.relative_to(stem.parent.parent).as_posix()
    return Footage(media=name, frames=frames, host_first=frames.first)


def _bring(source: Path, target: Path, passage: Passage) -> None:
    if passage is Passage.MOVE:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, target)
        except OSError as error:
            raise writing_error(target, error) from error
        return
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)


def check_form(form: str, passage: Passage) -> None:
    """Raise BadInput where files shall become another kind and stay what they are."""
    if form and passage is not Passage.COPY:
        raise BadInput(
            f"Frames are written as {form.upper()} when they are copied: "
            "leave out --reference and --move."
        )
