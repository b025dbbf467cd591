"""Where the object and the camera are at a time: pure functions of the scene."""

from dataclasses import dataclass

import numpy as np

from .arrays import Floats, unit
from .geometry import (
    CONE_BASE,
    CUBE,
    CYLINDER_HALF,
    CYLINDER_RADIUS,
    TORUS_RADIUS,
    TORUS_TUBE,
    Pose,
    about_axis,
    about_y,
)
from .scene import MIDDLE_FRAME, Scene

#: Share of an object's height that is under water on the sea.
SUNK = 0.3


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera; ``axes`` rows are right, up and forward in world coordinates."""

    position: Floats
    axes: Floats
    focal: float

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """World points (..., 3) to picture coordinates (..., 2) and depth (...,).

        Picture coordinates run from -1 to 1 over the height, x to the right and y up.
        """
        local = (points - self.position) @ self.axes.T
        depth = local[..., 2]
        return local[..., :2] * np.float32(self.focal) / depth[..., None], depth

    def project_directions(self, directions: Floats) -> Floats:
        """Directions (..., 3) of things infinitely far away to picture coordinates (..., 2)."""
        local = directions @ self.axes.T
        return local[..., :2] * np.float32(self.focal) / local[..., 2:]

    def rays(self, xy: Floats) -> Floats:
        """Unit directions (N, 3) through picture coordinates (N, 2)."""
        ahead = np.full((len(xy), 1), self.focal, np.float32)
        return unit(np.concatenate([xy, ahead], 1) @ self.axes)


def object_pose(scene: Scene, t: float) -> Pose:
    """The object's pose at frame ``t`` (any real number)."""
    elapsed = t - MIDDLE_FRAME
    travelled = scene.speed * elapsed
    lying = scene.roll and scene.shape in ("cylinder", "torus")
    height = _rest_height(scene.shape, lying) * scene.size
    if scene.ground == "sea":
        height -= 2 * SUNK * _rest_height(scene.shape, lying) * scene.size
    heading = np.array([np.cos(scene.heading), 0, np.sin(scene.heading)], np.float32)
    centre = heading * np.float32(travelled)
    centre[1] = height
    return Pose(_rotation(scene, elapsed, travelled, lying), centre, scene.size)


def _rest_height(shape: str, lying: bool) -> float:
    if shape == "cylinder":
        return CYLINDER_RADIUS if lying else CYLINDER_HALF
    if shape == "torus":
        return TORUS_RADIUS + TORUS_TUBE if lying else TORUS_TUBE
    return {"ball": 1.0, "cube": CUBE, "cone": -CONE_BASE}[shape]


def _rotation(scene: Scene, elapsed: float, travelled: float, lying: bool) -> Floats:
    heading = scene.heading
    if not scene.roll:
        turned = about_y(scene.yaw + scene.spin * elapsed)
        if scene.shape == "ball":
            turned = turned @ about_axis(np.array([1, 0, 0], np.float32), scene.tilt)
        return turned
    axle = np.array([np.sin(heading), 0, -np.cos(heading)], np.float32)
    radius = _rest_height(scene.shape, lying) * scene.size
    roll = about_axis(axle, travelled / radius + scene.yaw)
    if scene.shape == "ball":
        return roll @ about_y(scene.yaw) @ about_axis(np.array([1, 0, 0], np.float32), scene.tilt)
    upright = np.array([0, 1, 0], np.float32)
    across = np.cross(upright, axle).astype(np.float32)
    return roll @ about_axis(across, np.pi / 2)


def camera_at(scene: Scene, t: float) -> Camera:
    """The camera at frame ``t``."""
    path, elapsed = scene.camera, t - MIDDLE_FRAME
    azimuth = path.azimuth + path.azimuth_rate * elapsed
    elevation = max(path.elevation + path.elevation_rate * elapsed, 0.08)
    distance = path.distance + path.distance_rate * elapsed
    centre = object_pose(scene, t).centre * np.float32(path.follow)
    target = np.array([centre[0], 0.75, centre[2]], np.float32)
    back = np.array(
        [
            np.sin(azimuth) * np.cos(elevation),
            np.sin(elevation),
            np.cos(azimuth) * np.cos(elevation),
        ]
    )
    right = np.array([np.cos(azimuth), 0, -np.sin(azimuth)])
    up = np.cross(back, right)
    position = target + back * distance - right * path.shift_x + up * path.shift_y
    axes = np.stack([right, up, -back]).astype(np.float32)
    return Camera(position.astype(np.float32), axes, path.focal * 1.75)
