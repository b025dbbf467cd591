"""Bilinear samples of pictures at lists of points."""

import cv2
import numpy as np

from .arrays import Floats


def sample_tile(tile: Floats, x: Floats, y: Floats) -> Floats:
    """Bilinear samples (N,) of a periodic square tile at pixel coordinates (N,)."""
    size = len(tile)
    padded = cv2.copyMakeBorder(tile, 0, 1, 0, 1, cv2.BORDER_WRAP)
    return remap_points(padded, np.mod(x, size), np.mod(y, size))


def remap_points(image: Floats, x: Floats, y: Floats) -> Floats:
    """Bilinear samples (N, ...) of an image at pixel coordinates (N,), edges held.

    OpenCV limits the sides of what it fills, so the points are folded into rows of 256.
    """
    count = len(x)
    rows = -(-count // 256)
    x = np.resize(x.astype(np.float32), (rows, 256))
    y = np.resize(y.astype(np.float32), (rows, 256))
    out = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return out.reshape(rows * 256, *image.shape[2:])[:count]
