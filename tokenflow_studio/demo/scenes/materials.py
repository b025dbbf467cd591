"""Surfaces of objects: colour, gloss and glow as functions of the local surface point."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from .arrays import Floats, blend, rgb, smoothstep
from .noise import noise, turbulence
from .scene import Scene
from .vocabulary import COLOURS

#: Bumps are this far apart when a normal is bent, in units of length.
_BUMP_STEP = np.float32(0.02)


@dataclass(frozen=True, slots=True)
class Surface:
    """What light meets at N points: colours (N, 3) in linear light, the rest (N,) or one number."""

    colour: Floats
    gloss: float = 0.0
    sharpness: float = 30.0
    mirror: float = 0.0
    rim: float = 0.0
    glow: Floats | None = None


def surface(scene: Scene, points: Floats, normals: Floats) -> Surface:
    """The surface of the scene's object at local points and normals (N, 3)."""
    return _MAKERS[scene.material](scene, points, normals)


def bumps(scene: Scene, points: Floats) -> Floats | None:
    """The slope (N, 3) of the material's relief at local points, or None where it is smooth."""
    relief = _RELIEF.get(scene.material)
    if relief is None:
        return None
    depth, frequency = relief
    here = noise(points, frequency, 3)
    slopes = [
        noise(points + _BUMP_STEP * np.eye(3, dtype=np.float32)[axis], frequency, 3) - here
        for axis in range(3)
    ]
    return np.stack(slopes, 1) * np.float32(depth)


_RELIEF = {
    "gold": (0.5, 2.2),
    "copper": (0.5, 2.2),
    "silver": (0.35, 1.8),
    "stone": (0.9, 5.0),
    "rubber": (0.16, 8.0),
    "ice": (0.8, 2.5),
}


def _colour(name: str, count: int) -> Floats:
    return np.broadcast_to(rgb(*COLOURS[name]), (count, 3))


def _rubber(scene: Scene, p: Floats, n: Floats) -> Surface:
    return Surface(_colour(scene.colour, len(p)), gloss=0.05, sharpness=6)


def _plastic(scene: Scene, p: Floats, n: Floats) -> Surface:
    return Surface(_colour(scene.colour, len(p)), gloss=0.75, sharpness=70, rim=0.25)


def _metal(tint: tuple[float, float, float]) -> "Maker":
    def make(scene: Scene, p: Floats, n: Floats) -> Surface:
        scratches = 0.96 + 0.05 * noise(p * rgb(1, 7, 1), 3.0, 5)
        return Surface(rgb(*tint) * scratches[:, None], gloss=0.9, sharpness=50, mirror=1.0)

    return make


def _marble(scene: Scene, p: Floats, n: Floats) -> Surface:
    q = p + 0.16 * turbulence(p, 1.1, 21)[:, None]
    broad = np.abs(noise(q, 0.85, 22))
    fine = np.abs(noise(q, 2.1, 23))
    vein = np.exp(-broad * 7.0) * 0.95 + np.exp(-fine * 8.0) * 0.5
    cloud = 0.06 * noise(p, 1.3, 24)
    colour = blend(rgb(0.84, 0.83, 0.80), rgb(0.09, 0.10, 0.13), np.clip(vein + cloud, 0, 1))
    return Surface(colour, gloss=0.5, sharpness=60, rim=0.15)


def _wood(scene: Scene, p: Floats, n: Floats) -> Surface:
    q = p + 0.05 * noise(p * rgb(1, 0.3, 1), 1.6, 31)[:, None]
    radius = np.sqrt((q[:, 0] + 0.35) ** 2 + (q[:, 2] - 0.2) ** 2)
    ring = radius * 5.5 + 0.35 * q[:, 1]
    saw = ring - np.floor(ring)
    band = smoothstep(0.25, 0.9, saw) * (1 - smoothstep(0.92, 1.0, saw))
    fibre = noise(p * rgb(5, 0.6, 5), 1.6, 32) * 0.12
    colour = blend(rgb(0.50, 0.25, 0.085), rgb(0.12, 0.038, 0.012), np.clip(band + fibre, 0, 1))
    return Surface(colour, gloss=0.12, sharpness=18)


def _ice(scene: Scene, p: Floats, n: Floats) -> Surface:
    crack = np.exp(-np.abs(turbulence(p, 1.2, 41)) * 9.0)
    depth = 0.5 + 0.3 * noise(p, 1.1, 43)
    colour = blend(rgb(0.60, 0.86, 0.96), rgb(0.16, 0.50, 0.78), np.clip(depth, 0, 1))
    colour = blend(colour, rgb(0.97, 1.0, 1.0), crack * 0.9)
    return Surface(colour, gloss=1.1, sharpness=90, mirror=0.22, rim=0.7)


def _lava(scene: Scene, p: Floats, n: Floats) -> Surface:
    q = p + 0.10 * noise(p, 1.4, 51)[:, None]
    gap = np.abs(noise(q, 0.95, 52))
    heat = np.exp(-gap * 3.6) + 0.30 * np.exp(-np.abs(noise(q, 2.4, 53)) * 5)
    heat = np.clip(heat, 0, 1.1)
    glow = np.stack([1.7 * heat**1.3, 0.62 * heat**2.6, 0.12 * heat**6], 1)
    crust = rgb(0.035, 0.025, 0.022) * (1 + 0.5 * noise(p, 5.0, 54))[:, None]
    return Surface(crust.astype(np.float32), gloss=0.1, sharpness=10, glow=glow)


def _stone(scene: Scene, p: Floats, n: Floats) -> Surface:
    speck = 0.75 * noise(p, 9.0, 61) + 0.5 * noise(p, 3.0, 62)
    crack = np.exp(-np.abs(noise(p, 1.0, 63)) * 16)
    shade = np.clip(0.24 + 0.085 * speck, 0.04, 0.6) * (1 - 0.7 * crack)
    return Surface(shade[:, None] * rgb(1.0, 0.97, 0.91), gloss=0.03, sharpness=8)


def _two_tone(scene: Scene, weight: Floats) -> Surface:
    first, second = rgb(*COLOURS[scene.colour]), rgb(*COLOURS[scene.second_colour])
    return Surface(blend(second, first, weight), gloss=0.3, sharpness=40)


def _square(x: Floats, softness: float) -> Floats:
    """A square wave of period 2 with soft edges, 0 to 1."""
    folded = np.abs(np.mod(x, 2.0) - 1.0)
    return smoothstep(0.5 - softness, 0.5 + softness, folded)


def _checker(scene: Scene, p: Floats, n: Floats) -> Surface:
    if scene.shape == "cube":
        waves = [_square(p[:, axis] * 3.85 + 0.5, 0.05) for axis in range(3)]
        a, b, c = waves
        ab = a + b - 2 * a * b
        return _two_tone(scene, ab + c - 2 * ab * c)
    around = np.arctan2(p[:, 0], p[:, 2]) * np.float32(10 / (2 * np.pi)) * 1.2
    height = p[:, 1] * 3.1
    if scene.shape == "torus":
        ring = np.hypot(p[:, 0], p[:, 2]) - 0.7
        height = np.arctan2(p[:, 1], ring) * np.float32(6 / (2 * np.pi))
    cap = np.abs(n[:, 1]) > 0.98
    height = np.where(cap & (scene.shape != "ball"), np.hypot(p[:, 0], p[:, 2]) * 3.1, height)
    a, b = _square(around, 0.05), _square(height, 0.05)
    return _two_tone(scene, a + b - 2 * a * b)


def _stripes(scene: Scene, p: Floats, n: Floats) -> Surface:
    if scene.shape == "torus":
        return _two_tone(
            scene, _square(np.arctan2(p[:, 0], p[:, 2]) * np.float32(20 / 6.2832), 0.07)
        )
    lean = p @ rgb(0.30, 0.92, 0.25)
    return _two_tone(scene, _square(lean * 4.6, 0.06))


def _dots(scene: Scene, p: Floats, n: Floats) -> Surface:
    direction = p / np.sqrt((p * p).sum(1, keepdims=True))
    near = (direction @ _dot_centres().T).max(axis=1)
    return _two_tone(scene, smoothstep(0.985, 0.980, near))


@cache
def _dot_centres(count: int = 46) -> Floats:
    """Nearly even directions on the sphere (Fibonacci lattice)."""
    k = np.arange(count) + 0.5
    y = 1 - 2 * k / count
    angle = np.pi * (1 + 5**0.5) * k
    r = np.sqrt(1 - y * y)
    return np.stack([r * np.cos(angle), y, r * np.sin(angle)], 1).astype(np.float32)


Maker = Callable[[Scene, Floats, Floats], Surface]
_MAKERS: dict[str, Maker] = {
    "rubber": _rubber,
    "plastic": _plastic,
    "checker": _checker,
    "stripes": _stripes,
    "dots": _dots,
    "gold": _metal((1.25, 0.68, 0.08)),
    "silver": _metal((1.05, 1.07, 1.10)),
    "copper": _metal((1.10, 0.40, 0.19)),
    "marble": _marble,
    "wood": _wood,
    "ice": _ice,
    "lava": _lava,
    "stone": _stone,
}
