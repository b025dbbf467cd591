"""What a scene is: every parameter of a short clip, drawn from one seed."""

from dataclasses import dataclass

import numpy as np

from .vocabulary import COLOURS, FINISHES, GROUNDS, PATTERNS, SHAPES, STYLES, SUBSTANCES, TIMES

#: The frame at which an object is nearest to the middle of its path.
MIDDLE_FRAME = 12.0


@dataclass(frozen=True, slots=True)
class CameraPath:
    """An orbit around a target: angles in radians, lengths in world units, rates per frame."""

    azimuth: float
    elevation: float
    distance: float
    focal: float
    azimuth_rate: float = 0.0
    elevation_rate: float = 0.0
    distance_rate: float = 0.0
    follow: float = 0.7
    shift_x: float = 0.0
    shift_y: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """All parameters of a clip; equal scenes render to equal pixels.

    ``heading`` is the direction of travel on the ground, ``speed`` in world units per frame,
    ``spin`` the turn about the vertical axis in radians per frame.  ``roll`` says that the object
    rolls without slipping instead of sliding.  ``colour`` and ``second_colour`` count for plain
    finishes and for patterns.
    """

    seed: int
    shape: str
    material: str
    ground: str
    time: str
    style: str
    camera: CameraPath
    colour: str = "red"
    second_colour: str = "white"
    size: float = 1.0
    heading: float = 0.0
    speed: float = 0.0
    yaw: float = 0.0
    spin: float = 0.0
    tilt: float = 0.0
    roll: bool = False


def sample_scene(seed: int) -> Scene:
    """Draw a scene; the same seed gives the same scene."""
    rng = np.random.default_rng((seed, 7001))
    shape = str(rng.choice(list(SHAPES), p=[0.32, 0.2, 0.17, 0.14, 0.17]))
    kind = rng.choice(3, p=[0.3, 0.22, 0.48])
    material = str(rng.choice(list((FINISHES, PATTERNS, SUBSTANCES)[kind])))
    first, second = _two_colours(rng, material)
    moves = rng.random() < 0.8
    roll = shape in ("ball", "cylinder", "torus") and rng.random() < 0.6
    return Scene(
        seed=seed,
        shape=shape,
        material=material,
        ground=str(rng.choice(list(GROUNDS))),
        time=str(rng.choice(list(TIMES), p=[0.5, 0.25, 0.25])),
        style=str(rng.choice(list(STYLES), p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1])),
        camera=_sample_camera(rng),
        colour=first,
        second_colour=second,
        size=float(rng.uniform(0.85, 1.2)),
        heading=float(rng.uniform(0, 2 * np.pi)),
        speed=float(rng.uniform(0.015, 0.05)) if moves else 0.0,
        yaw=float(rng.uniform(0, 2 * np.pi)),
        spin=float(rng.uniform(-0.07, 0.07)),
        tilt=float(rng.uniform(-0.5, 0.5)) if shape in ("ball", "torus") else 0.0,
        roll=roll,
    )


def _two_colours(rng: np.random.Generator, material: str) -> tuple[str, str]:
    if material in PATTERNS:
        if rng.random() < 0.3:
            return "black", "white"
        names = [name for name in COLOURS if name != "white"]
        second = "white" if rng.random() < 0.7 else "yellow"
        first = str(rng.choice([name for name in names if name != second]))
        return first, second
    return str(rng.choice(list(COLOURS))), "white"


def _sample_camera(rng: np.random.Generator) -> CameraPath:
    moving = rng.random() < 0.7
    rates = rng.uniform(-1, 1, 3) * np.array([0.012, 0.004, 0.02]) * moving
    return CameraPath(
        azimuth=float(rng.uniform(-0.6, 0.6)),
        elevation=float(np.radians(rng.uniform(7, 36))),
        distance=float(rng.uniform(4.2, 5.8)),
        focal=float(rng.uniform(1.05, 1.3)),
        azimuth_rate=float(rates[0]),
        elevation_rate=float(rates[1]),
        distance_rate=float(rates[2]),
        follow=float(rng.uniform(0.4, 1.0)),
        shift_x=float(rng.uniform(-0.35, 0.35)),
        shift_y=float(rng.uniform(-0.15, 0.3)),
    )
