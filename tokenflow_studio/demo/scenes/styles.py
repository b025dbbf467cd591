"""Looks of whole pictures, held to the picture's frame so that they do not crawl over time."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np

from .arrays import Floats, Ints, blend, rgb, smoothstep
from .noise import noise_tile

#: How many arrangements of strokes and tiles there are to choose from.
_VARIANTS = 8


def apply_style(style: str, picture: Floats, kinds: Ints, seed: int) -> np.ndarray:
    """A picture (H, W, 3), 0 to 1, in a style, as uint8; ``kinds`` (H, W) tells things apart."""
    size = picture.shape[0]
    drawn = _STYLES[style](picture, kinds, seed % _VARIANTS, size)
    return np.clip(drawn * 255 + 0.5, 0, 255).astype(np.uint8)


def _grey(picture: Floats) -> Floats:
    return cv2.cvtColor(np.ascontiguousarray(picture, np.float32), cv2.COLOR_RGB2GRAY)


@cache
def _paper(size: int, cycles: float) -> Floats:
    return noise_tile(301, size, cycles)


def _outline(kinds: Ints) -> Floats:
    edge = np.zeros(kinds.shape, np.float32)
    edge[:, 1:] += kinds[:, 1:] != kinds[:, :-1]
    edge[1:] += kinds[1:] != kinds[:-1]
    return np.minimum(edge, 1)


def _photo(picture: Floats, kinds: Ints, variant: int, size: int) -> Floats:
    return picture


def _watercolor(picture: Floats, kinds: Ints, variant: int, size: int) -> Floats:
    s = size / 256
    wet = cv2.bilateralFilter(np.ascontiguousarray(picture, np.float32), 7, 0.25, 4 * s)
    wash = cv2.GaussianBlur(wet, (0, 0), 1.6 * s)
    steps = np.round(wash * 6) / 6
    wash = 0.45 * wash + 0.55 * cv2.GaussianBlur(steps.astype(np.float32), (0, 0), 0.8 * s)
    pale = 1 - (1 - wash) * 0.72
    grey = _grey(wash)
    rim = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 2.2 * s))
    pale = pale - np.clip(rim * 1.6, 0, 0.22)[..., None]
    blot = 1 + 0.045 * _paper(size, 14.0) + 0.02 * _paper(size, size / 4)
    pale = np.clip(pale * blot[..., None], 0, 1)
    return blend(rgb(0.965, 0.95, 0.91), pale, _wash_border(size, variant))


@cache
def _wash_border(size: int, variant: int) -> Floats:
    axis = np.minimum(np.arange(size), np.arange(size)[::-1]) / size
    inside = np.minimum(axis[:, None], axis[None])
    ragged = inside + 0.018 * np.roll(_paper(size, 12.0), 37 * variant, 1)
    return smoothstep(0.035, 0.06, ragged.astype(np.float32))


def _pencil(picture: Floats, kinds: Ints, variant: int, size: int) -> Floats:
    s = size / 256
    grey = cv2.GaussianBlur(_grey(picture), (0, 0), 0.9 * s)
    dodge = np.clip(grey / (cv2.GaussianBlur(grey, (0, 0), 4 * s) + 1e-3), 0, 1) ** 1.5
    lines = cv2.GaussianBlur(_outline(kinds), (0, 0), 0.8 * s)
    even, steep = _hatching(size)
    tone = 0.97 - 0.34 * np.clip(0.66 - grey, 0, 1) * even
    tone -= 0.55 * np.clip(0.30 - grey, 0, 1) * steep
    drawn = tone * (0.45 + 0.55 * dodge) - 0.75 * lines
    drawn = drawn + 0.018 * _paper(size, size / 5)
    return np.clip(drawn, 0.08, 1)[..., None] * rgb(1.0, 0.992, 0.97)


@cache
def _hatching(size: int) -> tuple[Floats, Floats]:
    """Pencil strokes at two slants, 0 (paper) to 2 (graphite), 1 on average."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) * np.float32(256 / size)
    wobble = 1.4 * _paper(size, 10.0)
    even = 1 + np.sin((x + y + wobble) * np.float32(2 * np.pi / 10.0))
    steep = 1 + np.sin((x * 0.4 - y + wobble) * np.float32(2 * np.pi / 9.0))
    return even, steep


def _oil(picture: Floats, kinds: Ints, variant: int, size: int) -> Floats:
    s = size / 256
    soft = cv2.GaussianBlur(picture, (0, 0), 1.5 * s)
    rich = np.clip(soft + (soft - soft.mean(axis=-1, keepdims=True)) * 0.35, 0, 1)
    canvas = (rich * 255).astype(np.uint8)
    source = canvas.copy()
    for x, y, dx, dy, width, tone in _strokes(size, variant):
        r, g, b = source[y, x]
        colour = (min(r * tone, 255), min(g * tone, 255), min(b * tone, 255))
        cv2.line(canvas, (x - dx, y - dy), (x + dx, y + dy), colour, width, cv2.LINE_AA)
    painted = canvas.astype(np.float32) / 255
    near = cv2.GaussianBlur(_outline(kinds), (0, 0), 1.2 * s)
    painted = blend(painted, rich, np.clip(near * 1.6, 0, 1))
    grey = _grey(painted)
    relief = grey - np.roll(np.roll(grey, 1, 0), 1, 1)
    return np.clip(painted + np.clip(relief, -0.12, 0.12)[..., None] * 0.8, 0, 1)


@cache
def _strokes(size: int, variant: int) -> list[tuple[int, int, int, int, int, float]]:
    """Brush strokes: centre, half extent, width and tone, large ones first."""
    rng = np.random.default_rng((variant, 311))
    count = 3200
    x, y = rng.integers(0, size, (2, count))
    swirl = _paper(size, 5.0)[y, x] * 0.9 + rng.normal(0, 0.35, count) + 0.5
    length = np.linspace(8, 4, count) * size / 256
    width = np.round(np.linspace(4.6, 2.4, count) * size / 256).astype(int)
    tone = rng.uniform(0.82, 1.18, count)
    dx, dy = (np.cos(swirl) * length).astype(int), (np.sin(swirl) * length).astype(int)
    rows = zip(x, y, dx, dy, np.maximum(width, 1), tone, strict=True)
    return [(int(a), int(b), int(c), int(d), int(e), float(f)) for a, b, c, d, e, f in rows]


def _mosaic(picture: Floats, kinds: Ints, variant: int, size: int) -> Floats:
    labels, grout, tones = _tiles(size, variant)
    flat = labels.ravel()
    count = np.bincount(flat, minlength=len(tones))
    means = [
        np.bincount(flat, picture[..., c].ravel(), len(tones)) / np.maximum(count, 1)
        for c in range(3)
    ]
    tiles = np.stack(means, 1) * tones[:, None]
    return blend(tiles[labels].astype(np.float32), rgb(0.20, 0.19, 0.18), grout)


@cache
def _tiles(size: int, variant: int) -> tuple[Ints, Floats, Floats]:
    """Tile number (H, W), grout (H, W) 0 to 1, and each tile's tone."""
    rng = np.random.default_rng((variant, 321))
    across = 22
    cell = size / across
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) + 0.5
    column, row = (x // cell).astype(int), (y // cell).astype(int)
    jitter = rng.uniform(0.2, 0.8, (2, across + 2, across + 2)).astype(np.float32)
    nearest = np.full((size, size), 1e9, np.float32)
    second, labels = nearest.copy(), np.zeros((size, size), int)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            r, c = row + dy + 1, column + dx + 1
            px = (c - 1 + jitter[0, r, c]) * cell
            py = (r - 1 + jitter[1, r, c]) * cell
            gap = np.hypot(x - px, y - py).astype(np.float32)
            closer = gap < nearest
            second = np.where(closer, nearest, np.minimum(second, gap))
            labels = np.where(closer, r * (across + 2) + c, labels)
            nearest = np.minimum(nearest, gap)
    grout = 1 - smoothstep(0.6, 2.0, (second - nearest) * np.float32(256 / size))
    return labels, grout, rng.uniform(0.85, 1.15, (across + 2) ** 2)


def _comic(picture: Floats, kinds: Ints, variant: int, size: int) -> Floats:
    s = size / 256
    smooth = cv2.bilateralFilter(np.ascontiguousarray(picture, np.float32), 7, 0.2, 5 * s)
    grey = _grey(smooth)[..., None]
    vivid = np.clip(grey + (smooth - grey) * 1.55, 0, 1)
    level = np.max(vivid, axis=-1, keepdims=True) + 1e-4
    flat = vivid / level * np.clip((np.floor(level * 4) + 0.6) / 4, 0, 1)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) * np.float32(np.pi / (6.5 * s))
    screen = np.sin(x + y) * np.sin(x - y)
    shadow = smoothstep(0.55, 0.25, grey[..., 0]) * smoothstep(0.1, 0.4, screen)
    flat = flat * (1 - 0.35 * shadow[..., None])
    contrast = grey[..., 0] - cv2.GaussianBlur(grey[..., 0], (0, 0), 2.0 * s)
    ink = smoothstep(0.06, 0.12, -contrast)
    outline = np.clip(cv2.GaussianBlur(_outline(kinds), (0, 0), 1.1 * s) * 2.6, 0, 1)
    return flat * (1 - np.maximum(ink * 0.8, outline))[..., None]


Look = Callable[[Floats, Ints, int, int], Floats]
_STYLES: dict[str, Look] = {
    "photo": _photo,
    "watercolor": _watercolor,
    "pencil": _pencil,
    "oil": _oil,
    "mosaic": _mosaic,
    "comic": _comic,
}
