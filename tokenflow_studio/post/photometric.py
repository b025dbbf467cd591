"""Brightness that jumps from frame to frame: found as gains along the motion, and taken out."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.post.alignment import (
    Frame,
    Neighbour,
    Tolerance,
    Weight,
    agreements,
    compressed,
    neighbours,
    resized,
    windows,
)
from tokenflow_studio.post.measure import Image, Mask, warp

_CELLS = 64  # of the gain grid along the width
_SPREAD = 1.6  # cells: gains are those of a fortieth of the width
_WHOLE = 0.05  # weight of the whole frame's gain, which rules where little can be compared
_DARKEST = 1e-3  # levels below carry no gain
_UNSTEADY = Tolerance(24 / 255)  # differences of frames whose brightness is not yet steady
_FLICKER = 0.15  # log-gain; larger ones are changes of light, which stay
_FADING = 0.05  # log-gain over which trust in a larger one is lost

Grid = NDArray[np.float32]


def steadied(frames: Iterable[Frame], reach: int) -> Iterator[Frame]:
    """The frames with the brightness that their neighbourhood in time has.

    Of each frame the local gain per channel against its neighbours is measured along the motion
    and compared with the gain of the source, where there is one: what is left is flicker.
    """
    for now, earlier, later in windows(frames, reach):
        around = neighbours(now, earlier, later)
        if not around:
            yield now
            continue
        gain = np.exp(_log_gain(now, around))
        yield dataclasses.replace(
            now, image=now.image * spread(gain, now.image), edit=now.edit * spread(gain, now.edit)
        )


def _log_gain(now: Frame, around: Sequence[Neighbour]) -> Grid:
    """(rows, cells, 3): the logarithm of what the frame must be multiplied by."""
    seen = [neighbour.seen for neighbour in around]
    guides = [warp(neighbour.frame.guide, neighbour.flow)[0] for neighbour in around]
    level = [
        compressed(levelled(now.guide, guide, shown))
        for guide, shown in zip(guides, seen, strict=True)
    ]
    trusted = agreements(compressed(now.guide), level, seen, _UNSTEADY)
    total = np.float32(1.0)
    gain = np.float32(0.0)
    for neighbour, guide, weight in zip(around, guides, trusted, strict=True):
        edit = warp(neighbour.frame.edit, neighbour.flow)[0] if now.guided else guide
        ratio = light_ratio(now.edit, edit, weight)
        if now.guided:
            ratio = ratio - light_ratio(now.guide, guide, weight)
        excess = np.maximum(np.abs(ratio).max(-1, keepdims=True) - _FLICKER, 0) / _FADING
        trust = _gathered(weight[..., None]) * np.exp(-np.square(excess))
        gain = gain + trust * ratio
        total = total + trust
    return np.asarray(gain / total, np.float32)


def levelled(now: Image, other: Image, seen: Mask) -> Image:
    """`other` at the local brightness of `now`: flicker must not look like another picture."""
    ratio = light_ratio(now, other, seen.astype(np.float32))
    return other * spread(np.exp(-np.clip(ratio, -_FLICKER, _FLICKER)), other)


def light_ratio(now: Image, other: Image, weight: Weight) -> Grid:
    """log(other / now) (rows, cells, 3) of local means of what both show, by weight (h, w).

    A highlight counts no more than 1.
    """
    red, green, blue = cv2.split(np.maximum(now, other))
    brightest = np.maximum(np.maximum(red, green), blue)
    even = np.asarray(weight / np.maximum(brightest, 1), np.float32)[..., None]
    above = _gathered(np.maximum(other, 0) * even)
    below = _gathered(np.maximum(now, 0) * even)
    return np.log((above + _DARKEST) / (below + _DARKEST))


def _gathered(values: Image) -> Grid:
    """(h, w, C) to local means (rows, cells, C), with a share of the mean of the whole."""
    height, width = values.shape[:2]
    cells = min(_CELLS, width)
    rows = max(1, round(height * cells / width))
    grid = cv2.resize(values, (cells, rows), interpolation=cv2.INTER_AREA)
    local = cv2.GaussianBlur(grid, (0, 0), _SPREAD).reshape(rows, cells, -1)
    whole = local.mean((0, 1), keepdims=True)
    return np.asarray((local + _WHOLE * whole) / (1 + _WHOLE), np.float32)


def spread(grid: Grid, image: Image) -> Image:
    """A grid at the size of an image (H, W, C)."""
    return resized(grid, (image.shape[1], image.shape[0]))
