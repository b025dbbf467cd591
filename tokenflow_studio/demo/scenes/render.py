"""Pictures of scenes: rays, shading and soft edges."""

from dataclasses import dataclass

import numpy as np

from .arrays import Bools, Floats, Ints, blend, rgb, smoothstep, unit
from .geometry import MISS, Pose, intersect, normal
from .grounds import TABLE_EDGE_Z, WALL_Z, ground_colour, ground_kind, sea_slope
from .light import Light, environment, light_at, sky
from .materials import bumps, surface
from .motion import Camera, camera_at, object_pose
from .scene import Scene
from .styles import apply_style

SKY, GROUND, WALL, OBJECT = 0, 1, 2, 3
#: Offsets in pixels of the samples that soften an edge.
_SUBPIXELS = ((-0.125, -0.375), (0.375, -0.125), (0.125, 0.375), (-0.375, 0.125))


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene at one moment, ready to be traced."""

    scene: Scene
    camera: Camera
    pose: Pose
    light: Light


@dataclass(frozen=True, slots=True)
class Hits:
    """What N rays meet: kind of thing, distance, world point (direction, for the sky)."""

    kind: Ints
    distance: Floats
    point: Floats
    local: Floats


def stage_at(scene: Scene, t: float) -> Stage:
    """The scene at frame ``t``."""
    return Stage(
        scene, camera_at(scene, t), object_pose(scene, t), light_at(scene.time, scene.seed)
    )


def render_frame(scene: Scene, t: float, size: int = 256) -> np.ndarray:
    """The picture of frame ``t``: (size, size, 3) uint8, in display colours, style applied."""
    stage = stage_at(scene, t)
    linear, hits = render_linear(stage, size)
    return apply_style(scene.style, to_display(linear), hits.kind.reshape(size, size), scene.seed)


def to_display(linear: Floats) -> Floats:
    """Linear light to display colours 0 to 1: soft shoulder, then the sRGB curve's gamma."""
    x = np.maximum(linear, 0)
    x = np.where(x < 0.7, x, 0.7 + 0.3 * (1 - np.exp(-(x - 0.7) / 0.3)))
    return (x ** np.float32(1 / 2.2)).astype(np.float32)


def render_linear(stage: Stage, size: int) -> tuple[Floats, Hits]:
    """Linear light (size, size, 3) and what each pixel's centre meets."""
    xy = pixel_centres(size)
    directions = stage.camera.rays(xy)
    hits = trace(stage, directions)
    shade, lit = _shade(stage, directions, hits, 2 / size)
    picture = shade.reshape(size, size, 3)
    rough = np.flatnonzero(_needs_softening(picture, hits, lit, size))
    if rough.size:
        total = np.zeros((rough.size, 3), np.float32)
        for dx, dy in _SUBPIXELS:
            rays = stage.camera.rays(xy[rough] + rgb(dx, dy) * np.float32(2 / size))
            sample, _ = _shade(stage, rays, trace(stage, rays), 2 / size)
            total += np.minimum(sample, 1.5)
        picture.reshape(-1, 3)[rough] = total / len(_SUBPIXELS)
    return picture, hits


def pixel_centres(size: int) -> Floats:
    """Picture coordinates (size * size, 2) of the pixels, row by row from the top."""
    axis = (np.arange(size, dtype=np.float32) + 0.5) * np.float32(2 / size) - 1
    x, y = np.meshgrid(axis, -axis)
    return np.stack([x.ravel(), y.ravel()], 1)


def trace(stage: Stage, directions: Floats) -> Hits:
    """The nearest thing along each ray (N, 3) from the camera."""
    camera, pose = stage.camera, stage.pose
    kind = np.zeros(len(directions), np.uint8)
    distance = np.full(len(directions), MISS)
    with np.errstate(divide="ignore"):
        floor = -camera.position[1] / directions[:, 1]
    down = (directions[:, 1] < -1e-3) & (floor < 60)
    kind[down], distance[down] = GROUND, floor[down]
    edge = {"brick wall": WALL_Z, "wooden table": TABLE_EDGE_Z}.get(stage.scene.ground)
    if edge is not None:
        far = (edge - camera.position[2]) / np.minimum(directions[:, 2], -1e-3)
        behind = far < distance
        if stage.scene.ground == "brick wall":
            distance = np.where(behind, far, distance)
            kind[behind] = WALL
        else:
            kind[behind], distance[behind] = SKY, MISS
    local = np.zeros_like(directions)
    index = np.flatnonzero(_near_object(pose, camera.position, directions))
    if index.size:
        origin = pose.to_local(camera.position[None])
        heading = pose.turn_to_local(directions[index])
        t = intersect(stage.scene.shape, np.broadcast_to(origin, heading.shape), heading)
        ahead = (t < MISS) & (t * np.float32(pose.size) < distance[index])
        chosen = index[ahead]
        kind[chosen], distance[chosen] = OBJECT, t[ahead] * np.float32(pose.size)
        local[chosen] = origin + heading[ahead] * t[ahead, None]
    reach = np.where(kind == SKY, 1.0, distance).astype(np.float32)
    start = np.where((kind == SKY)[:, None], 0, camera.position).astype(np.float32)
    return Hits(kind, distance, start + directions * reach[:, None], local)


def _near_object(pose: Pose, origin: Floats, directions: Floats) -> Bools:
    to_centre = pose.centre - origin
    along = directions @ to_centre
    radius = 1.36 * pose.size
    return (along > 0) & (to_centre @ to_centre - along * along < radius * radius)


def _needs_softening(picture: Floats, hits: Hits, lit: Floats, size: int) -> Bools:
    """Pixels (size * size,) beside an edge of things, of a shadow or of an object's pattern."""
    kind = hits.kind.reshape(size, size)
    label = kind.astype(np.float32) * 2 + lit.reshape(size, size)
    bright = np.sqrt(np.clip(picture.max(axis=-1), 0, 1.2)) * (kind == OBJECT)
    rough = np.zeros((size, size), bool)
    for field, limit in ((label, 0.5), (bright, 0.10)):
        across = np.abs(np.diff(field, axis=1)) > limit
        down = np.abs(np.diff(field, axis=0)) > limit
        rough[:, 1:] |= across
        rough[:, :-1] |= across
        rough[1:] |= down
        rough[:-1] |= down
    return rough.ravel()


def _shade(stage: Stage, directions: Floats, hits: Hits, pixel: float) -> tuple[Floats, Floats]:
    """Linear light (N, 3) of hits, and 1 where a ground point is lit and 0 in shadow (N,)."""
    colour = np.zeros_like(directions)
    lit = np.ones(len(directions), np.float32)
    for kind, shade in ((SKY, _shade_sky), (GROUND, _shade_ground), (WALL, _shade_wall)):
        index = np.flatnonzero(hits.kind == kind)
        if index.size:
            colour[index], lit[index] = shade(stage, directions[index], hits, index, pixel)
    index = np.flatnonzero(hits.kind == OBJECT)
    if index.size:
        colour[index] = _shade_object(stage, directions[index], hits, index)
    return colour, lit


Shaded = tuple[Floats, Floats | float]


def _shade_sky(stage: Stage, d: Floats, hits: Hits, index: Ints, pixel: float) -> Shaded:
    light, ground = stage.light, stage.scene.ground
    if ground in ("studio", "wooden table"):
        tone = rgb(0.50, 0.47, 0.43) if ground == "wooden table" else rgb(0.46, 0.46, 0.47)
        fade = np.clip(1.0 - 0.9 * d[:, 1], 0.4, 1.1)[:, None]
        glow = (light.sunlight * 0.55 + light.skylight * 0.6) * (0.6 if ground != "studio" else 0.9)
        return tone * glow * fade, 1.0
    return sky(light, d, stage.scene.seed), 1.0


def _shade_ground(stage: Stage, d: Floats, hits: Hits, index: Ints, pixel: float) -> Shaded:
    scene, light = stage.scene, stage.light
    p, distance = hits.point[index], hits.distance[index]
    slant = np.maximum(-d[:, 1], 0.05)
    footprint = distance * np.float32(pixel / stage.camera.focal) / np.sqrt(slant)
    name = "pavement" if scene.ground == "brick wall" else scene.ground
    lit = _sunlit(stage, p)
    contact = _contact(stage, p)
    albedo = ground_colour(name, p[:, 0], p[:, 2], footprint)
    sun_height = np.float32(max(light.sun[1], 0.35))
    direct = (light.sunlight * sun_height) * (lit * (0.4 + 0.6 * contact))[:, None]
    colour = albedo * (direct * 1.15 + light.skylight * contact[:, None])
    if name == "sea":
        colour = _water(stage, p, d, footprint, colour, lit)
    if name == "studio":
        colour = colour * np.float32(0.95)
    if name in ("studio", "wooden table"):
        return colour, lit
    haze = smoothstep(9.0, 45.0, distance) * 0.75
    return blend(colour, light.horizon, haze), lit


def _water(
    stage: Stage, p: Floats, d: Floats, footprint: Floats, body: Floats, lit: Floats
) -> Floats:
    slope = sea_slope(p[:, 0], p[:, 2], footprint)
    n = unit(np.stack([-slope[:, 0], np.ones(len(p), np.float32), -slope[:, 1]], 1))
    facing = np.clip(-np.einsum("ij,ij->i", d, n), 0.02, 1)
    mirrored = d + 2 * facing[:, None] * n
    mirrored[:, 1] = np.abs(mirrored[:, 1])
    light = stage.light
    above = blend(light.horizon, light.zenith, np.clip(mirrored[:, 1] * 2.0, 0, 1) ** 0.6)
    fresnel = (0.05 + 0.85 * (1 - facing) ** 3.5) * (0.35 + 0.65 * lit)
    colour = blend(body * 2.0, above, fresnel)
    glint = np.exp((mirrored @ light.sun - 1) * 60) * lit
    return colour + glint[:, None] * light.sunlight * 0.8


def _shade_wall(stage: Stage, d: Floats, hits: Hits, index: Ints, pixel: float) -> Shaded:
    light = stage.light
    p = hits.point[index]
    footprint = hits.distance[index] * np.float32(pixel / stage.camera.focal)
    footprint = footprint / np.sqrt(np.maximum(-d[:, 2], 0.1))
    albedo = ground_colour("brick wall", p[:, 0], p[:, 1], footprint)
    lit = _sunlit(stage, p)
    facing = np.float32(max(light.sun[2], 0.3))
    low = (0.55 + 0.45 * np.clip(p[:, 1] / 0.6, 0, 1))[:, None]
    return albedo * (light.sunlight * facing * 1.5 * lit[:, None] + light.skylight * low), lit


def _sunlit(stage: Stage, points: Floats) -> Floats:
    """1 where the sun reaches a point (N, 3) past the object, else 0."""
    pose = stage.pose
    sun = stage.light.sun
    lit = np.ones(len(points), np.float32)
    to_centre = pose.centre - points
    along = to_centre @ sun
    gap = np.einsum("ij,ij->i", to_centre, to_centre) - along * along
    index = np.flatnonzero((along > 0) & (gap < (1.36 * pose.size) ** 2))
    if index.size:
        origin = pose.to_local(points[index])
        toward = np.broadcast_to(pose.turn_to_local(sun[None]), origin.shape)
        lit[index] = intersect(stage.scene.shape, origin, toward) >= MISS
    return lit


def _contact(stage: Stage, points: Floats) -> Floats:
    """How open the sky is (N,) at ground points: darker close to the object."""
    away = points - stage.pose.centre
    squared = np.einsum("ij,ij->i", away, away) / np.float32(stage.pose.size**2)
    return 1 - 0.75 * np.exp(-np.maximum(squared - 0.35, 0) * 1.1)


def _shade_object(stage: Stage, d: Floats, hits: Hits, index: Ints) -> Floats:
    scene, light, pose = stage.scene, stage.light, stage.pose
    local = hits.local[index]
    local_normal = normal(scene.shape, local)
    look = surface(scene, local, local_normal)
    slope = bumps(scene, local)
    if slope is not None:
        local_normal = unit(local_normal - slope)
    n = pose.turn_to_world(local_normal)
    ground = ground_kind(scene.ground if scene.ground != "brick wall" else "pavement").mean
    ground = ground * (light.sunlight * 0.6 + light.skylight * 0.8)
    facing = n @ light.sun
    direct = np.clip((facing + 0.12) / 1.12, 0, 1)[:, None] * light.sunlight
    open_sky = 0.5 + 0.5 * n[:, 1]
    low = np.clip(0.35 + hits.point[index][:, 1] / (1.3 * pose.size), 0.3, 1)[:, None]
    ambient = blend(ground * 0.7, light.skylight * 1.05, open_sky) * low
    colour = look.colour * (direct * 1.1 + ambient)
    away = np.clip(-np.einsum("ij,ij->i", d, n), 0, 1)
    mirrored = d + 2 * away[:, None] * n
    if look.mirror or look.rim:
        seen = environment(light, ground, mirrored)
        tint = rgb(1, 1, 1)
        if look.mirror == 1.0:
            # A blue sky would turn gold to olive: metal mostly mirrors how bright things are.
            seen = blend(seen, seen.mean(axis=1, keepdims=True), np.full(len(d), 0.75, np.float32))
            tint = look.colour
        share = look.mirror + look.rim * (1 - away) ** 3
        colour = blend(colour, tint * seen, np.clip(share * 0.88, 0, 1))
    if look.gloss:
        shine = np.clip(mirrored @ light.sun, 0, 1) ** look.sharpness * (facing > 0)
        colour = colour + (shine * look.gloss)[:, None] * light.sunlight
    if look.glow is not None:
        colour = colour + look.glow
    return colour.astype(np.float32)
