"""Colours come out of a movie as they went in, whatever matrix and range it stores them by."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from tokenflow_studio.media.clips import open_clip

COLOURS = np.float32(
    [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1), (0, 0, 0), (0.2, 0.4, 0.6), (0.8, 0.5, 0.1)]
)
PATCH = 16
UNTAGGED = None
CASES = [
    ("hd.mp4", "libx264", "yuv444p", Colorspace.ITU709, ColorRange.MPEG, 1, 64),
    ("sd.mp4", "libx264", "yuv444p", Colorspace.ITU601, ColorRange.MPEG, 5, 64),
    ("full.mp4", "libx264", "yuv444p", Colorspace.ITU709, ColorRange.JPEG, 1, 64),
    ("sd-untagged.mp4", "libx264", "yuv444p", Colorspace.ITU601, ColorRange.MPEG, UNTAGGED, 64),
    ("hd-untagged.mp4", "libx264", "yuv444p", Colorspace.ITU709, ColorRange.MPEG, UNTAGGED, 720),
    ("uhd.mov", "prores_ks", "yuv444p10le", Colorspace.BT2020, ColorRange.MPEG, 9, 64),
    ("camera.avi", "mjpeg", "yuvj444p", Colorspace.ITU601, ColorRange.JPEG, UNTAGGED, 64),
]


def write_patches(path: Path, codec: str, pix_fmt: str, matrix, scale, tag, height: int) -> None:
    row = np.repeat(np.round(COLOURS * 255).astype(np.uint8), PATCH, axis=0)
    pixels = np.ascontiguousarray(np.broadcast_to(row, (height, *row.shape)))
    best = {"crf": "1"} if codec == "libx264" else {"qmin": "1", "qmax": "1"}
    with av.open(f"file:{path}", "w") as container:
        stream = container.add_stream(codec, rate=24, options=best)
        stream.height, stream.width = pixels.shape[:2]
        stream.pix_fmt = pix_fmt
        stream.codec_context.color_range = scale
        if tag is not UNTAGGED:
            stream.codec_context.colorspace = tag
        picture = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(
            format=pix_fmt,
            dst_colorspace=matrix,
            dst_color_range=scale,
            interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        )
        container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_colours_stay(case: tuple, tmp_path: Path) -> None:
    name, *making = case
    write_patches(tmp_path / name, *making)
    with open_clip(str(tmp_path / name)) as clip:
        found = clip.read(0)[32, PATCH // 2 :: PATCH]
    assert np.abs(found - COLOURS).max() < 2.5 / 255
