"""One image file, by OpenImageIO: its header, and its frame as the model sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.curves import Image, Losses, view_linear, without_broken
from tokenflow_studio.media.signatures import IMAGES, recognise
from tokenflow_studio.media.timecode import unpacked

# A file of kilobytes may claim gigabytes; 8K float RGBA is 540 MB.
_MAX_MEGABYTES = 1024
_MAX_SIDE = 32768
_MAX_CHANNELS = 64
oiio.attribute("limits:imagesize_MB", _MAX_MEGABYTES)
oiio.attribute("limits:resolution", _MAX_SIDE)
oiio.attribute("limits:channels", _MAX_CHANNELS)
# Two threads decode as fast as the disk reads; all cores would starve the model and the window.
oiio.attribute("exr_threads", 2)


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What an image says about itself.

    width, height: the display window, which is the frame; x, y: where the data window begins in
    it, in pixels from its upper left corner (negative: overscan); data_width, data_height: the
    stored pixels; channels: indices of red, green and blue, or of one grey channel.
    """

    width: int
    height: int
    x: int
    y: int
    data_width: int
    data_height: int
    channels: tuple[int, ...]
    pixel_aspect: float
    rate: Fraction | None
    timecode: str | None
    is_scene_linear: bool
    orientation: int
    part: int


def read_header(path: Path) -> ImageHeader:
    """Read the header alone. Raises BadInput for a file that is no image, or none for us."""
    image = _open(path)
    try:
        return _header(image, path)
    finally:
        image.close()


def read_image(path: Path) -> tuple[Image, ImageHeader, Losses]:
    """(H, W, 3) float32 sRGB 0..1, the header, and what the view leaves out.

    The frame is the display window; data outside it is cut, what it lacks is black. Raises
    BadInput for a damaged file.
    """
    image = _open(path)
    try:
        header = _header(image, path)
        first, last = min(header.channels), max(header.channels)
        stored = image.read_image(header.part, 0, first, last + 1, oiio.FLOAT)
        if stored is None:
            raise _damaged(path, _reason(image.geterror))
    finally:
        image.close()
    stored = np.asarray(stored, np.float32).reshape(header.data_height, header.data_width, -1)
    colour = stored[..., [channel - first for channel in header.channels]]
    if header.is_scene_linear:
        display, losses = view_linear(colour)
    else:
        finite, broken = without_broken(colour)
        display, losses = np.clip(finite, 0.0, 1.0), Losses(broken=broken)
    frame = _oriented(_placed(display, header), header.orientation)
    if frame.shape[-1] == 1:
        frame = np.repeat(frame, 3, axis=-1)
    return np.ascontiguousarray(frame, np.float32), header, losses


def _open(path: Path) -> oiio.ImageInput:
    if recognise(path) not in IMAGES:
        raise BadInput(f"{path} is a movie, not an image: give it as the clip itself.")
    hints = oiio.ImageSpec()
    hints.attribute("oiio:UnassociatedAlpha", 1)  # straight alpha stays straight
    image = oiio.ImageInput.open(str(path), hints)
    if image is None:
        raise _refused(path, _reason(oiio.geterror))
    return image


def _refused(path: Path, reason: str) -> BadInput:
    if "ubsampled" in reason:
        return BadInput(
            f"{path} is a luminance-chroma EXR (subsampled channels), which is not supported: "
            "convert it to RGB."
        )
    if "limit" in reason.lower():
        return BadInput(f"{path} is too large ({_first_line(reason)}): make it smaller.")
    return _damaged(path, reason)


def _damaged(path: Path, reason: str) -> BadInput:
    return BadInput(f"{path} is damaged ({_first_line(reason)}): copy or render it again.")


def _header(image: oiio.ImageInput, path: Path) -> ImageHeader:
    spec, part = _colour_part(image, path)
    width, height = spec.full_width, spec.full_height
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE) or (
        width * height * 3 * 4 > _MAX_MEGABYTES * 2**20
    ):
        raise BadInput(f"{path} claims {width}x{height} pixels, which is too large: check it.")
    orientation = spec.get_int_attribute("Orientation", 1)
    if orientation in _TURNED:
        width, height = height, width
    return ImageHeader(
        width=width,
        height=height,
        x=spec.x - spec.full_x,
        y=spec.y - spec.full_y,
        data_width=spec.width,
        data_height=spec.height,
        channels=_colour_channels(spec.channelnames),
        pixel_aspect=spec.get_float_attribute("PixelAspectRatio", 1.0) or 1.0,
        rate=_rate(spec),
        timecode=_timecode(spec),
        is_scene_linear=image.format_name() == "openexr",
        orientation=orientation,
        part=part,
    )


def _colour_part(image: oiio.ImageInput, path: Path) -> tuple[oiio.ImageSpec, int]:
    """The first part of a file that holds RGB, else its first part."""
    first, part = image.spec(0), 0
    spec = first
    while spec.nchannels > 0:
        if spec.deep:
            raise BadInput(f"{path} is a deep EXR, which is not supported: flatten it first.")
        if len(_colour_channels(spec.channelnames)) == 3:
            return spec, part
        part += 1
        spec = image.spec(part)
    return first, 0


def _colour_channels(names: tuple[str, ...]) -> tuple[int, ...]:
    """Indices of R, G and B; of a lone luminance or first channel where there is no RGB."""
    lower = [name.lower() for name in names]
    for wanted in (("r", "g", "b"), ("red", "green", "blue")):
        if all(name in lower for name in wanted):
            return tuple(lower.index(name) for name in wanted)
    return (lower.index("y"),) if "y" in lower else (0,)


def _rate(spec: oiio.ImageSpec) -> Fraction | None:
    value = spec.getattribute("FramesPerSecond")
    if isinstance(value, tuple) and len(value) == 2 and min(value) > 0:
        return Fraction(*value)
    return None


def _timecode(spec: oiio.ImageSpec) -> str | None:
    value = spec.getattribute("smpte:TimeCode")  # its text would not tell of dropped frames
    return unpacked(value[0]) if isinstance(value, tuple) else None


def _placed(pixels: Image, header: ImageHeader) -> Image:
    """The data window set into its display window; (H, W, C) before any turning."""
    width, height = header.width, header.height
    if header.orientation in _TURNED:
        width, height = height, width
    if (header.x, header.y, header.data_width, header.data_height) == (0, 0, width, height):
        return pixels
    frame = np.zeros((height, width, pixels.shape[-1]), np.float32)
    left, top = max(header.x, 0), max(header.y, 0)
    right = min(header.x + header.data_width, width)
    bottom = min(header.y + header.data_height, height)
    if left < right and top < bottom:
        frame[top:bottom, left:right] = pixels[
            top - header.y : bottom - header.y, left - header.x : right - header.x
        ]
    return frame


# EXIF orientations whose stored rows are the columns of the upright picture.
_TURNED = frozenset({5, 6, 7, 8})


def _oriented(pixels: Image, orientation: int) -> Image:
    """The picture upright, by its EXIF orientation 1..8."""
    if orientation in _TURNED:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def _reason(geterror: Callable[[], str]) -> str:
    """What OpenImageIO says; it quotes damaged headers byte for byte, which may be no text."""
    try:
        return geterror()
    except UnicodeDecodeError:
        return "its header is damaged"


def _first_line(text: str) -> str:
    """A library's first sentence, without its full stop."""
    lines = text.strip().splitlines()
    return lines[0].split(". ")[0].rstrip(".") if lines else "it cannot be decoded"
