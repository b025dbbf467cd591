"""Writing movies: H.264 in MP4 or QuickTime. Equal frames give equal bytes."""

import itertools
import platform
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.codec.context import Flags
from av.error import FFmpegError
from av.video.reformatter import (
    ColorPrimaries,
    ColorRange,
    Colorspace,
    ColorTrc,
    Interpolation,
)
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.files import replacing
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.stills import to_bytes

_FORMATS = {".mp4": "mp4", ".mov": "mov"}
# The number of threads changes what x264 writes, so it is fixed, whatever the machine. Its AVX-512
# code reads memory that nobody wrote, so that equal frames now and then gave other bytes.
_X264 = {"crf": "12", "preset": "medium", "threads": "4"}
if platform.machine() in ("x86_64", "AMD64"):
    _X264["x264-params"] = "asm=avx2"
_MP4 = {"fflags": "+bitexact", "movflags": "+faststart"}


def write_movie(path: Path, frames: Iterable[Image], rate: Fraction) -> None:
    """Write (H, W, 3) display-referred frames 0..1 as an .mp4 or .mov at `rate` per second.

    Even sizes are 4:2:0, which every player shows; odd ones 4:4:4, because 4:2:0 has no odd size.
    Frames are taken one at a time. Raises BadInput for no frames or sizes that differ, else as
    `core.files.replacing` does.
    """
    pictures = iter(frames)
    first = next(pictures, None)
    if first is None:
        raise BadInput(f"{path} would have no frames: choose a longer range.")
    with replacing(path) as temporary:
        try:
            _encode(temporary, path, itertools.chain([first], pictures), first.shape, rate)
        except FFmpegError as error:
            if isinstance(error, OSError) and error.errno:
                raise
            raise JobFailed(f"{path} could not be encoded ({error}).") from error


def _encode(
    temporary: Path,
    path: Path,
    frames: Iterable[Image],
    shape: tuple[int, ...],
    rate: Fraction,
) -> None:
    height, width = shape[:2]
    container = av.open(
        f"file:{temporary}", "w", format=_FORMATS[path.suffix.lower()], container_options=_MP4
    )
    with container:
        stream = container.add_stream("libx264", rate=rate, options=_X264)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv444p" if width % 2 or height % 2 else "yuv420p"
        context = stream.codec_context
        context.flags |= Flags.bitexact
        context.colorspace = Colorspace.ITU709
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.color_range = ColorRange.MPEG
        for image in frames:
            if image.shape != shape:
                raise BadInput(
                    f"{path} mixes frames of {width}x{height} and "
                    f"{image.shape[1]}x{image.shape[0]}: give frames of one size."
                )
            container.mux(stream.encode(_picture(to_bytes(image), stream.pix_fmt)))
        container.mux(stream.encode(None))


def _picture(pixels: NDArray[np.uint8], pix_fmt: str) -> av.VideoFrame:
    picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
    return picture.reformat(
        format=pix_fmt,
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        dst_color_trc=ColorTrc.BT709,
        dst_color_primaries=ColorPrimaries.BT709,
        interpolation=Interpolation.BICUBIC
        | Interpolation.FULL_CHR_H_INP
        | Interpolation.ACCURATE_RND
        | Interpolation.BITEXACT,
        threads=1,
    )
