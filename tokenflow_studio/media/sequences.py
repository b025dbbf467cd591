"""Image sequences and stills as a row of frames."""

import os
import stat
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.curves import Image, Losses
from tokenflow_studio.media.image_headers import ImageHeader
from tokenflow_studio.media.images import read_header, read_plate, seen
from tokenflow_studio.media.patterns import Pattern, describe_gaps
from tokenflow_studio.media.plates import Plate, Wanted

_PROBES = 16  # headers read when a sequence is opened; each frame's own is checked when read


class Sequence:
    """Frames that are one file each; `files` gives the path of every frame number."""

    def __init__(self, pattern: Pattern, wanted: Wanted) -> None:
        """Look the files up. Raises BadInput for none, for gaps, empty files and mixed sizes."""
        self.pattern = pattern
        self._wanted = wanted
        self.frames = _complete(pattern)
        self.header = read_header(self.file(self.frames[0]), wanted)
        step = max(1, len(self.frames) // _PROBES)
        for frame in (*self.frames[step::step], self.frames[-1]):
            header = read_header(self.file(frame), wanted)
            self._check_size(frame, header.width, header.height)

    def file(self, frame: int) -> Path:
        """The file of one frame."""
        return self.pattern.path(frame)

    def read(self, frame: int) -> tuple[Image, Losses]:
        """(H, W, 3) sRGB 0..1. Raises BadInput for a damaged or differently sized frame."""
        return seen(self.plate(frame), self.header.is_scene_linear)

    def plate(self, frame: int) -> Plate:
        """The frame as stored. Raises BadInput as `read` does."""
        plate = read_plate(self.file(frame), self._wanted)
        self._check_size(frame, plate.display.width, plate.display.height)
        return plate

    def close(self) -> None:
        """Nothing stays open between frames."""

    def _check_size(self, frame: int, width: int, height: int) -> None:
        first = self.header
        if (width, height) != (first.width, first.height):
            raise BadInput(
                f"Frame {frame} of {self.pattern} is {width}x{height}, the first one "
                f"{first.width}x{first.height}: give frames of one size."
            )


class Still:
    """One image as a clip of one frame."""

    def __init__(self, path: Path, number: int, wanted: Wanted) -> None:
        self.path = path
        self._wanted = wanted
        self.frames = range(number, number + 1)
        self.header: ImageHeader = read_header(path, wanted)

    def file(self, frame: int) -> Path:
        """The file itself."""
        return self.path

    def read(self, frame: int) -> tuple[Image, Losses]:
        """(H, W, 3) sRGB 0..1. Raises BadInput for a damaged file."""
        return seen(self.plate(frame), self.header.is_scene_linear)

    def plate(self, frame: int) -> Plate:
        """The frame as stored. Raises BadInput for a damaged file."""
        return read_plate(self.path, self._wanted)

    def close(self) -> None:
        """Nothing stays open."""


def _complete(pattern: Pattern) -> range:
    """The frame numbers of a sequence without gaps and without empty files."""
    found = pattern.found()
    if not found:
        raise BadInput(f"No file matches {pattern}: check the path and the frame numbers.")
    numbers = list(found)
    wanted = pattern.frames
    first, last = (wanted.first, wanted.last) if wanted else (numbers[0], numbers[-1])
    gaps = describe_gaps(numbers, first, last)
    if gaps:
        raise BadInput(f"In {pattern}, {gaps} missing: render them, or choose another range.")
    for entry in found.values():
        _check_entry(entry)
    return range(first, last + 1)


def _check_entry(entry: os.DirEntry[str]) -> None:
    """Every file is looked at when the clip is opened, but none is read: 10,000 stay quick."""
    try:
        status = entry.stat()
    except OSError as error:
        raise BadInput(f"{entry.path} cannot be opened ({error.strerror}): check it.") from error
    if not stat.S_ISREG(status.st_mode):
        raise BadInput(f"{entry.path} is no regular file: give image files.")
    if status.st_size == 0:
        raise BadInput(f"{entry.path} is an empty file: copy or render it again.")
