"""Frame numbers, ranges and rates. Ranges are inclusive; rates are exact fractions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tokenflow_studio.core.errors import BadInput

_RANGE = re.compile(r"(-?\d+)(?:-(-?\d+))?")
_NTSC = {"23.976": 24, "23.98": 24, "29.97": 30, "47.952": 48, "59.94": 60, "119.88": 120}


@dataclass(frozen=True, slots=True)
class FrameRange:
    """Frame numbers `first` to `last`, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput(f"The frame range {self} ends before it starts: swap the two numbers.")

    @classmethod
    def parse(cls, text: str) -> "FrameRange":
        """Read '1001-1048', or '1001' for one frame."""
        match = _RANGE.fullmatch(text.strip())
        if match is None:
            raise BadInput(f"'{text}' is no frame range: write it as 1001-1048.")
        first, last = match.group(1), match.group(2)
        return cls(int(first), int(first if last is None else last))

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __contains__(self, frame: object) -> bool:
        return isinstance(frame, int) and self.first <= frame <= self.last


def parse_rate(text: str) -> Fraction:
    """Read frames per second: '24', '24000/1001' or '23.976' (which means 24000/1001)."""
    try:
        rate = Fraction(_NTSC[text] * 1000, 1001) if text in _NTSC else Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 0 < rate <= 1000:
        raise BadInput(f"'{text}' is no frame rate: write it as 24, 23.976 or 24000/1001.")
    return rate
