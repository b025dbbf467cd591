"""The matte: where the edit shows, with a soft edge that lies inside it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.finishing import Polygon
from tokenflow_studio.media.plates import Window

Grey = NDArray[np.float32]

_FINER = 4  # times as many pixels while a shape is drawn, for smooth edges
_SHIFT = 4  # binary places of a pixel that a drawn point keeps


def drawn(polygons: Sequence[Polygon], window: Window, display: Window) -> Grey:
    """Polygons as a matte (h, w) over `window`, 0 to 1, smooth at the edge.

    Their points count from the upper left corner of the display window.
    """
    size = (window.width * _FINER, window.height * _FINER)
    fine = np.zeros((size[1], size[0]), np.uint8)
    origin = np.array([display.x - window.x, display.y - window.y], np.float64)
    for polygon in polygons:
        # A pixel's middle has whole coordinates in OpenCV, and halves on the plate.
        points = ((np.array(polygon, np.float64) + origin) * _FINER - 0.5) * 2**_SHIFT
        cv2.fillPoly(fine, [np.rint(points).astype(np.int32)], 255, cv2.LINE_8, _SHIFT)
    matte = cv2.resize(fine, (window.width, window.height), interpolation=cv2.INTER_AREA)
    return matte.astype(np.float32) / np.float32(255)


def prepared(matte: Grey, *, softness: float, invert: bool) -> Grey:
    """A matte (h, w) ready to mix by: finite, 0 to 1, inverted, then softened.

    softness: pixels that the edge takes to rise from 0 to 1. They lie inside, so that what was
    outside stays outside to the bit.
    """
    clean = np.clip(np.nan_to_num(matte, nan=0.0, posinf=1.0, neginf=0.0), 0, 1)
    if invert:
        clean = 1 - clean
    if softness > 0:
        side = 2 * round(softness) + 1
        spread = cv2.blur(clean, (side, side), borderType=cv2.BORDER_REPLICATE)
        # Of a straight edge the mean is a half on it, and 1 from `softness` pixels inwards.
        clean = np.minimum(clean, np.clip(2 * np.asarray(spread) - 1, 0, 1))
    return np.asarray(clean, np.float32)
