"""The plate's grain: how strong it is, and a picture apart from it."""

import cv2
import numpy as np

from tokenflow_studio.media.curves import Image

_LEAST = 0.2 / 255  # below it, it is rounding
_MOST = 12 / 255  # above it, it is texture
_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
_SIDE = 7  # pixels that are averaged across
_ALIKE = 6.0  # times the grain: the distance of colours, summed over channels, that are averaged


def grain_level(code: Image) -> float:
    """Standard deviation of the grain of (H, W, 3) in model code; 0 where there is none.

    By the Laplacian difference, which edges hardly touch (Immerkær, "Fast noise variance
    estimation", 1996), and its median, so that texture does not count.
    """
    luma = code @ np.full(3, 1 / 3, np.float32)
    response = np.abs(cv2.filter2D(luma, cv2.CV_32F, _KERNEL))
    shown = response[(luma > 0.02) & (luma < 0.98) & (response > 0)]
    if not shown.size:
        return 0.0
    # The mean of three channels is quieter than each by the root of 3, the median of a normal
    # deviation is 0.6745 of its sigma.
    level = float(np.median(shown)) / 0.6745 * np.sqrt(3)
    return 0.0 if level < _LEAST else float(min(level, _MOST))


def without_grain(code: Image, level: float) -> Image:
    """(H, W, 3) with every contour and no grain of that level (Tomasi, Manduchi, ICCV 1998)."""
    if level == 0:
        return code
    smooth = cv2.bilateralFilter(code, _SIDE, _ALIKE * level, _SIDE / 2)
    return np.asarray(smooth, np.float32)
