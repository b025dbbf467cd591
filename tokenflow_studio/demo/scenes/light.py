"""Sun, sky and shade at the three times of day."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from .arrays import Floats, blend, rgb, smoothstep, unit
from .noise import noise_tile
from .sampling import sample_tile


@dataclass(frozen=True, slots=True)
class Light:
    """One time of day, in linear light.

    ``sun`` points to the sun (or the moon); ``sunlight`` and ``skylight`` fall on surfaces;
    ``zenith`` and ``horizon`` colour the sky.
    """

    sun: Floats
    sunlight: Floats
    skylight: Floats
    zenith: Floats
    horizon: Floats
    clouds: Floats
    stars: bool = False


_LIGHTS = {
    "day": Light(
        unit(rgb(-0.55, 0.85, 0.45)),
        rgb(1.05, 1.0, 0.92),
        rgb(0.42, 0.47, 0.55),
        rgb(0.10, 0.28, 0.72),
        rgb(0.52, 0.70, 0.92),
        rgb(0.95, 0.95, 0.97),
    ),
    "sunset": Light(
        unit(rgb(-0.75, 0.42, 0.30)),
        rgb(1.15, 0.52, 0.20),
        rgb(0.34, 0.22, 0.27),
        rgb(0.20, 0.10, 0.34),
        rgb(1.0, 0.36, 0.09),
        rgb(0.85, 0.28, 0.20),
    ),
    "night": Light(
        unit(rgb(-0.55, 0.85, 0.40)),
        rgb(0.19, 0.25, 0.44),
        rgb(0.055, 0.075, 0.18),
        rgb(0.002, 0.004, 0.022),
        rgb(0.014, 0.028, 0.095),
        rgb(0.02, 0.03, 0.07),
        stars=True,
    ),
}


def light_at(time: str, seed: int) -> Light:
    """The light of a time of day, with the sun a little elsewhere for each seed."""
    base = _LIGHTS[time]
    turn = np.random.default_rng((seed, 11)).uniform(-0.5, 1.5)
    c, s = np.cos(turn), np.sin(turn)
    x, y, z = base.sun
    sun = rgb(c * x + s * z, y, c * z - s * x)
    return Light(
        sun, base.sunlight, base.skylight, base.zenith, base.horizon, base.clouds, base.stars
    )


def sky(light: Light, directions: Floats, seed: int) -> Floats:
    """Colour (N, 3) of the sky in directions (N, 3)."""
    height = np.clip(directions[:, 1], 0, 1)
    colour = blend(light.horizon, light.zenith, np.clip(height * 2.2, 0, 1) ** 0.6)
    colour = blend(colour, light.clouds, _clouds(directions, seed) * 0.75)
    if light.stars:
        colour = colour + _stars(directions, seed)[:, None] * rgb(0.9, 0.92, 1.0)
        return colour + _moon(directions, seed)[:, None] * rgb(0.9, 0.88, 0.72)
    if light.horizon[0] > light.horizon[2]:
        disc = rgb(-0.3, 0.16, -0.95)
        near = directions @ unit(disc)
        glow = np.exp((near - 1) * 22)[:, None] * rgb(0.9, 0.35, 0.05)
        colour = colour + glow + smoothstep(0.992, 0.994, near)[:, None] * rgb(1.2, 0.8, 0.3)
    return colour


def environment(light: Light, ground: Floats, directions: Floats) -> Floats:
    """What a mirror sees in directions (N, 3): sky above, ground below, a soft sun."""
    y = directions[:, 1]
    above = blend(light.horizon * 1.15, light.zenith, np.clip(y * 1.6, 0, 1) ** 0.7)
    below = blend(light.horizon * 0.12 + ground * 0.35, ground * 0.9, np.clip(-y * 2, 0, 1))
    colour = blend(below, above, smoothstep(-0.04, 0.06, y))
    glint = np.exp((directions @ light.sun - 1) * 28)
    return colour + glint[:, None] * light.sunlight * 2.2


def _sky_angles(directions: Floats) -> tuple[Floats, Floats]:
    return np.arctan2(directions[:, 0], -directions[:, 2]), directions[:, 1]


def _clouds(directions: Floats, seed: int) -> Floats:
    bearing, height = _sky_angles(directions)
    broad, fine = noise_tile(41, 256, 8.0), noise_tile(42, 256, 24.0)
    shift = (seed * 37) % 256
    x = (bearing * 75 + shift).astype(np.float32)
    y = (height * 260).astype(np.float32)
    field = sample_tile(broad, x, y) + 0.5 * sample_tile(fine, x, y)
    return smoothstep(0.35, 1.7, field) * smoothstep(0.02, 0.12, height)


def _stars(directions: Floats, seed: int) -> Floats:
    bearing, height = _sky_angles(directions)
    x = (bearing * 120 + (seed * 53) % 256).astype(np.float32)
    return sample_tile(_star_map(), x, (height * 130).astype(np.float32))


@cache
def _star_map() -> Floats:
    rng = np.random.default_rng(5)
    stars = np.zeros((256, 256), np.float32)
    places = rng.integers(0, 256, (2, 420))
    stars[places[0], places[1]] = rng.uniform(0.15, 1.0, 420) ** 2 * 1.6
    return stars


def _moon(directions: Floats, seed: int) -> Floats:
    rng = np.random.default_rng((seed, 13))
    bearing, height = rng.uniform(-0.45, 0.45), rng.uniform(0.10, 0.24)
    centre = unit(rgb(np.sin(bearing), height, -np.cos(bearing)))
    near = directions @ centre
    return smoothstep(0.9983, 0.9987, near) + 0.18 * np.exp((near - 1) * 160)
