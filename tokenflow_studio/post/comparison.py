"""An edit beside its source: how steady it is along the source's motion, how near it stayed."""

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.post.alignment import Frame, prepared, with_cuts, with_motion
from tokenflow_studio.post.measure import Image, optical_flow, ssim, warp_error

_LONG_SIDE = 512  # pixels at which motion is measured: the paper's own size, as in takes
_SMALLEST = 11  # pixels: the window of SSIM


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an edit measures against its source; values without two frames of a shot are None.

    warp_error, warp_error_of_source: x 10^-3, as in the paper (TokenFlow, section 5.1), along the
    source's estimated motion; flicker_energy: x 10^-3, the mean squared change from frame to frame
    of (edit - source) along that motion: 0 for an edit that changes as its source does; psnr: dB
    over the clip, None for equal clips; ssim: the mean of the frames.
    """

    frames: int
    warp_error: float | None
    warp_error_of_source: float | None
    flicker_energy: float | None
    psnr: float | None
    ssim: float


def compare(edit: Iterable[Image], source: Iterable[Image]) -> Comparison:
    """Measure (H, W, 3) frames 0..1 one after the other; the source may have another size.

    Raises BadInput for clips of unequal length, of no frames, or smaller than 11 pixels.
    """
    nearness: list[tuple[float, float]] = []
    steps: list[tuple[float, float, float]] = []
    watched = _watched(prepared(edit, source, _LONG_SIDE), nearness)
    for now, after in itertools.pairwise(with_motion(with_cuts(watched), optical_flow)):
        if now.ahead is not None:
            steps.append(_changes(now, after))
    if not nearness:
        raise BadInput("The clips have no frames: choose another range.")
    error, similarity = np.mean(nearness, axis=0)
    of_edit, of_source, of_difference = np.mean(steps, axis=0) * 1000 if steps else [None] * 3
    return Comparison(
        frames=len(nearness),
        warp_error=_rounded(of_edit, 3),
        warp_error_of_source=_rounded(of_source, 3),
        flicker_energy=_rounded(of_difference, 4),
        psnr=_rounded(-10 * math.log10(error) if error else None, 2),
        ssim=round(float(similarity), 4),
    )


def _watched(frames: Iterable[Frame], nearness: list[tuple[float, float]]) -> Iterator[Frame]:
    for frame in frames:
        if min(frame.edit.shape[:2]) < _SMALLEST:
            raise BadInput(f"Clips below {_SMALLEST} pixels cannot be measured: give larger ones.")
        error = float(np.square(frame.edit.astype(np.float64) - frame.guide).mean())
        nearness.append((error, ssim(frame.edit, frame.guide)))
        yield frame


def _changes(now: Frame, after: Frame) -> tuple[float, float, float]:
    """The warp errors of the edit, of its source and of their difference, over one step."""
    step = now.ahead
    assert step is not None
    pairs = (
        [now.edit, after.edit],
        [now.guide, after.guide],
        [now.edit - now.guide, after.edit - after.guide],
    )
    edit, source, difference = (warp_error(pair, [step.flow], [step.seen]) for pair in pairs)
    return edit, source, difference


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)
