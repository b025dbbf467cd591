"""Shapes drawn over the picture: what lies under the pointer, and how they change."""

import math
from dataclasses import dataclass

from tokenflow_studio.core.finishing import Point, Polygon

Shapes = tuple[Polygon, ...]

_SIDES = 48  # of the polygon that an ellipse becomes
_VERTICES = 24  # up to that many a shape is changed point by point, above as a whole


@dataclass(frozen=True, slots=True)
class Grip:
    """What is held of a shape: one of its handles, or all of it (handle None)."""

    shape: int
    handle: int | None = None


def ellipse(corner: Point, opposite: Point) -> Polygon:
    """The ellipse in a rectangle."""
    (left, top), (right, bottom) = corner, opposite
    x, y = (left + right) / 2, (top + bottom) / 2
    wide, high = abs(right - left) / 2, abs(bottom - top) / 2
    angles = (2 * math.pi * side / _SIDES for side in range(_SIDES))
    return tuple((x + wide * math.cos(a), y + high * math.sin(a)) for a in angles)


def handles(polygon: Polygon) -> tuple[Point, ...]:
    """Its points; of a shape of many, the corners of the rectangle around it."""
    if len(polygon) <= _VERTICES:
        return polygon
    left, top, right, bottom = _around(polygon)
    return (left, top), (right, top), (right, bottom), (left, bottom)


def grip_at(shapes: Shapes, point: Point, reach: float) -> Grip | None:
    """What a pointer takes hold of there, the latest shape first; reach: pixels around a handle."""
    for number in range(len(shapes) - 1, -1, -1):
        for place, handle in enumerate(handles(shapes[number])):
            if math.dist(handle, point) <= reach:
                return Grip(number, place)
    for number in range(len(shapes) - 1, -1, -1):
        if _contains(shapes[number], point):
            return Grip(number)
    return None


def moved(shapes: Shapes, grip: Grip, point: Point, by: Point) -> Shapes:
    """The shapes after what is held came to `point`, `by` pixels from where it was."""
    polygon = shapes[grip.shape]
    if grip.handle is None:
        changed = tuple((x + by[0], y + by[1]) for x, y in polygon)
    elif len(polygon) <= _VERTICES:
        changed = (*polygon[: grip.handle], point, *polygon[grip.handle + 1 :])
    else:
        changed = _stretched(polygon, handles(polygon)[(grip.handle + 2) % 4], grip, point)
    return (*shapes[: grip.shape], changed, *shapes[grip.shape + 1 :])


def without(shapes: Shapes, grip: Grip) -> Shapes:
    """The shapes without that point, or without all of that shape where three are left."""
    polygon = shapes[grip.shape]
    rest = shapes[: grip.shape], shapes[grip.shape + 1 :]
    if grip.handle is None or not 3 < len(polygon) <= _VERTICES:
        return (*rest[0], *rest[1])
    return (*rest[0], (*polygon[: grip.handle], *polygon[grip.handle + 1 :]), *rest[1])


def _stretched(polygon: Polygon, fixed: Point, grip: Grip, point: Point) -> Polygon:
    """Scaled so that the held corner lies on the point and the opposite one stays."""
    assert grip.handle is not None
    corner = handles(polygon)[grip.handle]
    scale = [
        (p - f) / (c - f) if abs(c - f) > 1e-6 and abs(p - f) >= 1 else 1.0
        for p, f, c in zip(point, fixed, corner, strict=True)
    ]
    return tuple(
        (fixed[0] + (x - fixed[0]) * scale[0], fixed[1] + (y - fixed[1]) * scale[1])
        for x, y in polygon
    )


def _around(polygon: Polygon) -> tuple[float, float, float, float]:
    xs, ys = zip(*polygon, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _contains(polygon: Polygon, point: Point) -> bool:
    """Whether the point lies inside: an odd number of edges to the right of it."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside
