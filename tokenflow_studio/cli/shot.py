"""`shot`: exchange with editing programs."""

import argparse
import dataclasses
from fractions import Fraction
from pathlib import Path
from typing import Any

from bridge.exchange.facts import Facts, read_facts
from bridge.exchange.orders import open_here
from bridge.exchange.packages import Package, is_package, list_versions, preflight, writers
from bridge.exchange.returning import return_clip
from bridge.exchange.sending import Passage, send
from bridge.timeline.reading import read_timeline
from bridge.timeline.shots import Shot, Timeline
from tokenflow_studio.cli.output import FrameLines, print_line, print_result
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import ClipInfo, open_clip

_HEADINGS = ("shot", "track", "timeline", "source", "speed", "media")


def run(options: argparse.Namespace) -> int:
    """Do one action. Raises StudioError."""
    action = {"send": _send, "inspect": _inspect, "return": _return, "list": _list}
    text, values = action[options.action](options)
    if options.json:
        print_result(0, **values)
    else:
        print_line(text)
    return 0


def _send(options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    facts = read_facts(Path(options.facts)) if options.facts else Facts()
    given = {name: getattr(options, name) for name in ("frames", "cut", "rate", "reel")}
    given["matte"] = str(Path(options.matte).absolute()) if options.matte else ""
    facts = dataclasses.replace(facts, **{name: value for name, value in given.items() if value})
    if options.colour:
        facts = dataclasses.replace(
            facts, colour=dataclasses.replace(facts.colour, file=options.colour)
        )
    clip = str(Path(options.clip).absolute())
    passage = Passage.COPY
    if options.reference or options.move:
        passage = Passage.REFERENCE if options.reference else Passage.MOVE
    name = options.shot or _clip_name(clip, facts.rate)
    folder, form = Path(options.output).absolute(), options.format or ""
    package = send(clip, folder, name, facts, passage, form, FrameLines(options.json))
    return str(package.folder), _package_values(package)


def _clip_name(spec: str, rate: Fraction | None) -> str:
    with open_clip(spec, rate=rate) as clip:
        return clip.info.name


def _inspect(options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    path = Path(options.package).absolute()
    if not is_package(path):
        with open_clip(str(path)) as clip:
            clip.read(clip.info.frames[0])  # a header alone does not prove that it decodes
            values = _clip_values(clip.info)
    else:
        package = _opened(path)
        values = _package_values(package) | _clip_values(preflight(package))
    return "\n".join(f"{name:<14} {_said(value)}" for name, value in values.items()), values


def _return(options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    package = _opened(Path(options.package).absolute())
    clip = str(Path(options.clip).absolute())
    returned = return_clip(package, clip, FrameLines(options.json))
    return returned.media, {"version": returned.name, "media": returned.media}


def _opened(path: Path) -> Package:
    if not is_package(path):
        raise BadInput(f"{path} is no exchange package: name a folder with a shot.json.")
    return open_here(path)


def _package_values(package: Package) -> dict[str, Any]:
    manifest = package.manifest
    geometry = manifest.geometry
    head, tail = manifest.handles
    return {
        "package": str(package.folder),
        "shot": manifest.shot,
        "host": manifest.host.name,
        "mode": str(manifest.mode),
        "clip": package.clip,
        "matte": package.matte,
        "frames": str(manifest.source.frames),
        "host_first": manifest.source.host_first,
        "cut": str(manifest.cut),
        "head": head,
        "tail": tail,
        "rate": str(manifest.rate),
        "timecode": manifest.timecode,
        "reel": manifest.reel,
        "colour": manifest.colour.file,
        "display": geometry and _window(geometry.display),
        "data": geometry and _window(geometry.data),
        "lost": ", ".join(manifest.lost),
        "notices": " ".join(writers(package)),
        "returns": str(package.returns),
        "versions": [
            {"version": done.name, "media": done.media, "frames": str(done.frames)}
            for done in list_versions(package)
        ],
    }


def _window(window: tuple[int, int, int, int]) -> str:
    """1920x1080+0+0."""
    x, y, width, height = window
    return f"{width}x{height}{x:+}{y:+}"


def _clip_values(info: ClipInfo) -> dict[str, Any]:
    return {
        "clip": info.spec,
        "clip_kind": info.kind,
        "width": info.width,
        "height": info.height,
        "pixel_aspect": info.pixel_aspect,
        "clip_frames": str(FrameRange(info.frames[0], info.frames[-1])),
        "clip_rate": _text(info.rate),
        "clip_timecode": info.timecode,
    }


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(f"{entry['version']} ({entry['media']})" for entry in value) or "-"
    return "-" if value in (None, "") else str(value)


def _list(options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    timeline = read_timeline(Path(options.timeline).absolute(), options.rate)
    text = _table(timeline)
    if timeline.rates and options.rate is None:
        text += "\n--rate takes another one."
    return text, _timeline_values(timeline)


def _timeline_values(timeline: Timeline) -> dict[str, Any]:
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
