"""Colour and its alpha, and the pixels that nobody may touch."""

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.plates import Plate

Mask = NDArray[np.bool_]


def straight(plate: Plate) -> Image:
    """The plate's colour (h, w, 3) not multiplied by alpha, as the model sees it.

    NaN and infinity become 0. Where alpha is 0 or none at all, colour is what it is: a glow.
    """
    colour = plate.colour
    if plate.alpha is not None and plate.premultiplied:
        colour = np.divide(
            colour, plate.alpha[..., None], out=colour.copy(), where=_covered(plate.alpha)
        )
    return np.where(np.isfinite(colour), colour, np.float32(0))


def multiplied(colour: Image, plate: Plate) -> Image:
    """What `straight` undid."""
    if plate.alpha is None or not plate.premultiplied:
        return colour
    return np.multiply(colour, plate.alpha[..., None], out=colour, where=_covered(plate.alpha))


def editable(plate: Plate) -> Mask:
    """Pixels (h, w) that an edit may change: finite ones that alpha shows at all."""
    usable = np.asarray(np.isfinite(plate.colour).all(axis=-1))
    if plate.alpha is not None:
        usable &= _covered(plate.alpha)[..., 0]
    return usable


def _covered(alpha: NDArray[np.float32]) -> Mask:
    return (np.isfinite(alpha) & (alpha > 0))[..., None]
