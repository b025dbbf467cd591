"""Frames of any clip as image files of another kind, as packages for other programs need them.

EXR keeps the values as they are, in half float. PNG holds 0 to 1 in 16 bits, so light goes into it
as ACEScct, a log curve that reaches far above 1.0, and colour leaves its multiplication by alpha.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it

from tokenflow_studio.core.files import replacing
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.colour.config import convert, is_linear, resolve
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.plates import Plate
from tokenflow_studio.media.rasters import store
from tokenflow_studio.media.stills import half_exr

LOG = "ACEScct"
_STEP = 0.5 / 65535


@dataclass(frozen=True, slots=True)
class Converted:
    """How a whole clip is written: as "exr" or "png", in this colour space.

    premultiplied: whether the files' colour is multiplied by their alpha, None without alpha.
    lost: channels and parts that they cannot hold.
    """

    form: str
    space: str
    premultiplied: bool | None
    lost: tuple[str, ...]


def conversion(clip: Clip, form: str) -> Converted:
    """What files of that form will hold. Raises BadInput for light in PNG without ACEScct here."""
    info = clip.info
    plate = clip.read_plate(info.frames[0])
    to_log = form == "png" and is_linear(info.space.name, info.config)
    premultiplied = plate.premultiplied and form == "exr"
    return Converted(
        form,
        resolve(LOG, info.config) if to_log else info.space.name,
        None if plate.alpha is None else premultiplied,
        tuple(name for name in plate.unedited if plate.alpha is None or name != "A"),
    )


def write_converted(path: Path, clip: Clip, frame: int, as_: Converted) -> bool:
    """Write one frame; gives whether values outside 0 to 1 were cut off, which EXR never needs.

    Raises as `Clip.read_plate` and `core.files.replacing` do.
    """
    info, plate = clip.info, clip.read_plate(frame)
    colour = plate.colour
    if as_.form == "png":
        colour = convert(_straight(plate), info.space.name, as_.space, info.config)
    alpha = [] if as_.premultiplied is None or plate.alpha is None else [plate.alpha[..., None]]
    pixels = np.concatenate([colour, *alpha], -1)
    cut = as_.form == "png" and bool((pixels < -_STEP).any() or (pixels > 1 + _STEP).any())
    if as_.form == "png":
        spec = _png_spec(plate, pixels)
        stored = np.rint(np.clip(pixels, 0, 1) * np.float32(65535)).astype(np.uint16)
    else:
        spec = _exr_spec(plate, pixels, as_.space, info.timecode_at(frame), info.rate)
        stored = np.asarray(pixels, np.float32)
    with replacing(path) as temporary:
        store(temporary, "png" if as_.form == "png" else "openexr", spec, stored)
    return cut


def _straight(plate: Plate) -> Image:
    """Finite colour, not multiplied by alpha; where alpha is 0 it stays as it is."""
    colour = np.nan_to_num(plate.colour, nan=0.0, posinf=65504.0, neginf=0.0)
    if plate.alpha is None or not plate.premultiplied:
        return colour
    alpha = plate.alpha[..., None]
    return np.asarray(np.where(alpha > 0, colour / np.where(alpha > 0, alpha, 1), colour))


def _png_spec(plate: Plate, pixels: Image) -> oiio.ImageSpec:
    spec = oiio.ImageSpec(pixels.shape[1], pixels.shape[0], pixels.shape[2], oiio.UINT16)
    spec.attribute("oiio:UnassociatedAlpha", 1)
    spec.attribute("png:compressionLevel", 1)  # seconds per frame else, for some percent
    spec.attribute("PixelAspectRatio", plate.pixel_aspect)
    return spec


def _exr_spec(
    plate: Plate, pixels: Image, space: str, timecode: str | None, rate: Fraction | None
) -> oiio.ImageSpec:
    spec = half_exr(pixels, space, timecode, rate, plate.pixel_aspect)
    spec.x, spec.y = plate.data.x, plate.data.y
    spec.full_x, spec.full_y = plate.display.x, plate.display.y
    spec.full_width, spec.full_height = plate.display.width, plate.display.height
    return spec
