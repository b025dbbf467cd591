"""A movie's frame as it is stored: luma and chroma planes, and the RGB they mean.

R'G'B' = the inverse of Y' = Kr R' + (1 - Kr - Kb) G' + Kb B', Cb = (B' - Y') / (2 (1 - Kb)),
Cr = (R' - Y') / (2 (1 - Kr)) (ITU-R BT.601, BT.709, BT.2020; ITU-T H.273 names the codes).
"""

from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.media.curves import Image

Plane = NDArray[Any]
Grey = NDArray[Any]  # float32; numpy's own types call a product with a scalar float64

UNSPECIFIED = 2  # the code for what a file does not say
# Kr and Kb of H.273's matrix codes: 709, FCC, 601 (625 and 525 lines), 240M, 2020.
_WEIGHTS = {
    1: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    6: (0.299, 0.114),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
}
_FULL_RANGE = 2
# Formats that are not stored plane by plane, and the planar ones that hold the same values.
_PLANAR = {
    "nv12": "yuv420p",
    "nv21": "yuv420p",
    "nv16": "yuv422p",
    "nv24": "yuv444p",
    "p010le": "yuv420p10le",
    "p210le": "yuv422p10le",
    "p410le": "yuv444p10le",
    "p012le": "yuv420p12le",
    "p016le": "yuv420p16le",
    "yuyv422": "yuv422p",
    "uyvy422": "yuv422p",
    "y210le": "yuv422p10le",
    "ayuv64le": "yuva444p16le",
    "rgb24": "gbrp",
    "bgr24": "gbrp",
    "rgb0": "gbrp",
    "bgr0": "gbrp",
    "rgba": "gbrap",
    "bgra": "gbrap",
    "argb": "gbrap",
    "abgr": "gbrap",
    "pal8": "gbrap",
    "rgb48le": "gbrp16le",
    "rgb48be": "gbrp16le",
    "rgba64le": "gbrap16le",
    "rgba64be": "gbrap16le",
    "ya8": "yuva444p",
    "ya16le": "yuva444p16le",
}


@dataclass(frozen=True, slots=True)
class ColourTags:
    """How a movie's numbers become colour, by the codes of ITU-T H.273; range: 1 video, 2 full.

    2 means that the file does not say (range: 0).
    """

    matrix: int = UNSPECIFIED
    primaries: int = UNSPECIFIED
    transfer: int = UNSPECIFIED
    range: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """A planar pixel format.

    name: FFmpeg's; bits per sample; x_step, y_step: pixels per chroma sample; is_rgb: planes are
    green, blue and red; has_alpha: the last plane is alpha; planes: how many.
    """

    name: str
    bits: int
    x_step: int
    y_step: int
    is_rgb: bool
    has_alpha: bool
    planes: int

    @classmethod
    def of(cls, name: str) -> "Layout":
        """The layout that FFmpeg's name stands for."""
        form = av.VideoFormat(name, 64, 64)
        components = form.components
        colour = [c for c in components if not c.is_alpha]
        chroma = components[1] if len(colour) > 2 else components[0]
        has_alpha = len(colour) < len(components)
        return cls(
            name,
            components[0].bits,
            64 // chroma.width,
            64 // chroma.height,
            form.is_rgb,
            has_alpha,
            len(components),
        )

    @property
    def peak(self) -> int:
        """The greatest code."""
        return (1 << self.bits) - 1


@dataclass(frozen=True, slots=True, eq=False)
class PlanarFrame:
    """Planes (h, w) of integers, and how they are meant; `tags` with every guess made."""

    planes: tuple[Plane, ...]
    layout: Layout
    tags: ColourTags


def planar(picture: av.VideoFrame, tags: ColourTags) -> PlanarFrame:
    """The planes of a decoded frame, without any change of values."""
    layout = planar_layout(picture)
    if layout.name != picture.format.name.replace("yuvj", "yuv"):
        picture = picture.reformat(format=layout.name, threads=1)
    return PlanarFrame(
        tuple(_plane(picture, place, layout) for place in range(layout.planes)), layout, tags
    )


def planar_layout(picture: av.VideoFrame) -> Layout:
    """The layout of a decoded frame's planes."""
    name = picture.format.name
    if name.startswith("yuvj"):  # FFmpeg's old names for the full range
        return Layout.of(name.replace("yuvj", "yuv"))
    return Layout.of(_planar_name(picture.format))


def picture(planes: tuple[Plane, ...], layout: Layout, tags: ColourTags) -> av.VideoFrame:
    """A frame for an encoder. tags: as the file is to say them."""
    height, width = planes[0].shape
    frame = av.VideoFrame(width, height, layout.name)
    # ProRes takes its tags from the frames, not from the stream.
    frame.colorspace, frame.color_primaries = tags.matrix, tags.primaries
    frame.color_trc, frame.color_range = tags.transfer, tags.range
    for plane, codes in zip(frame.planes, planes, strict=True):
        padded = np.zeros((plane.height, plane.line_size // codes.itemsize), codes.dtype)
        padded[:, : plane.width] = codes
        plane.update(padded.tobytes())
    return frame


def _planar_name(form: av.VideoFormat) -> str:
    """A planar format, little-endian, that holds all values of `form`."""
    name = form.name
    if name in _PLANAR:
        return _PLANAR[name]
    places = [component.plane for component in form.components]
    if len(set(places)) < len(places) or form.components[0].bits > 16 or "xyz" in name:
        return "gbrap16le" if form.is_rgb else "yuva444p16le"
    return name.removesuffix("be") + "le" if name.endswith("be") else name


def _plane(picture: av.VideoFrame, place: int, layout: Layout) -> Plane:
    plane = picture.planes[place]
    kind = np.dtype("<u2" if layout.bits > 8 else np.uint8)
    rows = np.frombuffer(memoryview(plane), kind)  # pyright: ignore[reportArgumentType]
    rows = rows.reshape(plane.height, plane.line_size // kind.itemsize)
    return rows[:, : plane.width].copy()


def guessed(tags: ColourTags, height: int, is_rgb: bool) -> ColourTags:
    """Tags with custom in place of silence: HD is Rec. 709, anything smaller Rec. 601."""
    custom = 1 if height >= 720 else 6
    matrix = custom if tags.matrix not in _WEIGHTS else tags.matrix
    return ColourTags(
        matrix=0 if is_rgb else matrix,
        primaries=custom if tags.primaries in (0, UNSPECIFIED) else tags.primaries,
        transfer=custom if tags.transfer in (0, UNSPECIFIED) else tags.transfer,
        range=tags.range or (_FULL_RANGE if is_rgb else 1),
    )


def to_rgb(frame: PlanarFrame) -> Image:
    """(h, w, 3) float32 R'G'B'; video range gives 0..1 for its black and white, nothing clipped."""
    layout = frame.layout
    if layout.is_rgb:
        green, blue, red = (_luma(plane, frame) for plane in frame.planes[:3])
        return np.stack([red, green, blue], axis=-1)
    luma = _luma(frame.planes[0], frame)
    if len(frame.planes) - layout.has_alpha < 3:
        return np.repeat(luma[..., None], 3, axis=-1)
    cb, cr = (_enlarged(_chroma(plane, frame), luma.shape, layout) for plane in frame.planes[1:3])
    return _rgb(luma, cb, cr, frame.tags.matrix)


def alpha_of(frame: PlanarFrame) -> Grey | None:
    """(h, w) 0..1, or None; alpha always has the full range."""
    if not frame.layout.has_alpha:
        return None
    return np.divide(frame.planes[-1], frame.layout.peak, dtype=np.float32)


def from_rgb(
    colour: Image, alpha: Grey | None, layout: Layout, tags: ColourTags
) -> tuple[Plane, ...]:
    """The planes of R'G'B' (h, w, 3), as whole codes. tags: with every guess made.

    alpha: (h, w) 0..1, for a layout that has it; None is opaque.
    """
    codes = _codes(colour, layout, tags)
    if layout.has_alpha:
        opaque = np.ones(colour.shape[:2], np.float32)
        codes.append((opaque if alpha is None else alpha) * np.float32(layout.peak))
    kind = np.uint16 if layout.bits > 8 else np.uint8
    return tuple(np.clip(np.rint(plane), 0, layout.peak).astype(kind) for plane in codes)


def untouched(mask: NDArray[np.bool_], layout: Layout) -> list[NDArray[np.bool_]]:
    """Where each colour plane needs no new codes: of a mask (h, w), all pixels behind a sample."""
    planes = layout.planes - layout.has_alpha
    if layout.is_rgb or planes < 3:
        return [mask] * planes
    chroma = _reduced((~mask).astype(np.float32), layout) == 0
    return [mask, chroma, chroma]


def _codes(colour: Image, layout: Layout, tags: ColourTags) -> list[Grey]:
    """The colour planes, not yet rounded nor limited."""
    if layout.is_rgb:
        return [_luma_codes(colour[..., place], layout, tags) for place in (1, 2, 0)]
    red, green, blue = (colour[..., place] for place in range(3))
    kr, kb = (np.float32(weight) for weight in _WEIGHTS[tags.matrix])
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    codes = [_luma_codes(luma, layout, tags)]
    if layout.planes - layout.has_alpha < 3:
        return codes
    cb, cr = (blue - luma) / (2 * (1 - kb)), (red - luma) / (2 * (1 - kr))
    return codes + [_chroma_codes(_reduced(plane, layout), layout, tags) for plane in (cb, cr)]


def _rgb(luma: Grey, cb: Grey, cr: Grey, matrix: int) -> Image:
    kr, kb = (np.float32(weight) for weight in _WEIGHTS[matrix])
    red, blue = luma + 2 * (1 - kr) * cr, luma + 2 * (1 - kb) * cb
    green = (luma - kr * red - kb * blue) / (1 - kr - kb)
    return np.stack([red, green, blue], axis=-1).astype(np.float32, copy=False)


def _luma_span(layout: Layout, tags: ColourTags) -> tuple[float, float]:
    """The code of black, and how many codes lie from there to white."""
    if tags.range == _FULL_RANGE:
        return 0.0, float(layout.peak)
    scale = float(1 << (layout.bits - 8))
    return 16 * scale, 219 * scale


def _luma(plane: Plane, frame: PlanarFrame) -> Grey:
    black, span = _luma_span(frame.layout, frame.tags)
    return (plane.astype(np.float32) - np.float32(black)) / np.float32(span)


def _luma_codes(values: Grey, layout: Layout, tags: ColourTags) -> Grey:
    black, span = _luma_span(layout, tags)
    return values * np.float32(span) + np.float32(black)


def _chroma_span(layout: Layout, tags: ColourTags) -> tuple[float, float]:
    middle = float(1 << (layout.bits - 1))
    full = tags.range == _FULL_RANGE
    return middle, float(layout.peak) if full else 224.0 * (1 << (layout.bits - 8))


def _chroma(plane: Plane, frame: PlanarFrame) -> Grey:
    middle, span = _chroma_span(frame.layout, frame.tags)
    return (plane.astype(np.float32) - np.float32(middle)) / np.float32(span)


def _chroma_codes(values: Grey, layout: Layout, tags: ColourTags) -> Grey:
    middle, span = _chroma_span(layout, tags)
    return values * np.float32(span) + np.float32(middle)


def _enlarged(chroma: Grey, shape: tuple[int, ...], layout: Layout) -> Grey:
    """Chroma for every pixel: sited with the even columns, and midway between two rows."""
    if layout.y_step == 2:
        chroma = _rows_doubled(chroma)
    for _ in range(layout.x_step.bit_length() - 1):
        chroma = _columns_doubled(chroma)
    return chroma[: shape[0], : shape[1]]


def _columns_doubled(chroma: Grey) -> Grey:
    wide = np.empty((chroma.shape[0], 2 * chroma.shape[1]), np.float32)
    wide[:, 0::2] = chroma
    wide[:, 1:-1:2] = (chroma[:, :-1] + chroma[:, 1:]) / 2
    wide[:, -1] = chroma[:, -1]
    return wide


def _rows_doubled(chroma: Grey) -> Grey:
    padded = np.pad(chroma, ((1, 1), (0, 0)), mode="edge")
    tall = np.empty((2 * chroma.shape[0], chroma.shape[1]), np.float32)
    tall[0::2] = 0.75 * chroma + 0.25 * padded[:-2]
    tall[1::2] = 0.75 * chroma + 0.25 * padded[2:]
    return tall


def _reduced(chroma: Grey, layout: Layout) -> Grey:
    """One sample per chroma site: columns weighted 1 2 1 around it, rows as the mean of two."""
    if layout.y_step == 2:
        tall = np.pad(chroma, ((0, chroma.shape[0] % 2), (0, 0)), mode="edge")
        chroma = (tall[0::2] + tall[1::2]) * np.float32(0.5)
    for _ in range(layout.x_step.bit_length() - 1):
        wide = np.pad(chroma, ((0, 0), (1, 1 + chroma.shape[1] % 2)), mode="edge")
        outer = wide[:, 0:-2:2] + wide[:, 2::2]
        chroma = wide[:, 1:-1:2] * np.float32(0.5) + outer * np.float32(0.25)
    return chroma
