"""OpenEXR frames as plates: read whole, written again with other colour and all the rest."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.exr.chroma import rgb_from_chroma
from tokenflow_studio.media.exr.files import (
    ExrFile,
    Pixels,
    read_checked_headers,
    read_exr,
    write_exr_file,
)
from tokenflow_studio.media.exr.headers import (
    Header,
    channels,
    number,
    rate,
    text,
    timecode,
    window,
    with_timecode,
)
from tokenflow_studio.media.exr.layers import Layer, choose_layer
from tokenflow_studio.media.image_headers import ColourHints, ImageHeader
from tokenflow_studio.media.plates import Plate, Wanted, unchanged

_HALF_MAX = np.float32(65504)
# Rec. 709 luminance, for the rare file with a single grey channel.
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True, slots=True)
class StoredExr:
    """The whole file: headers as bytes, every channel in its own type."""

    file: ExrFile
    layer: Layer
    suffixes: tuple[str, ...] = (".exr",)

    @property
    def bits(self) -> int:
        """Of the edited colour."""
        return 8 * self.file.parts[self.layer.part][self.layer.colour[0]].itemsize

    def write(self, path: Path, plate: Plate, colour: Image) -> None:
        """The file with other colour; luminance-chroma becomes RGB of the same type."""
        parts = [dict(part) for part in self.file.parts]
        part = parts[self.layer.part]
        kept = unchanged(colour, plate)
        if self.layer.is_chroma:
            luminance, prefix = self.layer.colour[0], self.layer.colour[0].removesuffix("Y")
            kind = part[luminance].dtype
            for name in self.layer.colour:
                del part[name]
            for place, name in enumerate("RGB"):
                part[prefix + name] = _typed(colour[..., place], kind)
        elif len(self.layer.colour) == 1:
            name = self.layer.colour[0]
            grey = _typed(colour @ _LUMINANCE, part[name].dtype)
            part[name] = np.where(kept.all(-1), part[name], grey)
        else:
            for place, name in enumerate(self.layer.colour):
                new = _typed(colour[..., place], part[name].dtype)
                part[name] = np.where(kept[..., place], part[name], new)
        write_exr_file(path, self.file.headers, parts)

    def standing_in(self, timecode: str | None, black: bool) -> "StoredExr":
        """The file for another frame: its timecode, and where wanted no light and no data."""
        headers = self.file.headers
        parts = tuple(with_timecode(header, timecode) for header in headers.parts)
        pixels = self.file.parts
        if black:
            pixels = tuple({n: np.zeros_like(p) for n, p in part.items()} for part in pixels)
        return replace(self, file=ExrFile(replace(headers, parts=parts), pixels))


def read_exr_plate(path: Path, wanted: Wanted) -> Plate:
    """One frame. Raises BadInput for damage and for a layer or view that the file lacks."""
    file = read_exr(path)
    headers = file.headers.parts
    layer = choose_layer(headers, wanted, path)
    header, part = headers[layer.part], file.parts[layer.part]
    _check_sampling(headers, layer, path)
    if layer.is_chroma:
        luminance, red, blue = (part[name] for name in layer.colour)
        colour = rgb_from_chroma(luminance, red, blue, header)
    else:
        colour = np.empty((*part[layer.colour[0]].shape, len(layer.colour)), np.float32)
        for place, name in enumerate(layer.colour):
            colour[..., place] = part[name]
    if colour.shape[-1] == 1:
        colour = np.repeat(colour, 3, axis=-1)
    data = window(header, "dataWindow")
    if colour.shape[:2] != (data.height, data.width):
        raise BadInput(f"{path} is damaged (channels lack rows): copy or render it again.")
    return Plate(
        colour=np.ascontiguousarray(colour),
        alpha=None if layer.alpha is None else _float(part[layer.alpha]),
        premultiplied=True if wanted.premultiplied is None else wanted.premultiplied,
        data=data,
        display=window(header, "displayWindow"),
        pixel_aspect=number(header, "pixelAspectRatio", 1.0) or 1.0,
        layer=layer.name,
        view=layer.view,
        unedited=_unedited(file, layer),
        stored=StoredExr(file, layer),
    )


def read_exr_header(path: Path, wanted: Wanted) -> ImageHeader:
    """The header alone, of the part that is edited. Raises BadInput as `read_exr_plate` does."""
    parts = read_checked_headers(path).parts
    layer = choose_layer(parts, wanted, path)
    _check_sampling(parts, layer, path)
    header = parts[layer.part]
    display = window(header, "displayWindow")
    return ImageHeader(
        width=display.width,
        height=display.height,
        pixel_aspect=number(header, "pixelAspectRatio", 1.0) or 1.0,
        rate=rate(header),
        timecode=timecode(header),
        colour=_hints(header),
    )


def _hints(header: Header) -> ColourHints:
    """What the attributes say; `oiio:ColorSpace` is how OpenImageIO spoke before interop ids."""
    space = text(header, "colorInteropID") or text(header, "oiio:ColorSpace")
    aces = header.get("acesImageContainerFlag")
    if not space and aces is not None and aces.value == b"\1\0\0\0":
        space = "lin_ap0_scene"
    found = header.get("chromaticities")
    points = struct.unpack("<8f", found.value) if found else None
    return ColourHints(space=space, chromaticities=points, is_light=True)


def _check_sampling(headers: Sequence[Header], layer: Layer, path: Path) -> None:
    """Subsampled channels are read as the picture's own chroma alone: no library writes others."""
    for place, header in enumerate(headers):
        chroma = layer.colour[1:] if layer.is_chroma and place == layer.part else ()
        for channel in channels(header):
            sampling = channel.x_sampling, channel.y_sampling
            if sampling != (1, 1) and not (channel.name in chroma and sampling == (2, 2)):
                raise BadInput(
                    f"{path} has a subsampled channel {channel.name} beside its picture, "
                    "which is not supported: convert it to full size."
                )


def _unedited(file: ExrFile, layer: Layer) -> tuple[str, ...]:
    """Names of all channels but the edited ones; of several parts, with the part's name."""
    names = []
    for place, (header, part) in enumerate(zip(file.headers.parts, file.parts, strict=True)):
        title = f"{text(header, 'name')}: " if len(file.parts) > 1 else ""
        edited = layer.colour if place == layer.part else ()
        names += [f"{title}{channel}" for channel in part if channel not in edited]
    return tuple(names)


def _float(pixels: Pixels) -> NDArray[np.float32]:
    return pixels.astype(np.float32)


def _typed(values: NDArray[np.float32], kind: np.dtype[Any]) -> Pixels:
    """Values in a channel's own type: half within its range, NaN and infinity kept."""
    if kind == np.float16:
        bounded = np.clip(values, -_HALF_MAX, _HALF_MAX)
        return np.where(np.isfinite(values), bounded, values).astype(np.float16)
    if kind == np.uint32:
        whole = np.rint(np.nan_to_num(values.astype(np.float64)))
        return np.clip(whole, 0, 2**32 - 1).astype(np.uint32)
    return values.astype(np.float32)
