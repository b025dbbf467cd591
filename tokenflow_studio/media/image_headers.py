"""What an image file says about itself, whatever its format."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """width, height: the upright display window, which is the frame."""

    width: int
    height: int
    pixel_aspect: float
    rate: Fraction | None
    timecode: str | None
    is_scene_linear: bool
