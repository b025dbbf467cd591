"""Clips with what no footage gives: exact optical flow, occlusion and object masks."""

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Floats
from .render import (
    GROUND,
    OBJECT,
    SKY,
    WALL,
    Hits,
    Stage,
    pixel_centres,
    render_frame,
    stage_at,
    trace,
)
from .scene import Scene

#: How much nearer (share of the depth) something must be to hide a point.
_DEPTH_TOLERANCE = 0.015


@dataclass(frozen=True, slots=True)
class RenderedClip:
    """A rendered clip of T frames, H = W = size.

    ``frames`` (T, H, W, 3) uint8.  ``forward`` (T-1, H, W, 2) is the motion in pixels (x right,
    y down) from frame t to t+1, ``backward`` from frame t+1 to t.  ``forward_valid`` and
    ``backward_valid`` (T-1, H, W) are False where the point is hidden in the other frame or
    outside it.  ``object_masks`` (T, H, W) is True on the object.
    """

    frames: np.ndarray
    forward: Floats
    backward: Floats
    forward_valid: Bools
    backward_valid: Bools
    object_masks: Bools


def render_clip(scene: Scene, n_frames: int, size: int = 256, start: float = 0.0) -> RenderedClip:
    """Render ``n_frames`` frames from ``start`` on, with their motion."""
    times = [start + k for k in range(n_frames)]
    stages = [stage_at(scene, t) for t in times]
    directions = [stage.camera.rays(pixel_centres(size)) for stage in stages]
    hits = [trace(stage, rays) for stage, rays in zip(stages, directions, strict=True)]
    pairs = list(zip(stages, hits, stages[1:], hits[1:], strict=False))
    ahead = [_flow(a, ha, b, hb, size) for a, ha, b, hb in pairs]
    back = [_flow(b, hb, a, ha, size) for a, ha, b, hb in pairs]
    empty = np.zeros((0, size, size, 2), np.float32)
    return RenderedClip(
        frames=np.stack([render_frame(scene, t, size) for t in times]),
        forward=np.stack([flow for flow, _ in ahead]) if pairs else empty,
        backward=np.stack([flow for flow, _ in back]) if pairs else empty,
        forward_valid=np.stack([valid for _, valid in ahead]) if pairs else empty[..., 0] > 0,
        backward_valid=np.stack([valid for _, valid in back]) if pairs else empty[..., 0] > 0,
        object_masks=np.stack([(h.kind == OBJECT).reshape(size, size) for h in hits]),
    )


def motion(scene: Scene, start: float, end: float, size: int = 256) -> tuple[Floats, Bools]:
    """Motion (H, W, 2) in pixels from time ``start`` to ``end``, and where it stays in sight."""
    here, there = stage_at(scene, start), stage_at(scene, end)
    hits, other = (trace(s, s.camera.rays(pixel_centres(size))) for s in (here, there))
    return _flow(here, hits, there, other, size)


def _flow(here: Stage, hits: Hits, there: Stage, other: Hits, size: int) -> tuple[Floats, Bools]:
    """Motion (H, W, 2) in pixels of what is seen ``here``, and where it is seen ``there`` too."""
    place, depth = _positions_there(here, hits, there)
    now = pixel_centres(size)
    motion = (place - now) * np.array([size / 2, -size / 2], np.float32)
    inside = (np.abs(place) < 1 - 1 / size).all(axis=1) & (depth > 0)
    column = np.clip(((place[:, 0] + 1) * (size / 2)).astype(int), 0, size - 1)
    row = np.clip(((1 - place[:, 1]) * (size / 2)).astype(int), 0, size - 1)
    target = row * size + column
    same = other.kind[target] == hits.kind
    seen = _depths(there, other)[target]
    near = np.abs(seen - depth) < _DEPTH_TOLERANCE * depth + _slack(hits)
    valid = inside & same & (near | (hits.kind == SKY))
    return motion.reshape(size, size, 2), valid.reshape(size, size)


def _positions_there(here: Stage, hits: Hits, there: Stage) -> tuple[Floats, Floats]:
    """Picture coordinates (N, 2) and depth (N,) in the other frame of the points seen here."""
    points = hits.point
    moved = np.where(
        (hits.kind == OBJECT)[:, None],
        there.pose.to_world(hits.local),
        points,
    )
    place, depth = there.camera.project(moved.astype(np.float32))
    far = hits.kind == SKY
    place[far] = there.camera.project_directions(points[far])
    depth[far] = 1.0
    return place, depth


def _depths(stage: Stage, hits: Hits) -> Floats:
    return (hits.point - stage.camera.position) @ stage.camera.axes[2]


def _slack(hits: Hits) -> Floats:
    """Depth in world units that a neighbouring pixel may differ by: grounds run away fast."""
    steep = np.where(hits.kind == OBJECT, 0.06, 0.0) + np.where(hits.kind == WALL, 0.02, 0.0)
    ground = np.where(hits.kind == GROUND, 0.02 * hits.distance * hits.distance / 6, 0.0)
    return (steep + ground).astype(np.float32)
