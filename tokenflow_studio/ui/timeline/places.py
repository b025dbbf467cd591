"""Places in the clip as people write them: frames, timecode, seconds, and steps from here."""

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from tokenflow_studio.core.settings import PlaceUnit
from tokenflow_studio.ui.state.playback import DEFAULT_RATE
from tokenflow_studio.ui.viewer.overlay import timecode

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import ClipInfo

TYPED = r"[+-]?\d{0,9}|\d{0,2}(:\d{0,2}){0,3}"  # what the field lets through while one types
_CODE = re.compile(r"\d{1,2}(:\d{1,2}){1,3}")

UNIT_TITLES = {
    PlaceUnit.TIMECODE: "Timecode",
    PlaceUnit.SECONDS: "Seconds",
    PlaceUnit.FRAMES: "Frames from the start",
}


def place_text(frame: int, clip: "ClipInfo", unit: PlaceUnit) -> str:
    """Where a frame lies, in that unit."""
    first, rate = clip.frames[0], clip.rate or DEFAULT_RATE
    match unit:
        case PlaceUnit.TIMECODE:
            return timecode(frame, first, rate, clip.timecode)
        case PlaceUnit.SECONDS:
            return f"{float((frame - first) / rate):.3f} s"
    return f"{frame - first + 1} / {clip.frames[-1] - first + 1}"


def place_of(text: str, playhead: int, clip: "ClipInfo") -> int | None:
    """The frame that was typed: `120`, `+20`, `-20` or a timecode whose last part is frames.

    In a clip with negative frame numbers, `-20` is that frame. None for what is no place.
    """
    if _CODE.fullmatch(text):
        rate, first = clip.rate or DEFAULT_RATE, clip.frames[0]
        return (
            first + _count(text, rate) - _count(timecode(first, first, rate, clip.timecode), rate)
        )
    if not text.lstrip("+-").isdecimal():
        return None
    if text[0] in "+-" and clip.frames[0] >= 0:
        return playhead + int(text)
    return int(text)


def _count(text: str, rate: Fraction) -> int:
    """Frames of a non-drop timecode; the hours and minutes may be missing."""
    *times, frames = (int(part) for part in text.split(":"))
    seconds = 0
    for part in times:
        seconds = 60 * seconds + part
    return seconds * max(1, round(rate)) + frames
