"""Deflickering against known truth, beside FFmpeg's filter; its pace and its memory."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

import numpy as np
import psutil

from tokenflow_studio.bench.ffmpeg_filter import filtered_by_ffmpeg
from tokenflow_studio.bench.flickering import (
    KINDS,
    SCENES,
    Scene,
    flickering,
    footage_scene,
    scene,
    with_highlight,
)
from tokenflow_studio.bench.store import Record
from tokenflow_studio.bench.table import Column, Table, Value
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.post.alignment import compressed
from tokenflow_studio.post.deflicker import deflicker
from tokenflow_studio.post.measure import Image, psnr

LEAST = {"gain": 0.80, "local": 0.80, "noise": 0.60}
"""Share of each kind's flicker energy that is to be removed."""

FAITHFUL = 38.0
"""PSNR to the truth, in dB, that the result is to keep."""

LIGHT = (16.0, 12.0, 8.0)
"""The highlight, in RGB, of the clip with light above 1."""

_PERIOD = 6  # frames of the endless clip: drawn once, so that drawing costs no time
_METHODS = ("with source", "without", "FFmpeg")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeflickerPlan:
    """size: rows and columns of the drawn clips, of `frames` frames; footage: a real clip, or "".

    pace_size, pace_frames: of the clip whose time and memory are measured; 0 leaves it out.
    """

    size: tuple[int, int] = (288, 384)
    frames: int = 24
    footage: str = ""
    pace_size: tuple[int, int] = (1080, 1920)
    pace_frames: int = 16


def measure_deflicker(plan: DeflickerPlan, tell: Callable[[Record], None]) -> tuple[Table, ...]:
    """Truth, cut, light above 1, pace: a table each. tell: receives each row as it is measured.

    Raises BadInput for footage that cannot be read.
    """
    tables = [
        _against_truth(plan, tell),
        _across_a_cut(plan, tell),
        _above_one(plan, tell),
    ]
    if plan.pace_frames:
        tables.append(_pace(plan, tell))
    return tuple(tables)


def _against_truth(plan: DeflickerPlan, tell: Callable[[Record], None]) -> Table:
    rows: list[tuple[Value, ...]] = []
    for name, made in _scenes(plan):
        for kind in KINDS:
            given = flickering(made.truth, kind)
            results = _results(given, made)
            removed = [made.removed(given, result) for result in results]
            kept = [made.fidelity(result) for result in results]
            ours = zip(removed[:2], kept[:2], strict=True)
            held = all(gone >= LEAST[kind] and near >= FAITHFUL for gone, near in ours)
            ahead = min(removed[:2]) > removed[2] and min(kept[:2]) > kept[2]
            pairs = [value for pair in zip(removed, kept, strict=True) for value in pair]
            row = (name, kind, made.fidelity(given), *pairs, _word(held), _word(ahead))
            rows.append(row)
            tell({"table": "truth", "row": list(row)})
    height, width = plan.size
    return Table(
        f"Deflicker: drawn clips of {width}x{height} pixels, {plan.frames} frames",
        (
            Column("scene"),
            Column("flicker"),
            Column("given dB", ".1f"),
            *(c for m in _METHODS for c in (Column(f"{m}: gone", ".1%"), Column("dB", ".1f"))),
            Column("holds"),
            Column("beats FFmpeg"),
        ),
        tuple(rows),
        f"Gone: share of the injected flicker energy. Holds: {LEAST['gain']:.0%} of it gone "
        f"(noise: {LEAST['noise']:.0%}) and {FAITHFUL:.0f} dB to the truth, with and without "
        "source.",
    )


def _scenes(plan: DeflickerPlan) -> Iterator[tuple[str, Scene]]:
    for name in SCENES:
        yield name, scene(name, plan.size, plan.frames)
    if plan.footage:
        with open_clip(plan.footage) as clip:
            numbers = clip.info.frames[: plan.frames]
            yield clip.info.name, footage_scene([clip.read(number) for number in numbers])


def _results(given: list[Image], made: Scene) -> list[list[Image]]:
    """What each of _METHODS makes of the frames."""
    return [
        list(deflicker(given, source=made.source)),
        list(deflicker(given)),
        filtered_by_ffmpeg(given),
    ]


def _across_a_cut(plan: DeflickerPlan, tell: Callable[[Record], None]) -> Table:
    """Two shots filtered together against each filtered alone: what differs is a ghost."""
    made = scene("cut", plan.size, plan.frames)
    middle = plan.frames // 2
    halves = (slice(0, middle), slice(middle, plan.frames))
    shots = [Scene(made.truth[h], made.flows, made.seen) for h in halves]
    rows: list[tuple[Value, ...]] = []
    for kind in KINDS:
        given = flickering(made.truth, kind)
        together = _results(given, made)
        parts = [_results(given[half], shot) for half, shot in zip(halves, shots, strict=True)]
        apart = [first + second for first, second in zip(*parts, strict=True)]
        ghosts = [
            max(float(np.abs(a - b).max()) for a, b in zip(one, two, strict=True)) * 255
            for one, two in zip(together, apart, strict=True)
        ]
        beside = slice(middle - 1, middle + 1)
        near = [psnr(np.stack(r[beside]), np.stack(made.truth[beside])) for r in together]
        row = (kind, *(value for pair in zip(ghosts, near, strict=True) for value in pair))
        rows.append(row)
        tell({"table": "cut", "row": list(row)})
    return Table(
        "A cut: the largest trace of one shot in the other, and the two frames beside it",
        (
            Column("flicker"),
            *(
                c
                for m in _METHODS
                for c in (Column(f"{m}: 8-bit codes", ".1f"), Column("dB", ".1f"))
            ),
        ),
        tuple(rows),
        "A trace: the difference to the shots filtered alone; 0 is equal to the last bit.",
    )


def _above_one(plan: DeflickerPlan, tell: Callable[[Record], None]) -> Table:
    """A moving highlight; energies are those of logarithms above 1."""
    step = (-1.6 * plan.size[1] / 128, -0.4 * plan.size[1] / 128)
    pan = scene("pan", plan.size, plan.frames)
    lit, guide = with_highlight(pan, step, LIGHT), with_highlight(pan, step, (1.0, 1.0, 1.0)).source
    packed = Scene([compressed(frame) for frame in lit.truth], lit.flows, lit.seen)
    bright = [frame.min(-1) > 0.9 * min(LIGHT) for frame in lit.truth]
    rows: list[tuple[Value, ...]] = []
    for kind in KINDS:
        given = flickering(lit.truth, kind)
        small = [compressed(frame) for frame in given]
        for method, source in zip(_METHODS[:2], (guide, None), strict=True):
            result = list(deflicker(given, source=source))
            errors = [
                float(np.abs(r[b] / t[b] - 1).mean())
                for r, t, b in zip(result, lit.truth, bright, strict=True)
            ]
            gone = packed.removed(small, [compressed(frame) for frame in result])
            row: tuple[Value, ...] = (
                kind,
                method,
                gone,
                max(float(frame.max()) for frame in result),
                float(np.mean(errors)),
                min(float(frame.min()) for frame in result),
            )
            rows.append(row)
            tell({"table": "light", "row": list(row)})
    return Table(
        f"Light above 1: a highlight of {', '.join(f'{v:g}' for v in LIGHT)} that moves",
        (
            Column("flicker"),
            Column("method"),
            Column("gone", ".1%"),
            Column("largest value", ".2f"),
            Column("error in the highlight", ".1%"),
            Column("smallest value", ".3f"),
        ),
        tuple(rows),
        "FFmpeg's filter takes 8-bit values and is left out.",
    )


def _pace(plan: DeflickerPlan, tell: Callable[[Record], None]) -> Table:
    """Time per frame, and the memory that a clip takes against one four times as long."""
    made = scene("pan", plan.pace_size, _PERIOD)
    given, source = flickering(made.truth, "gain"), made.source
    process = psutil.Process()
    before = process.memory_info().rss
    rows: list[tuple[Value, ...]] = []
    for frames in (plan.pace_frames, 4 * plan.pace_frames):
        used, began, peak = _spent(), time.monotonic(), 0
        endless = (islice(cycle(images), frames) for images in (given, source))
        for _ in deflicker(next(endless), source=next(endless)):
            peak = max(peak, process.memory_info().rss)
        row = (
            frames,
            (_spent() - used) / frames,
            (time.monotonic() - began) / frames,
            psutil.getloadavg()[0],
            (peak - before) / 2**20,
        )
        rows.append(row)
        tell({"table": "pace", "row": list(row)})
    height, width = plan.pace_size
    return Table(
        f"Pace: {width}x{height} pixels with source, on {psutil.cpu_count()} cores",
        (
            Column("frames", "d"),
            Column("processor s per frame", ".2f"),
            Column("clock s per frame", ".2f"),
            Column("load", ".1f"),
            Column("memory MiB", ".0f"),
        ),
        tuple(rows),
        "Processor: all threads together. Load: of the whole machine, in processes.",
    )


def _spent() -> float:
    times = psutil.Process().cpu_times()
    return times.user + times.system


def _word(yes: bool) -> str:
    return "yes" if yes else "NO"
