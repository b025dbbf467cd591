"""From a plate's own encoding to what the model sees, and back."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.colour.config import LINEAR, convert, is_display
from tokenflow_studio.media.colour.shoulder import decode_light, encode_light
from tokenflow_studio.media.curves import Image

_MIDDLE = 0.18  # scene light of middle grey
_DARKEST, _BRIGHTEST = 2.0**-3, 2.0**1.5  # a shot's median beside middle grey that needs no help
_MOST_STOPS = 6.0
_MOST_WHITE = 32.0  # above it, the shoulder would be too steep to stand the model's noise
_PROBES = 8  # frames that speak for a shot
_STRIDE = 4  # every fourth pixel both ways gives the median


@dataclass(frozen=True, slots=True)
class ModelEncoding:
    """How one shot becomes display-like, and comes back. Kept with the take.

    space: the plate's colour space by its name in `config`; scene_referred: whether it is light or
    camera log, and goes through the curve; exposure: stops, for the whole shot; white: the light,
    after exposure, that the model sees as 1.0.
    """

    space: str
    config: str
    scene_referred: bool
    exposure: float = 0.0
    white: float = 1.0

    def encode(self, colour: Image) -> Image:
        """(h, w, 3) of the plate's space as codes: 0..1 and, without any clipping, beyond.

        NaN and infinity become 0.
        """
        finite = np.nan_to_num(colour, nan=0.0, posinf=0.0, neginf=0.0)
        if not self.scene_referred:
            return finite
        light = convert(finite, self.space, LINEAR, self.config)
        return encode_light(light * np.float32(2.0**self.exposure), self.white)

    def decode(self, display: Image) -> Image:
        """Codes as the plate's space: the inverse of `encode`."""
        if not self.scene_referred:
            return np.asarray(display, np.float32)
        light = decode_light(display, self.white) * np.float32(2.0**-self.exposure)
        return convert(light, LINEAR, self.space, self.config)

    def to_model(self, colour: Image) -> Image:
        """(h, w, 3) 0..1: what the model sees of the plate's colour."""
        return np.clip(self.encode(colour), 0.0, 1.0)

    def from_model(self, display: Image) -> Image:
        """What the model gave, in the plate's space."""
        return self.decode(display)

    def light(self, colour: Image) -> Image:
        """Scene light by Rec. 709 primaries, before exposure; of finite values."""
        return convert(colour, self.space, LINEAR, self.config)

    def from_light(self, light: Image) -> Image:
        """The inverse of `light`."""
        return convert(light, LINEAR, self.space, self.config)


def shot_encoding(clip: Clip) -> ModelEncoding:
    """One encoding for a whole shot: exposure and white by some of its frames.

    Raises BadInput as `Clip.read_plate` does.
    """
    name, config = clip.info.space.name, clip.info.config
    if is_display(name, config):
        return ModelEncoding(name, config, scene_referred=False)
    frames = clip.info.frames
    count = min(_PROBES, len(frames))
    places = [place * (len(frames) - 1) // max(1, count - 1) for place in range(count)]
    lights = (
        convert(_finite(clip.read_plate(frames[place]).colour), name, LINEAR, config)
        for place in places
    )
    exposure, white = expose(lights)
    return ModelEncoding(name, config, True, exposure, white)


def expose(lights: Iterable[Image]) -> tuple[float, float]:
    """Exposure in stops and white of a shot, by (h, w, 3) frames of its light.

    A shot whose median is sane is left as it is; white is the peak, as a power of two.
    """
    medians: list[float] = []
    peak = 0.0
    for light in lights:
        luminance = light[::_STRIDE, ::_STRIDE] @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        lit = luminance[luminance > 1e-4]  # black borders tell nothing
        if lit.size:
            medians.append(float(np.median(lit)))
        peak = max(peak, float(light.max(initial=0.0)))
    median = math.exp(sum(map(math.log, medians)) / len(medians)) if medians else _MIDDLE
    exposure = 0.0
    if not _DARKEST < median / _MIDDLE < _BRIGHTEST:
        stops = math.log2(_MIDDLE / median)
        exposure = round(max(-_MOST_STOPS, min(_MOST_STOPS, stops)) * 2) / 2
    highest = peak * 2.0**exposure
    white = 1.0 if highest <= 1 else min(_MOST_WHITE, 2.0 ** math.ceil(math.log2(highest)))
    return exposure, white


def _finite(colour: Image) -> Image:
    return np.nan_to_num(colour, nan=0.0, posinf=0.0, neginf=0.0)
