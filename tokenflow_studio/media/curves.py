"""The sRGB curve (IEC 61966-2-1) between scene-linear light and display-referred values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Losses:
    """What a display-referred view of a scene-linear frame leaves out.

    clipped: pixels with a channel above 1.0; peak: the highest finite value; broken: pixels with
    a NaN or infinite channel, shown as 0.
    """

    clipped: int = 0
    peak: float = 0.0
    broken: int = 0


def encode_srgb(linear: Image) -> Image:
    """Linear light 0..1 to sRGB 0..1; any shape, values outside are clipped first."""
    import cv2  # when light is shown: commands that only look at files start sooner

    light = np.clip(linear, 0.0, 1.0)
    # OpenCV's power takes a quarter of NumPy's time; it knows no arrays without elements.
    display = np.asarray(cv2.pow(light, 1 / 2.4), np.float32) if light.size else light.copy()
    display *= np.float32(1.055)
    display -= np.float32(0.055)
    np.multiply(light, np.float32(12.92), out=display, where=light <= 0.0031308)
    return np.minimum(display, np.float32(1.0), out=display)


def decode_srgb(display: Image) -> Image:
    """sRGB to linear light; any shape. Values above 1 follow the curve on, negatives its line."""
    curved = np.power((np.maximum(display, 0.0) + 0.055) / 1.055, np.float32(2.4))
    return np.where(display <= 0.04045, display / 12.92, curved).astype(np.float32)


def without_broken(pixels: Image) -> tuple[Image, int]:
    """(H, W, C) with NaN and infinity replaced by 0, and how many pixels held any."""
    finite = np.isfinite(pixels)
    if finite.all():
        return pixels, 0
    broken = int(np.count_nonzero(~finite.all(axis=-1)))
    return np.where(finite, pixels, np.float32(0)), broken


def view_linear(pixels: Image) -> tuple[Image, Losses]:
    """Scene-linear (H, W, 3) as sRGB 0..1, and what that view leaves out."""
    finite, broken = without_broken(pixels)
    peak = float(finite.max(initial=0.0))
    clipped = int(np.count_nonzero(_above_one(finite))) if peak > 1 else 0
    return encode_srgb(finite), Losses(clipped, peak, broken)


def _above_one(pixels: Image) -> NDArray[np.bool_]:
    """(H, W), channel by channel: along so short an axis NumPy is slow."""
    return np.logical_or.reduce([pixels[..., place] > 1 for place in range(pixels.shape[-1])])
