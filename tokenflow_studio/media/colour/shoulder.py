"""The model's curve: sRGB, and above its knee a shoulder that is logarithmic in light.

code = sRGB(light) up to the code 0.6, above it 0.6 + 0.4 log2(light / knee) / log2(white / knee):
the white of the shot is 1.0. An error of the model's then is the same share of the light
wherever the light is high, and the curve can be inverted to the last bits of a float.
"""

import numpy as np

from tokenflow_studio.media.curves import Image, decode_srgb

_KNEE_CODE = np.float32(0.6)
_KNEE = np.float32(((0.6 + 0.055) / 1.055) ** 2.4)


def encode_light(light: Image, white: float) -> Image:
    """Finite light, any value, as codes: 0..1 for black to `white`. Nothing is clipped.

    A white of 1 or less means that the shot has no highlights: plain sRGB.
    """
    display = _srgb(light)
    if white <= 1:
        return display
    high = light > _KNEE
    stops = np.log2(np.maximum(light, _KNEE) / _KNEE)
    return np.where(high, _KNEE_CODE + stops * _slope(white), display).astype(np.float32)


def decode_light(display: Image, white: float) -> Image:
    """The inverse of `encode_light`, also beyond 0..1."""
    light = decode_srgb(display)
    if white <= 1:
        return light
    stops = (np.maximum(display, _KNEE_CODE) - _KNEE_CODE) / _slope(white)
    return np.where(display > _KNEE_CODE, _KNEE * np.exp2(stops), light).astype(np.float32)


def _slope(white: float) -> np.float32:
    """Code per stop above the knee."""
    return np.float32((1 - _KNEE_CODE) / np.log2(white / _KNEE))


def _srgb(light: Image) -> Image:
    """sRGB without limits: its line goes on below 0, its power above 1."""
    curved = np.float32(1.055) * np.power(np.maximum(light, 0), np.float32(1 / 2.4))
    return np.where(light <= 0.0031308, light * np.float32(12.92), curved - np.float32(0.055))
