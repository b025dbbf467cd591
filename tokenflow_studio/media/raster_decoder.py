"""PNG, TIFF, DPX and JPEG as the decoding process reads them, by OpenImageIO, under limits."""

import copyreg
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput

# A file of kilobytes may claim gigabytes; 8K float RGBA is 540 MB.
_MAX_MEGABYTES = 1024
_MAX_SIDE = 32768
_MAX_CHANNELS = 64
oiio.attribute("limits:imagesize_MB", _MAX_MEGABYTES)
oiio.attribute("limits:resolution", _MAX_SIDE)
oiio.attribute("limits:channels", _MAX_CHANNELS)


@dataclass(frozen=True, slots=True)
class Raster:
    """A decoded file: pixels (h, w, n) as stored, what the library says of it, and its format."""

    pixels: NDArray[Any]
    spec: oiio.ImageSpec
    form: str


def decode_raster_header(path: Path) -> oiio.ImageSpec:
    """The header alone. Raises BadInput where it makes no sense."""
    image = _open(path)
    try:
        return _checked(image, path)
    finally:
        image.close()


def decode_raster(path: Path) -> Raster:
    """The whole file. Raises BadInput for a damaged one."""
    image = _open(path)
    try:
        spec = _checked(image, path)
        pixels = image.read_image(0, 0, 0, spec.nchannels, oiio.UNKNOWN)
        if pixels is None:
            raise _damaged(path, _reason(image.geterror))
        shape = (spec.height, spec.width, spec.nchannels)
        return Raster(np.asarray(pixels).reshape(shape), spec, image.format_name())
    finally:
        image.close()


def _open(path: Path) -> oiio.ImageInput:
    hints = oiio.ImageSpec()
    hints.attribute("oiio:UnassociatedAlpha", 1)  # straight alpha stays straight
    image = oiio.ImageInput.open(str(path), hints)
    if image is None:
        raise _refused(path, _reason(oiio.geterror))
    return image


def _refused(path: Path, reason: str) -> BadInput:
    if "limit" in reason.lower():
        return BadInput(f"{path} is too large ({_first_line(reason)}): make it smaller.")
    return _damaged(path, reason)


def _damaged(path: Path, reason: str) -> BadInput:
    return BadInput(f"{path} is damaged ({_first_line(reason)}): copy or render it again.")


def _checked(image: oiio.ImageInput, path: Path) -> oiio.ImageSpec:
    spec = image.spec(0)
    width, height = spec.full_width, spec.full_height
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE) or (
        width * height * 3 * 4 > _MAX_MEGABYTES * 2**20
    ):
        raise BadInput(f"{path} claims {width}x{height} pixels, which is too large: check it.")
    return spec


def _reason(geterror: Callable[[], str]) -> str:
    """What OpenImageIO says; it quotes damaged headers byte for byte, which may be no text."""
    try:
        return geterror()
    except UnicodeDecodeError:
        return "its header is damaged"


def _first_line(message: str) -> str:
    """A library's first sentence, without its full stop."""
    lines = message.strip().splitlines()
    return lines[0].split(". ")[0].rstrip(".") if lines else "it cannot be decoded"


_PLACES = (
    "x", "y", "z", "width", "height", "depth", "full_x", "full_y", "full_z", "full_width",
    "full_height", "full_depth", "tile_width", "tile_height", "tile_depth", "nchannels",
    "channelnames", "alpha_channel", "z_channel",
)  # fmt: skip


def rebuilt_spec(form: str, places: dict[str, Any], told: list[tuple[str, Any]]) -> oiio.ImageSpec:
    """A description that came from another process."""
    spec = oiio.ImageSpec(places["width"], places["height"], places["nchannels"], form)
    for name, value in places.items():
        setattr(spec, name, value)
    for name, value in told:
        spec.attribute(name, *value)
    return spec


def _kind(attribute: oiio.ParamValue) -> str:
    """Its type; the binding sets no short scalars, and drops them without a word."""
    kind = str(attribute.type)
    return "int" if kind in ("int8", "uint8", "int16", "uint16") else kind


def _text(value: Any) -> Any:
    """A damaged header's text may be none; the library takes only what is."""
    if isinstance(value, tuple):
        return tuple(map(_text, value))
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _taken_apart(spec: oiio.ImageSpec) -> tuple[Any, ...]:
    told = [(_text(p.name), (_kind(p), _text(p.value))) for p in spec.extra_attribs]
    return rebuilt_spec, (str(spec.format), {n: getattr(spec, n) for n in _PLACES}, told)


copyreg.pickle(oiio.ImageSpec, _taken_apart)  # pyright: ignore[reportArgumentType]
