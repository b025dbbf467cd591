"""PNG, TIFF, DPX and JPEG by OpenImageIO: headers, plates, and the same files with other colour."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.decoding.process import ask
from tokenflow_studio.media.image_headers import ColourHints, ImageHeader
from tokenflow_studio.media.plates import Plate, Wanted, Window, unchanged
from tokenflow_studio.media.raster_decoder import Raster
from tokenflow_studio.media.timecode import packed, unpacked

# Formats that can be written again without loss.
_REWRITTEN = {"png": (".png",), "tiff": (".tif", ".tiff"), "dpx": (".dpx",)}
# EXIF orientations whose stored rows are the columns of the upright picture, and those that are
# undone by another one.
_TURNED = frozenset({5, 6, 7, 8})
_UNDONE = {6: 8, 8: 6}


@dataclass(frozen=True, slots=True)
class StoredRaster:
    """All channels (h, w, n) as stored, not turned, and the library's description of the file."""

    pixels: NDArray[Any]
    spec: oiio.ImageSpec
    colour: tuple[int, ...]
    orientation: int
    form: str
    suffixes: tuple[str, ...]

    @property
    def bits(self) -> int:
        """Of a sample in memory, which holds all of the file's."""
        return 8 * self.pixels.itemsize

    def write(self, path: Path, plate: Plate, colour: Image) -> None:
        """The file with other colour; raises OSError where it cannot be written."""
        kept: NDArray[Any] = _oriented(unchanged(colour, plate), _inverse(self.orientation))
        turned = _oriented(colour, _inverse(self.orientation))
        if len(self.colour) == 1:
            kept, turned = np.all(kept, -1, keepdims=True), np.mean(turned, -1, keepdims=True)
        pixels = self.pixels.copy()
        for place, channel in enumerate(self.colour):
            new = _typed(turned[..., place], pixels.dtype)
            pixels[..., channel] = np.where(kept[..., place], pixels[..., channel], new)
        store(path, self.form, self.spec, pixels)

    def standing_in(self, timecode: str | None, black: bool) -> "StoredRaster":
        """The file for another frame; of these formats, DPX keeps a timecode."""
        spec = oiio.ImageSpec(self.spec)
        code = packed(timecode) if timecode else None
        if code is not None and spec.getattribute("smpte:TimeCode") is not None:
            spec.erase_attribute("dpx:TimeCode")
            spec.attribute("smpte:TimeCode", oiio.TypeTimeCode, (code, 0))
        return replace(self, spec=spec, pixels=np.zeros_like(self.pixels) if black else self.pixels)


def read_raster_header(path: Path, wanted: Wanted) -> ImageHeader:
    """Read the header alone. Raises BadInput where it makes no sense."""
    spec: oiio.ImageSpec = ask(str(path), "raster header", path)
    width, height = spec.full_width, spec.full_height
    if spec.get_int_attribute("Orientation", 1) in _TURNED:
        width, height = height, width
    return ImageHeader(
        width=width,
        height=height,
        pixel_aspect=spec.get_float_attribute("PixelAspectRatio", 1.0) or 1.0,
        rate=_rate(spec),
        timecode=_timecode(spec),
        colour=_hints(spec),
    )


def _hints(spec: oiio.ImageSpec) -> ColourHints:
    """What the file says; OpenImageIO's own guess of sRGB for 8 and 16 bits is custom, no word."""
    transfer = spec.get_string_attribute("dpx:Transfer")
    space = spec.get_string_attribute("oiio:ColorSpace")
    return ColourHints(
        space="" if space.lower().startswith("srgb") else space,
        is_light=str(spec.format) in ("float", "half", "double"),
        is_film_log=transfer in ("Printing density", "Logarithmic"),
    )


def read_raster_plate(path: Path, wanted: Wanted) -> Plate:
    """One frame, upright; integers as 0..1. Raises BadInput for a damaged file."""
    if wanted.layer or wanted.view:
        raise BadInput(f"{path} has no layers and no stereo views: leave them out.")
    raster: Raster = ask(str(path), "raster", path)
    pixels, spec, form = raster.pixels, raster.spec, raster.form
    channels = _colour_channels(spec.channelnames)
    orientation = spec.get_int_attribute("Orientation", 1)
    upright = _oriented(pixels, orientation)
    colour = _float(upright[..., list(channels)])
    alpha = spec.alpha_channel if spec.alpha_channel not in (-1, *channels) else None
    straight = form != "tiff" or bool(spec.get_int_attribute("oiio:UnassociatedAlpha", 0))
    data, display = _windows(spec, upright.shape[:2], orientation)
    used = {*channels} | ({alpha} if alpha is not None else set())
    others = [name for place, name in enumerate(spec.channelnames) if place not in used]
    return Plate(
        colour=np.ascontiguousarray(np.repeat(colour, 3, -1) if len(channels) == 1 else colour),
        alpha=None if alpha is None else np.ascontiguousarray(_float(upright[..., alpha])),
        premultiplied=not straight if wanted.premultiplied is None else wanted.premultiplied,
        data=data,
        display=display,
        pixel_aspect=spec.get_float_attribute("PixelAspectRatio", 1.0) or 1.0,
        layer="",
        view="",
        unedited=(*([] if alpha is None else [spec.channelnames[alpha]]), *others),
        stored=StoredRaster(pixels, spec, channels, orientation, form, _REWRITTEN.get(form, ())),
    )


def store(path: Path, form: str, spec: oiio.ImageSpec, pixels: NDArray[Any]) -> None:
    """Write (h, w, n) pixels in their own type. Raises OSError where the library cannot."""
    output = oiio.ImageOutput.create(form)
    if output is None:
        raise OSError(oiio.geterror().strip())
    content = np.ascontiguousarray(pixels)
    if not (output.open(str(path), spec) and output.write_image(content) and output.close()):
        raise OSError(output.geterror().strip() or f"{form} gave no reason")


def _colour_channels(names: tuple[str, ...]) -> tuple[int, ...]:
    """Indices of R, G and B; of a lone luminance or first channel where there is no RGB."""
    lower = [name.lower() for name in names]
    if all(name in lower for name in ("r", "g", "b")):
        return tuple(lower.index(name) for name in ("r", "g", "b"))
    return (lower.index("y"),) if "y" in lower else (0,)


def _windows(
    spec: oiio.ImageSpec, shape: tuple[int, ...], orientation: int
) -> tuple[Window, Window]:
    """Data and display window; a turned picture's are its own size, which no format lets differ."""
    height, width = shape
    if orientation != 1:
        return Window(0, 0, width, height), Window(0, 0, width, height)
    display = Window(spec.full_x, spec.full_y, spec.full_width, spec.full_height)
    return Window(spec.x, spec.y, width, height), display


def _rate(spec: oiio.ImageSpec) -> Fraction | None:
    value = spec.get_float_attribute("dpx:FrameRate", 0.0) or spec.get_float_attribute(
        "dpx:TemporalFrameRate", 0.0
    )
    if not 0 < value < 1000:
        return None
    ntsc = Fraction(round(value * 1.001) * 1000, 1001)
    return ntsc if abs(float(ntsc) - value) < 0.005 else Fraction(value).limit_denominator(1000)


def _timecode(spec: oiio.ImageSpec) -> str | None:
    value = spec.getattribute("smpte:TimeCode")  # its text would not tell of dropped frames
    return unpacked(value[0]) if isinstance(value, tuple) else None


def _float(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Integers as shares of their greatest value, floats as they are."""
    if pixels.dtype.kind != "u":
        return pixels.astype(np.float32)
    return np.divide(pixels, np.iinfo(pixels.dtype).max, dtype=np.float32)


def _typed(values: NDArray[np.float32], kind: np.dtype[Any]) -> NDArray[Any]:
    if kind.kind != "u":
        return values.astype(kind)
    greatest = np.iinfo(kind).max
    whole = np.rint(np.nan_to_num(values.astype(np.float64), posinf=1, neginf=0) * greatest)
    return np.clip(whole, 0, greatest).astype(kind)


def _oriented(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """The picture upright, by its EXIF orientation 1..8."""
    if orientation in _TURNED:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def _inverse(orientation: int) -> int:
    return _UNDONE.get(orientation, orientation)
