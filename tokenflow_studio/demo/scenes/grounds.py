"""Grounds and walls: periodic colour tiles, sampled with the right blur for the distance."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from .arrays import Floats, blend, rgb, smoothstep
from .noise import noise_tile
from .sampling import remap_points

#: Pixels across a tile, and world units that it covers.
TILE, TILE_UNITS = 512, 6.0
#: Where the brick wall and the far edge of the table stand.
WALL_Z = -2.6
TABLE_EDGE_Z = -3.4


@dataclass(frozen=True, slots=True)
class GroundKind:
    """How a ground reflects: its mean colour (linear light) and gloss."""

    mean: Floats
    gloss: float = 0.0


@cache
def ground_kind(name: str) -> GroundKind:
    mean = _tile(name).mean(axis=(0, 1)).astype(np.float32)
    return GroundKind(mean, gloss={"sea": 0.5, "wooden table": 0.15}.get(name, 0.0))


def ground_colour(name: str, u: Floats, v: Floats, footprint: Floats) -> Floats:
    """Colour (N, 3) of a tile at surface coordinates u, v (N,) in world units.

    ``footprint`` (N,) is the length of surface that one pixel covers; finer detail is averaged.
    """
    levels = _levels(name)
    wanted = np.clip(np.log2(np.maximum(footprint, 1e-6) * (TILE / TILE_UNITS)), 0, len(levels) - 1)
    out = np.zeros((len(u), 3), np.float32)
    for level, image in enumerate(levels):
        weight = np.clip(1 - np.abs(wanted - level), 0, 1)
        index = np.flatnonzero(weight > 0)
        if not index.size:
            continue
        size = TILE >> level
        scale = np.float32(size / TILE_UNITS)
        x, y = np.mod(u[index] * scale - 0.5, size), np.mod(v[index] * scale - 0.5, size)
        out[index] += remap_points(image, x, y) * weight[index, None]
    return out


def sea_slope(u: Floats, v: Floats, footprint: Floats) -> Floats:
    """Slope (N, 2) of the waves."""
    calm = np.clip(0.05 / np.maximum(footprint, 1e-6), 0.0, 1.0)
    return ground_colour("sea slope", u, v, footprint)[:, :2] * calm[:, None]


@cache
def _levels(name: str) -> list[Floats]:
    image = _tile(name)
    levels = []
    while len(image) >= 8:
        levels.append(cv2.copyMakeBorder(image, 0, 1, 0, 1, cv2.BORDER_WRAP))
        image = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return levels


@cache
def _tile(name: str) -> Floats:
    return _TILES[name]().astype(np.float32)


def _coordinates() -> tuple[Floats, Floats]:
    axis = (np.arange(TILE, dtype=np.float32) + 0.5) * np.float32(TILE_UNITS / TILE)
    u, v = np.meshgrid(axis, axis)
    return u, v


def _grass() -> Floats:
    rng = np.random.default_rng(101)
    image = np.full((TILE, TILE, 3), (0.045, 0.16, 0.015), np.float32)
    for _ in range(5200):
        x, y = rng.uniform(0, TILE, 2)
        lean = rng.normal(0, 3.2)
        length = rng.uniform(7, 15)
        shade = rng.uniform(0.45, 1.5)
        yellow = rng.uniform(0, 0.10)
        colour = (0.10 * shade + yellow, 0.31 * shade + yellow, 0.035 * shade)
        for dx in (0, TILE if x < 32 else -TILE):
            for dy in (0, TILE if y < 32 else -TILE):
                start = (round((x + dx) * 8), round((y + dy) * 8))
                end = (round((x + dx + lean) * 8), round((y + dy - length) * 8))
                cv2.line(image, start, end, colour, 2, cv2.LINE_AA, 3)
    patches = noise_tile(102, TILE, 5.0)[..., None]
    return np.clip(image * (1 + 0.12 * patches), 0, 1)


def _sand() -> Floats:
    _u, v = _coordinates()
    wobble = noise_tile(111, TILE, 6.0)
    ripple = np.sin(2 * np.pi * (v * (18 / TILE_UNITS)) + 1.3 * wobble)
    grain = noise_tile(112, TILE, 100.0) * 0.05 + noise_tile(113, TILE, 40.0) * 0.05
    shade = 1 + 0.17 * ripple + grain
    return np.clip(rgb(0.74, 0.53, 0.27) * shade[..., None], 0, 1)


def _snow() -> Floats:
    soft = noise_tile(121, TILE, 8.0) * 0.05 + noise_tile(122, TILE, 26.0) * 0.05
    glitter = smoothstep(2.3, 2.7, noise_tile(123, TILE, 110.0)) * 0.3
    hollow = np.clip(-soft * 3.4, 0, 1)
    return blend(
        np.clip(rgb(0.86, 0.89, 0.95) + glitter[..., None], 0, 1), rgb(0.55, 0.66, 0.86), hollow
    )


def _sea() -> Floats:
    return np.broadcast_to(rgb(0.008, 0.085, 0.16), (TILE, TILE, 3)).copy()


def _sea_slope() -> Floats:
    height = noise_tile(131, TILE, 9.0) + 0.45 * noise_tile(132, TILE, 22.0)
    down = np.roll(height, -1, 0) - np.roll(height, 1, 0)
    across = np.roll(height, -1, 1) - np.roll(height, 1, 1)
    return np.stack([across, down * 1.6, np.zeros_like(height)], -1) * 1.15


def _bricks() -> Floats:
    u, v = _coordinates()
    rows, columns = 18, 9
    y = v * (rows / TILE_UNITS)
    row = np.floor(y).astype(int)
    x = u * (columns / TILE_UNITS) + 0.5 * (row % 2)
    column = np.floor(x).astype(int) % columns
    tone = np.random.default_rng(141).uniform(0.55, 1.35, (rows, columns, 1))[row % rows, column]
    fx, fy = x - np.floor(x), y - np.floor(y)
    wide = TILE_UNITS / columns
    high = TILE_UNITS / rows
    gap = np.minimum(np.minimum(fx, 1 - fx) * wide, np.minimum(fy, 1 - fy) * high)
    brick = rgb(0.36, 0.085, 0.045) * (tone + 0.10 * noise_tile(142, TILE, 60.0)[..., None])
    return np.clip(blend(rgb(0.52, 0.48, 0.42), brick, smoothstep(0.02, 0.035, gap)), 0, 1)


def _pavement() -> Floats:
    u, v = _coordinates()
    fx, fy = np.mod(u, 1.5), np.mod(v, 1.5)
    gap = np.minimum(np.minimum(fx, 1.5 - fx), np.minimum(fy, 1.5 - fy))
    grain = noise_tile(151, TILE, 60.0) * 0.05 + noise_tile(152, TILE, 8.0) * 0.06
    shade = 0.30 * (1 + grain) * (0.45 + 0.55 * smoothstep(0.015, 0.035, gap))
    return np.clip(shade[..., None] * rgb(1.0, 0.98, 0.93), 0, 1)


def _planks() -> Floats:
    u, _v = _coordinates()
    count = 8
    x = u * (count / TILE_UNITS)
    plank = np.floor(x).astype(int) % count
    tone = np.random.default_rng(161).uniform(0.6, 1.3, count)[plank]
    stretched = cv2.resize(noise_tile(162, TILE, 30.0)[:64], (TILE, TILE))
    fibre = cv2.resize(noise_tile(163, TILE, 70.0)[:64], (TILE, TILE))
    grain = np.sin(stretched * 2.2 + x * 9 + plank * 2.1) * 0.17 + fibre * 0.07
    fx = x - np.floor(x)
    gap = np.minimum(fx, 1 - fx) * (TILE_UNITS / count)
    shade = (tone + grain) * (0.12 + 0.88 * smoothstep(0.008, 0.03, gap))
    return np.clip(rgb(0.38, 0.185, 0.07) * shade[..., None], 0, 1)


def _road() -> Floats:
    u, v = _coordinates()
    grain = noise_tile(171, TILE, 110.0) * 0.17 + noise_tile(172, TILE, 30.0) * 0.09
    shade = 0.062 * (1 + grain + 0.08 * noise_tile(173, TILE, 5.0))
    image = np.clip(shade, 0.01, 1)[..., None] * rgb(1.0, 1.0, 1.05)
    dash = (np.abs(u - 1.35) < 0.10) & (np.mod(v, 3.0) < 1.9)
    edge = np.abs(u - 4.4) < 0.07
    image = blend(image, rgb(0.80, 0.80, 0.76), dash.astype(np.float32) * 0.9)
    return blend(image, rgb(0.78, 0.52, 0.04), edge.astype(np.float32) * 0.9)


def _studio() -> Floats:
    return np.full((TILE, TILE, 3), 0.46, np.float32)


_TILES = {
    "grass": _grass,
    "sand": _sand,
    "snow": _snow,
    "sea": _sea,
    "sea slope": _sea_slope,
    "brick wall": _bricks,
    "pavement": _pavement,
    "wooden table": _planks,
    "road": _road,
    "studio": _studio,
}
