"""Rays against the five shapes.  Shapes live in their own coordinates, about one unit in radius."""

from dataclasses import dataclass

import numpy as np

from .arrays import Floats

CUBE = 0.78
CYLINDER_RADIUS, CYLINDER_HALF = 0.72, 0.82
CONE_TOP, CONE_BASE, CONE_RADIUS = 1.05, -0.75, 0.92
TORUS_RADIUS, TORUS_TUBE = 0.70, 0.31
MISS = np.float32(1e9)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a shape stands: world = rotation @ local * size + centre."""

    rotation: Floats
    centre: Floats
    size: float

    def to_local(self, points: Floats) -> Floats:
        return ((points - self.centre) @ self.rotation) / np.float32(self.size)

    def to_world(self, points: Floats) -> Floats:
        return points @ (self.rotation.T * np.float32(self.size)) + self.centre

    def turn_to_local(self, vectors: Floats) -> Floats:
        return vectors @ self.rotation

    def turn_to_world(self, vectors: Floats) -> Floats:
        return vectors @ self.rotation.T


def about_y(angle: float) -> Floats:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float32)


def about_axis(axis: Floats, angle: float) -> Floats:
    """Rotation about a unit axis (Rodrigues)."""
    x, y, z = (float(v) for v in axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return (np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k)).astype(np.float32)


def intersect(shape: str, origins: Floats, directions: Floats) -> Floats:
    """Distance (N,) along local rays (N, 3) to the shape's first surface, ``MISS`` where none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _INTERSECT[shape](origins, directions)


def normal(shape: str, points: Floats) -> Floats:
    """Outward unit normals (N, 3) at surface points (N, 3), in local coordinates."""
    return _NORMAL[shape](points)


def _dot(a: Floats, b: Floats) -> Floats:
    return np.einsum("ij,ij->i", a, b)


def _nearest_positive(*distances: Floats) -> Floats:
    best = np.full_like(distances[0], MISS)
    for t in distances:
        best = np.where((t > 1e-3) & (t < best), t, best)
    return best


def _ball(o: Floats, d: Floats) -> Floats:
    a, b, c = _dot(d, d), _dot(o, d), _dot(o, o) - 1
    root = np.sqrt(b * b - a * c)
    return _nearest_positive((-b - root) / a, (-b + root) / a)


def _cube(o: Floats, d: Floats) -> Floats:
    near, far = (-CUBE - o) / d, (CUBE - o) / d
    enter = np.minimum(near, far).max(axis=1)
    leave = np.maximum(near, far).min(axis=1)
    return np.where((enter < leave) & (enter > 1e-3), enter, MISS)


def _disc(o: Floats, d: Floats, height: float, radius: float) -> Floats:
    t = (height - o[:, 1]) / d[:, 1]
    x, z = o[:, 0] + t * d[:, 0], o[:, 2] + t * d[:, 2]
    return np.where(x * x + z * z <= radius * radius, t, MISS)


def _within(t: Floats, o: Floats, d: Floats, low: float, high: float) -> Floats:
    y = o[:, 1] + t * d[:, 1]
    return np.where((y > low) & (y < high), t, MISS)


def _cylinder(o: Floats, d: Floats) -> Floats:
    a = d[:, 0] ** 2 + d[:, 2] ** 2
    b = o[:, 0] * d[:, 0] + o[:, 2] * d[:, 2]
    c = o[:, 0] ** 2 + o[:, 2] ** 2 - CYLINDER_RADIUS**2
    root = np.sqrt(b * b - a * c)
    h = CYLINDER_HALF
    return _nearest_positive(
        _within((-b - root) / a, o, d, -h, h),
        _disc(o, d, h, CYLINDER_RADIUS),
        _disc(o, d, -h, CYLINDER_RADIUS),
    )


def _cone(o: Floats, d: Floats) -> Floats:
    slope = (CONE_RADIUS / (CONE_TOP - CONE_BASE)) ** 2
    y, dy = o[:, 1] - CONE_TOP, d[:, 1]
    a = d[:, 0] ** 2 + d[:, 2] ** 2 - slope * dy * dy
    b = o[:, 0] * d[:, 0] + o[:, 2] * d[:, 2] - slope * y * dy
    c = o[:, 0] ** 2 + o[:, 2] ** 2 - slope * y * y
    root = np.sqrt(b * b - a * c)
    return _nearest_positive(
        _within((-b - root) / a, o, d, CONE_BASE, CONE_TOP),
        _within((-b + root) / a, o, d, CONE_BASE, CONE_TOP),
        _disc(o, d, CONE_BASE, CONE_RADIUS),
    )


def _torus_distance(p: Floats) -> Floats:
    ring = np.sqrt(p[:, 0] ** 2 + p[:, 2] ** 2) - TORUS_RADIUS
    return np.sqrt(ring * ring + p[:, 1] ** 2) - TORUS_TUBE


def _torus(o: Floats, d: Floats) -> Floats:
    """Sphere tracing, then two secant steps: a quartic in float32 is not worth its trouble."""
    length = np.sqrt(_dot(d, d))
    d = d / length[:, None]
    b = _dot(o, d)
    bound = TORUS_RADIUS + TORUS_TUBE + 0.01
    disc = b * b - _dot(o, o) + bound * bound
    t = np.where(disc > 0, np.maximum(-b - np.sqrt(np.maximum(disc, 0)), 0.0), MISS)
    active = np.flatnonzero(disc > 0)
    for _ in range(26):
        gap = _torus_distance(o[active] + t[active, None] * d[active])
        t[active] += gap
        active = active[(gap > 5e-4) & (t[active] < bound - b[active])]
        if not active.size:
            break
    gap = np.abs(_torus_distance(o + np.minimum(t, 1e3)[:, None] * d))
    return np.where((gap < 4e-3) & (t > 1e-3), t / length, MISS)


def _normal_cube(p: Floats) -> Floats:
    axis = np.abs(p).argmax(axis=1)
    rows = np.arange(len(p))
    out = np.zeros_like(p)
    out[rows, axis] = np.sign(p[rows, axis])
    return out


def _normal_cylinder(p: Floats) -> Floats:
    cap = np.abs(p[:, 1]) > CYLINDER_HALF - 2e-3
    side = np.stack([p[:, 0], np.zeros(len(p), np.float32), p[:, 2]], 1) / CYLINDER_RADIUS
    flat = np.zeros_like(p)
    flat[:, 1] = np.sign(p[:, 1])
    return np.where(cap[:, None], flat, side)


def _normal_cone(p: Floats) -> Floats:
    slope = CONE_RADIUS / (CONE_TOP - CONE_BASE)
    radius = np.maximum(np.sqrt(p[:, 0] ** 2 + p[:, 2] ** 2), 1e-4)
    side = np.stack([p[:, 0] / radius, np.full(len(p), slope, np.float32), p[:, 2] / radius], 1)
    side /= np.float32(np.hypot(1, slope))
    base = np.array([0, -1, 0], np.float32)
    return np.where((p[:, 1] < CONE_BASE + 2e-3)[:, None], base, side)


def _normal_torus(p: Floats) -> Floats:
    ring = np.maximum(np.sqrt(p[:, 0] ** 2 + p[:, 2] ** 2), 1e-4)
    keep = 1 - TORUS_RADIUS / ring
    return np.stack([p[:, 0] * keep, p[:, 1], p[:, 2] * keep], 1) / TORUS_TUBE


_INTERSECT = {
    "ball": _ball,
    "cube": _cube,
    "cylinder": _cylinder,
    "cone": _cone,
    "torus": _torus,
}
_NORMAL = {
    "ball": lambda p: p,
    "cube": _normal_cube,
    "cylinder": _normal_cylinder,
    "cone": _normal_cone,
    "torus": _normal_torus,
}
