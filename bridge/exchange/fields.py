"""Entries of a JSON file that somebody else wrote, each read as what it must be."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange, parse_rate

Choice = TypeVar("Choice", bound=StrEnum)

_MISSING = object()
_MAX_TEXT = 4096
_MAX_FRAME = 10**9
_MAX_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object; `place` names file and entry for the sentences. Raises BadInput throughout.

    Each reader takes the entry's name and what it is when absent; without that, it must be there.
    """

    place: str
    content: Any

    def has(self, name: str) -> bool:
        """Whether the entry is there and says something."""
        return isinstance(self.content, dict) and self.content.get(name) is not None

    def texts(self, kind: type) -> dict[str, str]:
        """The entries that a dataclass of nothing but text has as its fields, or its defaults."""
        return {f.name: self.text(f.name, f.default) for f in dataclasses.fields(kind)}

    def text(self, name: str, default: Any = _MISSING) -> str:
        """Text of at most 4096 characters, without line breaks and control characters."""
        value = self._get(name, default)
        if not isinstance(value, str) or len(value) > _MAX_TEXT or _has_controls(value):
            raise self._wrong(name, "must be a line of text")
        if default is _MISSING and not value.strip():
            raise self._wrong(name, "must not be empty")
        return value

    def lines(self, name: str) -> tuple[str, ...]:
        """A list of lines of text; none where it is absent."""
        value = self._get(name, [])
        if not isinstance(value, list) or len(value) > _MAX_LINES:
            raise self._wrong(name, "must be a list of lines")
        entries = Fields(f"{self.place}: {name}", {str(n): line for n, line in enumerate(value)})
        return tuple(entries.text(str(number)) for number in range(len(value)))

    def integer(self, name: str, default: Any = _MISSING) -> int:
        """A whole number within a billion of 0."""
        value = self._get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MAX_FRAME:
            raise self._wrong(name, "must be a whole number")
        return value

    def number(self, name: str, default: float) -> float:
        """A number above 0."""
        value = self._get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            raise self._wrong(name, "must be a number above 0")
        return float(value)

    def flag(self, name: str) -> bool | None:
        """True, false, or None where it is absent."""
        value = self._get(name, None)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "must be true or false")
        return value

    def frames(self, name: str) -> FrameRange:
        """A range of frames, '1001-1048'."""
        frames = FrameRange.parse(self.text(name))
        if max(abs(frames.first), abs(frames.last)) > _MAX_FRAME:
            raise self._wrong(name, "must be a range of frames")
        return frames

    def rate(self, name: str) -> Fraction:
        """Frames per second, '24' or '24000/1001'."""
        return parse_rate(self.text(name))

    def choice(self, name: str, kind: type[Choice], default: Choice) -> Choice:
        """One of the words of an enumeration."""
        value = self._get(name, default)
        if value not in list(kind):
            raise self._wrong(name, f"must be one of {', '.join(kind)}")
        return kind(value)

    def window(self, name: str) -> tuple[int, int, int, int]:
        """Four whole numbers: x, y, width, height."""
        value = self._get(name, _MISSING)
        whole = isinstance(value, list) and all(type(n) is int and abs(n) < 10**6 for n in value)
        if not whole or len(value) != 4 or min(value[2:]) < 1:
            raise self._wrong(name, "must be [x, y, width, height]")
        return value[0], value[1], value[2], value[3]

    def group(self, name: str) -> "Fields | None":
        """The entries below, None where there are none."""
        value = self._get(name, None)
        return None if value is None else Fields(f"{self.place}: {name}", value)

    def required_group(self, name: str) -> "Fields":
        """The entries below, which must be there."""
        return Fields(f"{self.place}: {name}", self._get(name, _MISSING))

    def _get(self, name: str, default: Any) -> Any:
        if not isinstance(self.content, dict):
            raise BadInput(f"{self.place} must hold named entries: send the shot again.")
        value = self.content.get(name, default)
        if value is _MISSING:
            raise BadInput(f"{self.place} lacks '{name}': send the shot again.")
        return value

    def _wrong(self, name: str, what: str) -> BadInput:
        return BadInput(f"{self.place}: '{name}' {what}: send the shot again.")


def _has_controls(text: str) -> bool:
    return any(ord(character) < 32 or ord(character) == 127 for character in text)
