"""An edit beside its source: how steady it is along the source's motion, how near it stayed."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.post.alignment import Frame, Step, prepared, resized, with_cuts, with_motion
from tokenflow_studio.post.measure import (
    Image,
    Mask,
    interpolation_error,
    optical_flow,
    ssim,
    warp_error,
)

Grey = NDArray[np.float32]

_LONG_SIDE = 512  # pixels at which clips are measured: the paper's own size
_WINDOW = 11  # pixels: the window of SSIM


@dataclass(frozen=True, slots=True)
class Nearness:
    """psnr: dB over the clip, None for equal clips; ssim: the mean of the frames, None for frames
    smaller than 11 pixels."""

    psnr: float | None
    ssim: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an edit measures against its source; values without two frames of a shot are None.

    warp_error, warp_error_of_source: x 10^-3, as in the paper (TokenFlow, section 5.1), along the
    source's estimated motion; flicker_energy: x 10^-3, the mean squared change from frame to frame
    of (edit - source) along that motion: 0 for an edit that changes as its source does;
    interpolation_error: x 10^-3, the mean squared distance of a frame from the middle of the two
    beside it; near: to the source, outside: the same where the matte is 0, None without any such
    place.
    """

    frames: int
    warp_error: float | None
    warp_error_of_source: float | None
    flicker_energy: float | None
    interpolation_error: float | None
    near: Nearness
    outside: Nearness | None

    def measures(self) -> dict[str, float | None]:
        """All by name, for a report; those outside a matte only where there is one."""
        found: dict[str, float | None] = {
            "warp_error": self.warp_error,
            "warp_error_of_source": self.warp_error_of_source,
            "flicker_energy": self.flicker_energy,
            "interpolation_error": self.interpolation_error,
            "psnr": self.near.psnr,
            "ssim": self.near.ssim,
        }
        if self.outside is not None:
            found |= {"psnr_outside": self.outside.psnr, "ssim_outside": self.outside.ssim}
        return found


def compare(
    edit: Iterable[Image], source: Iterable[Image], mattes: Iterable[Grey] | None = None
) -> Comparison:
    """Measure (H, W, 3) frames 0..1 one after the other; the source may have another size.

    mattes: (h, w) of each frame, 0 where the edit must not show. Raises BadInput for clips of
    unequal length or of no frames.
    """
    near, outside = _Near(), _Near()
    changes: list[tuple[float, float, float]] = []
    jitter: list[float] = []
    watched = _watched(prepared(edit, source, _LONG_SIDE), mattes, near, outside)
    before: Frame | None = None
    now: Frame | None = None
    for after in with_motion(with_cuts(watched), optical_flow):
        if now is not None and now.ahead is not None:
            changes.append(_changes(now, now.ahead, after))
            if before is not None and now.back is not None:
                steps = now.back, now.ahead
                jitter.append(_jitter(now, (before, after), steps))
        before, now = now, after
    if not near.frames:
        raise BadInput("The clips have no frames: choose another range.")
    of_edit, of_source, of_difference = np.mean(changes, axis=0) if changes else [None] * 3
    return Comparison(
        frames=near.frames,
        warp_error=_thousandths(of_edit, 3),
        warp_error_of_source=_thousandths(of_source, 3),
        flicker_energy=_thousandths(of_difference, 4),
        interpolation_error=_thousandths(np.mean(jitter) if jitter else None, 4),
        near=near.result(),
        outside=outside.result() if outside.pixels else None,
    )


@dataclass(slots=True)
class _Near:
    """Sums up how near frames are to their source, frame by frame."""

    frames: int = 0
    pixels: int = 0
    squares: float = 0.0
    similarities: list[float] = field(default_factory=list)

    def add(self, edit: Image, source: Image, where: Mask | None = None) -> None:
        """One frame, (h, w, 3) each, or its pixels (h, w) of `where` alone."""
        difference = edit.astype(np.float64) - source
        if where is not None:
            difference = difference[where]
        self.frames += 1
        self.pixels += difference.size
        self.squares += float(np.square(difference).sum())
        clear = None if where is None else _clear(where)
        if min(edit.shape[:2]) >= _WINDOW and (clear is None or clear.any()):
            self.similarities.append(ssim(edit, source, clear))

    def result(self) -> Nearness:
        error = self.squares / self.pixels
        psnr = round(-10 * math.log10(error), 2) if error else None
        similarity = _rounded(np.mean(self.similarities), 4) if self.similarities else None
        return Nearness(psnr, similarity)


def _clear(where: Mask) -> Mask:
    """Pixels whose window of SSIM lies within `where`."""
    kernel = np.ones((_WINDOW, _WINDOW), np.uint8)
    return cv2.erode(where.astype(np.uint8), kernel, borderValue=1) > 0


def _watched(
    frames: Iterable[Frame], mattes: Iterable[Grey] | None, near: _Near, outside: _Near
) -> Iterator[Frame]:
    """The frames as they are, each compared with its source on the way."""
    shown = None if mattes is None else iter(mattes)
    for frame in frames:
        near.add(frame.edit, frame.guide)
        if shown is not None:
            height, width = frame.edit.shape[:2]
            outside.add(frame.edit, frame.guide, resized(next(shown), (width, height)) == 0)
        yield frame


def _changes(now: Frame, step: Step, after: Frame) -> tuple[float, float, float]:
    """The warp errors of the edit, of its source and of their difference, over one step."""
    pairs = (
        [now.edit, after.edit],
        [now.guide, after.guide],
        [now.edit - now.guide, after.edit - after.guide],
    )
    edit, source, difference = (warp_error(pair, [step.flow], [step.seen]) for pair in pairs)
    return edit, source, difference


def _jitter(now: Frame, beside: Sequence[Frame], steps: Sequence[Step]) -> float:
    return interpolation_error(
        now.edit,
        [frame.edit for frame in beside],
        [step.flow for step in steps],
        [step.seen for step in steps],
    )


def _thousandths(value: float | np.floating | None, digits: int) -> float | None:
    return None if value is None else _rounded(1000 * value, digits)


def _rounded(value: float | np.floating, digits: int) -> float:
    return round(float(value), digits)
