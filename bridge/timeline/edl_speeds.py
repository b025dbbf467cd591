"""Speeds in a CMX 3600 EDL: its M2 lines, of which the adapter takes lengths alone."""

import dataclasses
import re
from collections.abc import Iterator
from fractions import Fraction

import opentimelineio as otio

from bridge.timeline.shots import Shot, Timeline

_CODE = r"\d\d:\d\d:\d\d[:;]\d\d"
_EVENT = re.compile(
    rf"^\s*\d+\s+\S+\s+(\S+)\s+\S+(?:\s+\d+)?\s+{_CODE}\s+{_CODE}\s+({_CODE})\s+{_CODE}\s*$"
)
_SPEED = re.compile(rf"^\s*M2\s+.*?\s(-?\d+(?:\.\d+)?)\s+{_CODE}\s*$", re.IGNORECASE)
_EXACT = 0.02  # M2 lines have one decimal


def with_edl_speeds(timeline: Timeline, text: str) -> Timeline:
    """The timeline with one sentence for each shot whose M2 lines its length does not show.

    Several of them are a ramp, whose source frames nothing tells.
    """
    start = _frame(timeline.timecode, timeline.rate)
    speeds = {_frame(code, timeline.rate) - start: found for code, found in _events(text)}
    shots = tuple(_with_remark(shot, speeds, timeline.rate) for shot in timeline.shots)
    return dataclasses.replace(timeline, shots=shots)


def _events(text: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """The record timecode of each video event, and the frames per second of its M2 lines."""
    begins, found = "", ()
    for line in text.splitlines():
        event = _EVENT.match(line)
        if event:
            if begins and found:
                yield begins, found
            begins, found = (event[2] if "V" in event[1].upper() else ""), ()
        speed = _SPEED.match(line)
        if speed and begins:
            found = (*found, float(speed[1]))
    if begins and found:
        yield begins, found


def _frame(code: str | None, rate: Fraction) -> int:
    return round(otio.opentime.from_timecode(code, float(rate)).value) if code else 0


def _with_remark(shot: Shot, speeds: dict[int, tuple[float, ...]], rate: Fraction) -> Shot:
    found = speeds.get(shot.record.first, ())
    remark = _remark(found, shot, float(rate))
    return dataclasses.replace(shot, remarks=(*shot.remarks, remark)) if remark else shot


def _remark(found: tuple[float, ...], shot: Shot, rate: float) -> str:
    said = ", ".join(f"{speed:g}" for speed in found)
    if len(found) > 1:
        return (
            f"Its speed changes (M2: {said} frames per second), and the file does not tell how: "
            "the source frames are untouched."
        )
    is_told = not found or abs(found[0] / rate - shot.speed) < _EXACT or len(shot.record) == 1
    if is_told:
        return ""
    return (
        f"Its M2 line says {said} frames per second, its length {shot.speed * rate:.4g}: "
        "check its speed, the source frames are untouched."
    )
