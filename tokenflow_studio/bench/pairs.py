"""The clip-prompt pairs: scenes that no model was trained on, each with one attribute changed.

Every scene has texture, a turning or rolling object and a moving camera: there, editing each frame
alone flickers visibly.
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from tokenflow_studio.demo.scenes import CameraPath, Scene, plain_caption

#: Beyond every seed that a model or a scorer was trained or judged on.
FIRST_SEED = 2_000_000


@dataclass(frozen=True, slots=True)
class Pair:
    """A scene and the same scene as the edit should make it."""

    name: str
    scene: Scene
    edited: Scene

    @property
    def source_prompt(self) -> str:
        """What the clip shows."""
        return plain_caption(self.scene)

    @property
    def prompt(self) -> str:
        """What the edit asks for."""
        return plain_caption(self.edited)


def _pair(number: int, scene: dict[str, Any], change: dict[str, Any]) -> Pair:
    """A daylight photo of `scene`, then `change` on it; the camera's way follows the number."""
    side = 1 if number % 2 else -1
    camera = CameraPath(
        azimuth=-0.14 * side,
        elevation=math.radians(15 + 3 * (number % 4)),
        distance=4.4 + 0.15 * (number % 3),
        focal=1.15,
        azimuth_rate=0.011 * side,
        distance_rate=-0.008 * side,
        follow=0.5,
        shift_y=0.15,
    )
    turning = {"roll": True, "speed": 0.045, "heading": 0.2 + math.pi * (number % 2)}
    if scene["shape"] in ("cube", "cone"):
        turning = {"spin": 0.06 * side, "speed": 0.02, "heading": 0.2}
    settings = {"time": "day", "style": "photo", "yaw": 0.5, **turning, **scene}
    drawn = Scene(seed=FIRST_SEED + number, camera=camera, **settings)
    edited = dataclasses.replace(drawn, **change)
    return Pair(f"{number:02d}-{scene['shape']}-{'-'.join(change)}", drawn, edited)


def _thing(shape: str, material: str, ground: str, **more: Any) -> dict[str, Any]:
    return {"shape": shape, "material": material, "ground": ground, **more}


PAIRS: tuple[Pair, ...] = (
    _pair(1, _thing("ball", "checker", "wooden table"), {"material": "marble"}),
    _pair(2, _thing("cube", "stripes", "brick wall", colour="blue"), {"material": "wood"}),
    _pair(3, _thing("ball", "dots", "sand", colour="green", tilt=0.3), {"style": "mosaic"}),
    _pair(4, _thing("torus", "marble", "grass"), {"ground": "wooden table"}),
    _pair(5, _thing("cube", "stone", "grass"), {"material": "lava"}),
    _pair(6, _thing("cylinder", "wood", "road"), {"time": "night"}),
    _pair(7, _thing("cone", "checker", "wooden table", colour="black"), {"style": "watercolor"}),
    _pair(8, _thing("torus", "stripes", "snow", tilt=0.2), {"material": "checker"}),
    _pair(9, _thing("ball", "marble", "brick wall"), {"time": "sunset"}),
    _pair(10, _thing("cube", "wood", "wooden table"), {"style": "oil"}),
    _pair(11, _thing("cylinder", "lava", "sand"), {"material": "stone"}),
    _pair(12, _thing("cube", "dots", "road", colour="pink"), {"ground": "brick wall"}),
)
