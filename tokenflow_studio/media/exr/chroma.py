"""Luminance-chroma OpenEXR as RGB: the filter and the matrix of the format's own library.

RY = (R - Y) / Y and BY = (B - Y) / Y lie at every second pixel of every second row ("Technical
Introduction to OpenEXR", luminance/chroma images). Weights: ImfRgbaYca.cpp, reconstructChroma.
"""

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.exr.headers import Header

_REC709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
# For the distances 13, 11, 9 … 1 pixels to both sides of a pixel between two samples.
_WEIGHTS = (0.002128, -0.007540, 0.019597, -0.043159, 0.087929, -0.186077, 0.627123)


def rgb_from_chroma(
    luminance: NDArray[Any],
    red: NDArray[Any],
    blue: NDArray[Any],
    header: Header,
) -> Image:
    """(h, w, 3) from Y (h, w) and RY, BY (h/2, w/2), rounded up."""
    y = luminance.astype(np.float32)
    ry, by = (_full(chroma.astype(np.float32), y.shape) for chroma in (red, blue))
    weights = _luminance_weights(header)
    r, b = (ry + 1) * y, (by + 1) * y
    g = (y - r * weights[0] - b * weights[2]) / weights[1]
    # Without luminance there is no chroma; the library gives black as well.
    return np.stack([r, g, b], axis=-1)


def _full(chroma: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    wide = _twice(chroma, shape[1])
    return _twice(wide.T, shape[0]).T


def _twice(samples: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Rows of twice the samples: those given, and between them the filtered ones."""
    reach = len(_WEIGHTS)
    padded = np.pad(samples, ((0, 0), (reach - 1, reach)), mode="edge")
    count = samples.shape[1]
    between = np.zeros_like(samples)
    for step, weight in enumerate(_WEIGHTS):
        left = padded[:, step : step + count]
        right = padded[:, 2 * reach - 1 - step : 2 * reach - 1 - step + count]
        between += np.float32(weight) * (left + right)
    rows = np.empty((samples.shape[0], 2 * count), np.float32)
    rows[:, 0::2], rows[:, 1::2] = samples, between
    return rows[:, :width]


def _luminance_weights(header: Header) -> NDArray[np.float32]:
    """How much red, green and blue of the file's primaries add to Y."""
    item = header.get("chromaticities")
    values = struct.unpack("<8f", item.value) if item else _REC709
    points = np.array(values, np.float64).reshape(4, 2)
    xyz = np.stack([points[:, 0], points[:, 1], 1 - points.sum(1)]) / points[:, 1]
    scale = np.linalg.solve(xyz[:, :3], xyz[:, 3])
    return scale.astype(np.float32)
