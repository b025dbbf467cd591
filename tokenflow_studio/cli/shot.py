"""`shot`: exchange with editing programs."""

import argparse
import dataclasses
from pathlib import Path
from typing import Any

from bridge.timeline.reading import read_timeline
from bridge.timeline.shots import Shot, Timeline
from tokenflow_studio.cli.output import print_line, print_result

_HEADINGS = ("shot", "track", "timeline", "source", "speed", "media")


def run(options: argparse.Namespace) -> int:
    """List the shots of a timeline. Raises StudioError."""
    timeline = read_timeline(Path(options.timeline).absolute(), options.rate)
    if options.json:
        print_result(0, **_plain(timeline))
    else:
        print_line(_table(timeline))
    return 0


def _plain(timeline: Timeline) -> dict[str, Any]:
    shots = []
    for shot in timeline.shots:
        media = shot.media and {
            "spec": shot.media.spec,
            "frames": _text(shot.media.frames),
            "rate": str(shot.media.rate),
            "timecode": shot.media.timecode,
        }
        fields = {field.name: getattr(shot, field.name) for field in dataclasses.fields(shot)}
        ranges = {"source": _text(shot.source), "record": _text(shot.record)}
        shots.append(fields | ranges | {"media": media})
    return {
        "name": timeline.name,
        "rate": str(timeline.rate),
        "timecode": timeline.timecode,
        "shots": shots,
        "remarks": timeline.remarks,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _table(timeline: Timeline) -> str:
    """A heading, one line per shot with its remarks below, and what holds for the whole."""
    start = f", starts at {timeline.timecode}" if timeline.timecode else ""
    rate = f"{float(timeline.rate):.5g} frames per second"
    rows = [_HEADINGS, *(_cells(shot) for shot in timeline.shots)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS) - 1)]
    lines = [f"{timeline.name}: {len(timeline.shots)} shots, {rate}{start}"]
    for row, remarks in zip(rows, [(), *(shot.remarks for shot in timeline.shots)], strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[-1]]))
        lines += [f"    {remark}" for remark in remarks]
    return "\n".join([*lines, *timeline.remarks])


def _cells(shot: Shot) -> tuple[str, ...]:
    source = shot.source or shot.source_timecode or "-"
    speed = f"{shot.speed * 100:.4g} %"
    media = shot.media.spec if shot.media else "-"
    return shot.name, shot.track, str(shot.record), str(source), speed, media
