"""Periodic noise: band-limited random fields in two and three dimensions."""

from functools import cache

import numpy as np

from .arrays import Floats

VOLUME = 64


@cache
def noise_volume(seed: int) -> Floats:
    """A periodic random field (64, 64, 64), about a bump per four cells, mean 0, deviation 1."""
    return _field((VOLUME,) * 3, cycles=VOLUME / 4, seed=seed)


@cache
def noise_tile(seed: int, size: int, cycles: float) -> Floats:
    """A periodic random field (size, size) with ``cycles`` bumps across, mean 0, deviation 1."""
    return _field((size, size), cycles, seed)


def _field(shape: tuple[int, ...], cycles: float, seed: int) -> Floats:
    white = np.random.default_rng((seed, len(shape))).standard_normal(shape)
    grids = np.meshgrid(*[np.fft.fftfreq(n) * n for n in shape], indexing="ij")
    radius = np.sqrt(sum(g * g for g in grids))
    band = np.exp(-0.5 * ((radius - cycles / 1.6) / (cycles / 4)) ** 2)
    field = np.fft.ifftn(np.fft.fftn(white) * band).real
    return ((field - field.mean()) / field.std()).astype(np.float32)


def noise(points: Floats, frequency: float, seed: int) -> Floats:
    """Smooth noise (N,) at points (N, 3); ``frequency`` is bumps per unit of length."""
    volume = noise_volume(seed).ravel()
    scaled = points * np.float32(frequency * 4)
    base = np.floor(scaled)
    low = base.astype(np.int32)
    fx, fy, fz = (scaled - base).T
    x0, y0, z0 = (low & (VOLUME - 1)).T
    x1, y1, z1 = ((low + 1) & (VOLUME - 1)).T
    x0, x1, y0, y1 = x0 << 12, x1 << 12, y0 << 6, y1 << 6
    near = _mix(
        _mix(volume[x0 + y0 + z0], volume[x1 + y0 + z0], fx),
        _mix(volume[x0 + y1 + z0], volume[x1 + y1 + z0], fx),
        fy,
    )
    far = _mix(
        _mix(volume[x0 + y0 + z1], volume[x1 + y0 + z1], fx),
        _mix(volume[x0 + y1 + z1], volume[x1 + y1 + z1], fx),
        fy,
    )
    return _mix(near, far, fz)


def turbulence(points: Floats, frequency: float, seed: int) -> Floats:
    """Two octaves of noise (N,) at points (N, 3)."""
    return noise(points, frequency, seed) + 0.5 * noise(points, 2.1 * frequency, seed + 1)


def _mix(a: Floats, b: Floats, t: Floats) -> Floats:
    return a + (b - a) * t
