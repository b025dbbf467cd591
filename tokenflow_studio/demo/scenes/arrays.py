"""Array types of the renderer, and the few formulas on them that every part needs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: float32 by custom; the number type stays open, since numpy's own annotations widen it at will.
Floats = NDArray[Any]
Ints = NDArray[Any]
Bools = NDArray[Any]


def unit(vectors: Floats) -> Floats:
    """Vectors (..., 3) scaled to length 1."""
    return vectors / np.sqrt(np.einsum("...i,...i->...", vectors, vectors))[..., None]


def smoothstep(low: float | Floats, high: float | Floats, x: Floats) -> Floats:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def blend(a: Floats, b: Floats, weight: Floats) -> Floats:
    """Colours ``a`` to ``b`` (..., 3) by ``weight`` (...,)."""
    return a + (b - a) * weight[..., None]


def rgb(*values: float) -> Floats:
    """A constant triple: a colour in linear light, or a vector."""
    return np.array(values, np.float32)
