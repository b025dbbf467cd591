"""SMPTE 12M timecode: `hh:mm:ss:ff`, or `hh:mm:ss;ff` where frame numbers are dropped."""

import re
from fractions import Fraction

_TIMECODE = re.compile(r"(\d\d):([0-5]\d):([0-5]\d)([:;.])(\d\d)")
_DROP = 0x40  # the drop-frame flag in the byte of the frames


def valid_timecode(text: str | None) -> str | None:
    """The timecode, a drop-frame one with `;`; None for anything else."""
    match = _TIMECODE.fullmatch(text or "")
    if match is None or int(match[1]) > 23:
        return None
    hours, minutes, seconds, mark, frames = match.groups()
    return f"{hours}:{minutes}:{seconds}{':' if mark == ':' else ';'}{frames}"


def timecode_after(start: str, frames: int, rate: Fraction) -> str:
    """The timecode `frames` frames after `start` at `rate` per second; wraps at 24 hours.

    Drop-frame skips the first two numbers of each minute but every tenth, at 59.94 the first four.
    """
    match = _TIMECODE.fullmatch(start)
    if match is None:
        raise ValueError(f"{start!r} is no timecode")
    base = round(rate)
    dropped = round(base / 15) if match[4] != ":" else 0
    hours, minutes, seconds, count = (int(match[n]) for n in (1, 2, 3, 5))
    minutes += hours * 60
    number = (minutes * 60 + seconds) * base + count
    number += frames - dropped * (minutes - minutes // 10)
    minute, ten = base * 60 - dropped, base * 600 - dropped * 9
    number %= ten * 144
    tens, rest = divmod(number, ten)
    number += dropped * (tens * 9 + max(0, (rest - dropped) // minute))
    seconds, count = divmod(number, base)
    mark = ";" if dropped else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{count:02}"


def packed(timecode: str) -> int | None:
    """As OpenEXR stores it: BCD bytes hh mm ss ff, with the drop-frame flag.

    None above frame 39, for which SMPTE 12M has no digits.
    """
    match = _TIMECODE.fullmatch(timecode)
    if match is None or match[5] > "39":
        return None
    flag = 0 if match[4] == ":" else _DROP
    return int("".join(match.group(1, 2, 3, 5)), 16) | flag


def unpacked(value: int) -> str | None:
    """The timecode that OpenEXR stores as `value`; None where it holds no digits."""
    mark = ";" if value & _DROP else ":"
    clean = value & 0x3F7F7F3F  # the other bits are flags
    digits = f"{clean:08x}"
    return valid_timecode(":".join((digits[:2], digits[2:4], digits[4:6])) + mark + digits[6:])
