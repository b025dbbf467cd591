"""One image file: its header, its frame as stored, and its frame as the model sees it."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.colour.config import LINEAR, convert, is_display
from tokenflow_studio.media.curves import Image, Losses, view_linear, without_broken
from tokenflow_studio.media.exr.plates import read_exr_header, read_exr_plate
from tokenflow_studio.media.image_headers import ImageHeader
from tokenflow_studio.media.plates import Plate, Wanted
from tokenflow_studio.media.rasters import read_raster_header, read_raster_plate
from tokenflow_studio.media.signatures import IMAGES, recognise


def read_header(path: Path, wanted: Wanted) -> ImageHeader:
    """Read the header alone. Raises BadInput for a file that is no image, or none for us."""
    read = read_exr_header if _format(path) == "openexr" else read_raster_header
    return read(path, wanted)


def read_plate(path: Path, wanted: Wanted) -> Plate:
    """The frame as stored. Raises BadInput for a damaged file, and as `read_header` does."""
    read = read_exr_plate if _format(path) == "openexr" else read_raster_plate
    return read(path, wanted)


def seen(plate: Plate, space: str, config: str) -> tuple[Image, Losses]:
    """The frame as (H, W, 3) sRGB 0..1, and what that leaves out.

    It is the display window; data outside it is cut, what it lacks is black. Colour spaces of
    displays are shown as they are, all others as their light.
    """
    finite, broken = without_broken(_placed(plate))
    if is_display(space, config):
        return np.clip(finite, 0.0, 1.0), Losses(broken=broken)
    image, losses = view_linear(convert(finite, space, LINEAR, config))
    return image, replace(losses, broken=broken)


def _format(path: Path) -> str:
    found = recognise(path)
    if found not in IMAGES:
        raise BadInput(f"{path} is a movie, not an image: give it as the clip itself.")
    return found


def _placed(plate: Plate) -> Image:
    """The data window set into its display window."""
    data, display = plate.data, plate.display
    if data == display:
        return plate.colour
    frame = np.zeros((display.height, display.width, 3), np.float32)
    left, top = max(data.x, display.x), max(data.y, display.y)
    right, bottom = min(data.right, display.right), min(data.bottom, display.bottom)
    if left < right and top < bottom:
        frame[top - display.y : bottom - display.y, left - display.x : right - display.x] = (
            plate.colour[top - data.y : bottom - data.y, left - data.x : right - data.x]
        )
    return frame
