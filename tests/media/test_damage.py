"""Damaged files of every kind are read or refused; nothing else ever comes out of them."""

import contextlib
import random
from pathlib import Path

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tests.media.footage import frame, write_footage, write_image
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.stills import write_exr, write_png

SEED = 20240507
ROUNDS = 12

MAKERS = {
    "a.mp4": lambda p: write_footage(p, 6),
    "a.mkv": lambda p: write_footage(p, 6, form="matroska"),
    "a.avi": lambda p: write_footage(p, 6, form="avi", codec="mpeg4"),
    "a.ts": lambda p: write_footage(p, 6, form="mpegts"),
    "a.mov": lambda p: write_footage(p, 3, form="mov", codec="prores_ks", pix_fmt="yuv422p10le"),
    "a.mxf": lambda p: write_footage(p, 3, form="mxf", codec="mpeg2video"),
    "a.exr": lambda p: write_exr(p, frame(3)),
    "a.png": lambda p: write_png(p, frame(3)),
    "a.jpg": lambda p: write_image(p, frame(3), "jpeg", type=oiio.UINT8),
    "a.tif": lambda p: write_image(p, frame(3), "tiff", type=oiio.UINT16),
    "a.dpx": lambda p: write_image(p, frame(3), "dpx", type=oiio.UINT16),
}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, most of them in the header; at times the end cut off."""
    result = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        reach = len(result) if chance.random() < 0.5 else min(len(result), 400)
        result[chance.randrange(reach)] = chance.randrange(256)
    if chance.random() < 0.2:
        del result[chance.randrange(len(result)) :]
    return bytes(result)


def check_all_frames(path: Path) -> None:
    with open_clip(str(path)) as clip:
        for number in clip.info.frames[:20]:
            image = clip.read(number)
            assert image.shape == (clip.info.height, clip.info.width, 3)
            assert np.isfinite(image).all()


@pytest.mark.parametrize("name", MAKERS)
def test_damage_is_refused_or_read(name: str, tmp_path: Path) -> None:
    MAKERS[name](tmp_path / name)
    content = (tmp_path / name).read_bytes()
    chance = random.Random(f"{SEED} {name}")
    for _ in range(ROUNDS):
        (tmp_path / name).write_bytes(damaged(content, chance))
        with contextlib.suppress(BadInput):
            check_all_frames(tmp_path / name)


@pytest.mark.parametrize(
    "make", [write_footage, lambda p: write_png(p.with_suffix(".png"), frame(1))]
)
def test_a_closed_clip_says_so(make, tmp_path: Path) -> None:
    make(tmp_path / "a.mp4")
    (path,) = tmp_path.iterdir()
    clip = open_clip(str(path))
    clip.read(0)
    clip.close()
    clip.close()
    with pytest.raises(ValueError, match="is closed"):
        clip.read(0)
