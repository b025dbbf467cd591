"""Image sequences and stills as a row of frames."""

import bisect
import os
import stat
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.image_headers import ImageHeader
from tokenflow_studio.media.images import read_header, read_plate
from tokenflow_studio.media.patterns import Pattern, describe_gaps
from tokenflow_studio.media.plates import Plate, Wanted, stand_in
from tokenflow_studio.media.timecode import timecode_after

MISSING = ("stop", "hold", "black")
_MOST_FRAMES = 100_000
_PROBES = 4  # headers read when a sequence is opened; each frame's own is checked when read


class Sequence:
    """Frames that are one file each; `files` gives the path of every frame number."""

    def __init__(self, pattern: Pattern, wanted: Wanted, missing: str = "stop") -> None:
        """Look the files up. Raises BadInput for none, for empty files, mixed sizes and gaps.

        missing: "hold" or "black" in place of raising for gaps.
        """
        self.pattern = pattern
        self._wanted = wanted
        self._black = missing == "black"
        self._present, self.frames = _found(pattern, missing == "stop")
        self.missing = tuple(sorted({*self.frames} - {*self._present}))
        present = self._present
        self.header = read_header(self.file(present[0]), wanted)
        step = max(1, len(present) // _PROBES)
        for frame in (*present[step::step], present[-1]):
            header = read_header(self.file(frame), wanted)
            self._check_size(frame, header.width, header.height)

    def file(self, frame: int) -> Path:
        """The file of one frame; for a missing one, of that which stands in."""
        place = bisect.bisect_right(self._present, frame)
        return self.pattern.path(self._present[max(0, place - 1)])

    def plate(self, frame: int) -> Plate:
        """The frame as stored. Raises BadInput for a damaged or differently sized one."""
        plate = read_plate(self.file(frame), self._wanted)
        self._check_size(frame, plate.display.width, plate.display.height)
        if frame in self.missing:
            return stand_in(plate, self._timecode(frame), self._black)
        return plate

    def _timecode(self, frame: int) -> str | None:
        first, rate = self.header.timecode, self.header.rate
        if first is None or rate is None:
            return None
        return timecode_after(first, frame - self._present[0], rate)

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
        self.missing: tuple[int, ...] = ()
        self.header: ImageHeader = read_header(path, wanted)

    def file(self, frame: int) -> Path:
        """The file itself."""
        return self.path

    def plate(self, frame: int) -> Plate:
        """The frame as stored. Raises BadInput for a damaged file."""
        return read_plate(self.path, self._wanted)

    def close(self) -> None:
        """Nothing stays open."""


def _found(pattern: Pattern, whole: bool) -> tuple[list[int], range]:
    """The frames on disk, none of them empty, and the range that they stand for.

    whole: raise BadInput where the range has gaps.
    """
    found = pattern.found()
    if not found:
        raise BadInput(f"No file matches {pattern}: check the path and the frame numbers.")
    numbers = list(found)
    wanted = pattern.frames
    first, last = (wanted.first, wanted.last) if wanted else (numbers[0], numbers[-1])
    gaps = describe_gaps(numbers, first, last) if whole else ""
    if gaps:
        raise BadInput(
            f"In {pattern}, {gaps} missing: render them, choose another range, or have missing "
            "frames held or black."
        )
    if last - first >= _MOST_FRAMES:
        raise BadInput(f"{pattern} would have {last - first + 1} frames: choose a range.")
    for entry in found.values():
        _check_entry(entry)
    return numbers, range(first, last + 1)


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
