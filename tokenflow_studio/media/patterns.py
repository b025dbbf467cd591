"""Names of image sequences: one pattern for all frames, in any spelling of its number."""

import itertools
import os
import re
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.signatures import IMAGE_SUFFIXES

_PLACE = re.compile(r"(?P<hashes>#+)|%(?:0(?P<width>\d+))?d|\[(?P<first>\d+)-(?P<last>\d+)\]")
_NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>\d+)(?P<suffix>\.[A-Za-z0-9]+)")


@dataclass(frozen=True, slots=True)
class Pattern:
    """All files `prefix` + number + `suffix` of a folder, the number padded to `padding` digits.

    frames: the numbers that the name itself allows, None for all that exist.
    """

    folder: Path
    prefix: str
    padding: int
    suffix: str
    frames: FrameRange | None = None

    @classmethod
    def parse(cls, spec: str) -> "Pattern | None":
        """Read `plate.####.exr`, `plate.%04d.exr` or `plate.[1001-1048].exr`; None if it is none.

        The last place in the file name counts; everything else in it is taken literally.
        """
        path = Path(os.path.abspath(spec))  # noqa: PTH100 - resolve() would follow links
        places = list(_PLACE.finditer(path.name))
        if not places:
            return None
        place = places[-1]
        frames = None
        padding = len(place["hashes"] or "") or int(place["width"] or 1)
        if place["first"]:
            frames = FrameRange.parse(f"{int(place['first'])}-{int(place['last'])}")
            padding = len(place["first"])
        prefix, suffix = path.name[: place.start()], path.name[place.end() :]
        return cls(path.parent, prefix, padding, suffix, frames)

    def __str__(self) -> str:
        place = "#" * self.padding
        if self.frames is not None:
            place = f"[{self.frames.first:0{self.padding}}-{self.frames.last:0{self.padding}}]"
        return str(self.folder / f"{self.prefix}{place}{self.suffix}")

    @property
    def name(self) -> str:
        """What the sequence is called: the text before the number, else its folder's name."""
        return self.prefix.rstrip("._- ") or self.folder.name or "sequence"

    def path(self, frame: int) -> Path:
        """The file of one frame."""
        return self.folder / f"{self.prefix}{frame:0{self.padding}d}{self.suffix}"

    def found(self) -> dict[int, os.DirEntry[str]]:
        """The frames on disk that belong to the pattern, in rising order."""
        number = re.compile(rf"{re.escape(self.prefix)}(\d+){re.escape(self.suffix)}", re.DOTALL)
        frames = {}
        for entry in entries(self.folder):
            match = number.fullmatch(entry.name)
            if match is None or not self._fits(match[1]):
                continue
            if self.frames is None or int(match[1]) in self.frames:
                frames[int(match[1])] = entry
        return dict(sorted(frames.items()))

    def _fits(self, digits: str) -> bool:
        """Whether this is how the pattern writes the number: no shorter, no stray zeros."""
        return digits == f"{int(digits):0{self.padding}d}"


def entries(folder: Path) -> list[os.DirEntry[str]]:
    """Everything in a folder; raises BadInput where it cannot be listed."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError as error:
        raise BadInput(
            f"The folder {folder} cannot be listed ({error.strerror}): check the path."
        ) from error


def folder_pattern(folder: Path) -> Pattern:
    """The one image sequence in `folder`. Raises BadInput for none, and for several."""
    names: dict[tuple[str, str], list[str]] = {}
    for entry in entries(folder):
        match = _NUMBERED.fullmatch(entry.name)
        hidden = entry.name.startswith(".")
        if match and not hidden and match["suffix"].lower() in IMAGE_SUFFIXES:
            names.setdefault((match["prefix"], match["suffix"]), []).append(match["number"])
    if not names:
        raise BadInput(f"The folder {folder} holds no numbered images: give a clip or a sequence.")
    found = [
        Pattern(folder, prefix, _padded(numbers, folder), suffix)
        for (prefix, suffix), numbers in sorted(names.items())
    ]
    if len(found) > 1:
        listed = ", ".join(Path(str(pattern)).name for pattern in found[:4])
        more = f" and {len(found) - 4} more" if len(found) > 4 else ""
        raise BadInput(f"The folder {folder} holds {listed}{more}: name one of these sequences.")
    return found[0]


def still_number(path: Path) -> int:
    """The frame number in the name of one image (`plate.1001.exr`), 0 where there is none."""
    match = re.fullmatch(r".*[._](\d{1,9})", path.stem, re.DOTALL)
    return int(match[1]) if match else 0


def describe_gaps(present: list[int], first: int, last: int) -> str:
    """What is missing from `first` to `last`, for a sentence: 'frames 1003, 1005-1007 are'.

    `present` is in rising order; empty text when nothing is missing.
    """
    edges = [first - 1, *present, last + 1]
    gaps = [(a + 1, b - 1) for a, b in itertools.pairwise(edges) if b - a > 1]
    if not gaps:
        return ""
    shown = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in gaps[:8])
    more = f" and {len(gaps) - 8} more gaps" if len(gaps) > 8 else ""
    alone = len(gaps) == 1 and gaps[0][0] == gaps[0][1]
    return f"frame {shown} is" if alone else f"frames {shown}{more} are"


def _padded(numbers: list[str], folder: Path) -> int:
    """Digits that all numbers are padded to; longer ones have grown past it (8, 9, 10)."""
    padding = min(len(number) for number in numbers)
    stray = next((n for n in numbers if len(n) > padding and n.startswith("0")), None)
    if stray is not None:
        raise BadInput(
            f"The folder {folder} mixes {padding}-digit and {len(stray)}-digit frame numbers: "
            "name one pattern, such as plate.####.exr."
        )
    return padding
