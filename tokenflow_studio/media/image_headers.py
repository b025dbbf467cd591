"""What an image file says about itself, whatever its format."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class ColourHints:
    """What a file says about its colour.

    space: a name that it gives; chromaticities: x and y of red, green, blue and white; is_light:
    whether its kind of file usually stores light; is_film_log: printing density of a scan;
    transfer, primaries: codes of ITU-T H.273, None for images; is_untagged: a movie says nothing.
    """

    space: str = ""
    chromaticities: tuple[float, ...] | None = None
    is_light: bool = False
    is_film_log: bool = False
    transfer: int | None = None
    primaries: int | None = None
    is_untagged: bool = False


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """width, height: the upright display window, which is the frame."""

    width: int
    height: int
    pixel_aspect: float
    rate: Fraction | None
    timecode: str | None
    colour: ColourHints
