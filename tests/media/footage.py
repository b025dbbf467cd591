"""Small made-up footage: every frame carries its own number, readable after any compression."""

import itertools
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
from numpy.typing import NDArray

Image = NDArray[np.float32]
_BITS = 8


def frame(number: int, width: int = 96, height: int = 64) -> Image:
    """(H, W, 3): the number as eight dark or bright columns; red at the upper left corner."""
    image = np.full((height, width, 3), 0.5, np.float32)
    edges = np.linspace(0, width, _BITS + 1).astype(int)
    for bit, (left, right) in enumerate(itertools.pairwise(edges)):
        image[height // 2 :, left:right] = 0.85 if number >> bit & 1 else 0.15
    image[: height // 4, : width // 4] = (0.9, 0.1, 0.1)
    return image


def number_in(image: Image) -> int:
    """The number that `frame` wrote."""
    row = image[3 * image.shape[0] // 4].mean(-1)
    middles = ((np.arange(_BITS) + 0.5) * image.shape[1] / _BITS).astype(int)
    return sum(1 << bit for bit, x in enumerate(middles) if row[x] > 0.5)


def write_footage(
    path: Path,
    count: int = 24,
    *,
    form: str = "mp4",
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    size: tuple[int, int] = (96, 64),
    rate: int = 24,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    times: list[int] | None = None,
    matrix: list[int] | None = None,
    aspect: Fraction | None = None,
) -> Path:
    """A movie of `count` numbered frames; times: milliseconds of each, for a variable rate."""
    with av.open(
        f"file:{path}", "w", format=form, container_options=container_options
    ) as container:
        stream = container.add_stream(codec, rate=rate, options=options or {})
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if matrix is not None:
            stream.set_display_matrix(matrix)
        if times is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        for number in range(count):
            pixels = np.round(frame(number, *size) * 255).astype(np.uint8)
            picture = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            if times is not None:
                picture.pts, picture.time_base = times[number], Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def write_image(path: Path, pixels: Image, form: str, **attributes: object) -> Path:
    """Any (H, W, C) image by OpenImageIO.

    attributes: `window` as (x, y, full_x, full_y, full_width, full_height), `names` of channels,
    `type` of pixels; others as the format knows them.
    """
    height, width, channels = pixels.shape
    spec = oiio.ImageSpec(width, height, channels, attributes.pop("type", oiio.HALF))
    if "window" in attributes:
        window = attributes.pop("window")
        spec.x, spec.y, spec.full_x, spec.full_y, spec.full_width, spec.full_height = window
    if "names" in attributes:
        spec.channelnames = attributes.pop("names")
    for name, value in attributes.items():
        spec.attribute(name, value)
    output = oiio.ImageOutput.create(form)
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(np.ascontiguousarray(pixels)), output.geterror()
    assert output.close(), output.geterror()
    return path
