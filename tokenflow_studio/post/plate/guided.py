"""Guided upsampling: what is known at the proxy's size, drawn along the plate's own detail.

The guided filter (He, Sun, Tang, "Guided image filtering", ECCV 2010, Eq. 5-8) explains a picture
as a local line through its guide, q = a I + b. Its coefficients are smooth, so they may be found
at the proxy's size and applied to the plate's full size ("Fast guided filter", 2015).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.media.curves import Image

Size = tuple[int, int]  # (width, height) in pixels

_RADIUS = 3  # proxy pixels
_STEEPEST = 2.0  # of plate contrast that an edit may give back, also inverted


@dataclass(frozen=True, slots=True)
class Fit:
    """slope and offset (h, w, 3) of q = slope * guide + offset."""

    slope: Image
    offset: Image

    @classmethod
    def of(cls, target: Image, guide: Image, noise: float) -> "Fit":
        """Explain `target` by `guide`, both (h, w, 3) at the proxy's size, channel by channel.

        noise: contrast of the guide below which it explains nothing; the square root of He's
        epsilon.
        """
        mean_guide, mean_target = _mean(guide), _mean(target)
        variance = _mean(guide * guide) - mean_guide * mean_guide
        covariance = _mean(guide * target) - mean_guide * mean_target
        slope = covariance / (np.maximum(variance, 0) + np.float32(noise * noise))
        # 1 + slope is what becomes of the guide's own contrast where the target is added to it.
        slope = np.clip(slope, -1 - _STEEPEST, _STEEPEST - 1)
        return cls(_mean(slope), _mean(mean_target - slope * mean_guide))

    def on(self, guide: Image) -> Image:
        """What the line gives for a guide of the proxy's size."""
        return self.slope * guide + self.offset

    def spread(self, guide: Image) -> Image:
        """What it gives for a guide (H, W, 3) of any larger size."""
        size = (guide.shape[1], guide.shape[0])
        drawn = resized(self.slope, size)
        drawn *= guide
        drawn += resized(self.offset, size)
        return drawn


def resized(image: Image, size: Size, *, sharp: bool = False) -> Image:
    """(h, w, C) at another size: means where it shrinks, else linear or (`sharp`) cubic."""
    height, width = image.shape[:2]
    if (width, height) == size:
        return image.copy()
    if size[0] * size[1] < width * height:
        interpolation = cv2.INTER_AREA
    else:
        interpolation = cv2.INTER_CUBIC if sharp else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=interpolation), np.float32)


def _mean(image: NDArray[np.floating]) -> Image:
    side = 2 * _RADIUS + 1
    return np.asarray(cv2.blur(image, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)
