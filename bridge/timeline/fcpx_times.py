"""FCPXML for its adapter, which counts whole frames per second and cuts fractions of frames off.

Files of the rates n x 1000/1001 are read as if their time ran slower by 1000/1001, at whole rates,
and get their own rates afterwards: so every frame has its number.
"""

import json
import re
from fractions import Fraction
from typing import Any

import opentimelineio as otio

_TIME = re.compile(
    r"\b(start|duration|offset|tcStart|frameDuration|audioStart|audioDuration)"
    r'="(\d+)(?:/(\d+))?s"'
)
_SLOWER = Fraction(1000, 1001)
_NUDGE = Fraction(1, 100_000)  # seconds: far below a frame, above what a float loses
_LEFT_OUT = {
    "timeMap": "Speeds",
    "filter-video": "Video filters",
    "title": "Titles",
    "transition": "Transitions",
}
MIXED = "It mixes whole frame rates and those of n x 1000/1001: check the frames of its shots."


def for_adapter(text: str) -> tuple[str, bool, list[str]]:
    """The text as the adapter reads it right, whether its rates are n x 1000/1001, and remarks."""
    kinds = {
        _is_ntsc(Fraction(int(top), int(bottom or 1)))
        for name, top, bottom in _TIME.findall(text)
        if name == "frameDuration"
    }
    ntsc = kinds == {True}

    def moved(match: re.Match[str]) -> str:
        name, top, bottom = match.groups()
        time = Fraction(int(top), int(bottom or 1)) * (_SLOWER if ntsc else 1)
        if time and name != "frameDuration":
            time += _NUDGE
        return f'{name}="{time.numerator}/{time.denominator}s"' if time else match[0]

    counts = {said: len(re.findall(rf"<{tag}[\s>]", text)) for tag, said in _LEFT_OUT.items()}
    remarks = [f"{said} are not taken over ({count})." for said, count in counts.items() if count]
    return _TIME.sub(moved, text), ntsc, [MIXED, *remarks] if len(kinds) > 1 else remarks


def at_ntsc(found: otio.core.SerializableObject) -> Any:
    """The same with every rate n as n x 1000/1001; the numbers of frames stay."""

    def slower(entry: dict[str, Any]) -> dict[str, Any]:
        if str(entry.get("OTIO_SCHEMA", "")).startswith("RationalTime."):
            entry["rate"] *= float(_SLOWER)
        return entry

    document = json.loads(found.to_json_string(), object_hook=slower)
    return otio.core.deserialize_json_from_string(json.dumps(document))


def _is_ntsc(frame: Fraction) -> bool:
    return frame.numerator % 1001 == 0
