"""A temporal filter along the motion that leaves alone what really changes."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np

from tokenflow_studio.post.alignment import (
    Frame,
    Neighbour,
    Tolerance,
    Weight,
    agreements,
    compressed,
    expanded,
    neighbours,
    resized,
    windows,
)
from tokenflow_studio.post.measure import Flow, Image, warp
from tokenflow_studio.post.photometric import Grid, levelled, light_ratio, spread

_STEADY = 0.004  # log-gain of the source's light below which it has not changed
_SWING = 0.1  # of a bicubic sample beside the bilinear one
_SAME = Tolerance(12 / 255)
#: For an edit whose source stays the same along the motion: what differs then is hardly meant.
_VOUCHED = Tolerance(12 / 255, quietest=3 / 255, free=4.0, slope=4.0)


def filtered(frames: Iterable[Frame], reach: int) -> Iterator[Frame]:
    """Each frame as the mean of its neighbours along the motion, weighted by their agreement.

    Highlights are averaged as logarithms.
    """
    packed = (dataclasses.replace(frame, image=compressed(frame.image)) for frame in frames)
    for now, earlier, later in windows(packed, reach):
        around = neighbours(now, earlier, later)
        image = _mean(now, around) if around else now.image
        yield dataclasses.replace(now, image=expanded(image))


def _mean(now: Frame, around: Sequence[Neighbour]) -> Image:
    height, width = now.image.shape[:2]
    total = np.ones((height, width, 1), np.float32)
    mean = now.image.copy()
    weights = _agreement(now, around, _VOUCHED if now.guided else _SAME)
    lights: list[Grid | None] = [None] * len(around)
    if now.guided:
        weights, lights = _guided(now, around, weights)
    for neighbour, weight, light in zip(around, weights, lights, strict=True):
        aligned = _aligned(neighbour.frame.image, neighbour.flow)
        if light is not None:
            aligned = _lit(aligned, spread(light, aligned))
        share = resized(weight, (width, height))[..., None]
        aligned *= share
        mean += aligned
        total += share
    mean /= total
    return mean


def _guided(
    now: Frame, around: Sequence[Neighbour], weights: Sequence[Weight]
) -> tuple[list[Weight], list[Grid | None]]:
    """The weights where the source agrees too, and log-gains by its change of light, if any."""
    guides = [warp(n.frame.guide, n.flow)[0] for n in around]
    level = [
        compressed(levelled(now.guide, guide, n.seen))
        for n, guide in zip(around, guides, strict=True)
    ]
    same = agreements(compressed(now.guide), level, [n.seen for n in around], _SAME)
    both = [a * b for a, b in zip(weights, same, strict=True)]
    lights = [-light_ratio(now.guide, g, w) for g, w in zip(guides, same, strict=True)]
    return both, [light if np.abs(light).max() > _STEADY else None for light in lights]


def _agreement(now: Frame, around: Sequence[Neighbour], tolerance: Tolerance) -> Sequence[Weight]:
    aligned = [warp(compressed(n.frame.edit), n.flow)[0] for n in around]
    return agreements(compressed(now.edit), aligned, [n.seen for n in around], tolerance)


def _lit(image: Image, log_gain: Image) -> Image:
    """A compressed image under a gain, both (H, W, 3): above 1 its values are logarithms."""
    if float(image.max()) <= 1.0:
        return image * np.exp(log_gain)
    return np.where(image > 1, image + log_gain, image * np.exp(log_gain))


def _aligned(image: Image, flow: Flow) -> Image:
    """(H, W, 3) along a small flow (h, w, 2); bicubic, so that detail is not blurred."""
    height, width = image.shape[:2]
    x, y = (resized(np.ascontiguousarray(flow[..., n]), (width, height)) for n in (0, 1))
    x = x * np.float32(width / flow.shape[1]) + np.arange(width, dtype=np.float32)
    y = y * np.float32(height / flow.shape[0]) + np.arange(height, dtype=np.float32)[:, None]
    aligned = cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    if float(image.max()) > 1.0:  # beside highlights bicubic would swing below 0 and above them
        plain = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        np.copyto(aligned, plain, where=(plain > 1) | (np.abs(aligned - plain) > _SWING))
    return np.asarray(aligned, np.float32)
