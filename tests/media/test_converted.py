"""Frames as files of another kind: values, windows and time as far as the kind can hold them."""

from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tests.jobs.plates import write_plates
from tests.media.footage import number_in, write_footage
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.colour.config import convert
from tokenflow_studio.media.converted import conversion, write_converted


def test_light_goes_into_png_far_above_one(tmp_path: Path) -> None:
    with open_clip(write_plates(tmp_path, range(1001, 1002)), colour="ACEScg") as clip:
        as_ = conversion(clip, "png")
        assert (as_.space, as_.premultiplied, as_.lost) == ("ACEScct", False, ("Z",))
        cut = write_converted(tmp_path / "light.1001.png", clip, 1001, as_)
        before = clip.read_plate(1001)
    assert cut  # the plate holds infinity and light below what ACEScct reaches
    with open_clip(str(tmp_path / "light.1001.png"), colour=as_.space) as png:
        after = png.read_plate(1001)
        assert (after.alpha is not None, png.info.pixel_aspect) == (True, pytest.approx(2.0, 0.01))
    light = convert(after.colour, as_.space, "ACEScg", clip.info.config)
    assert after.colour.shape == before.colour.shape  # all of the data window
    shown = np.isfinite(before.colour).all(-1) & (before.colour > 0.01).all(-1)
    ratio = light[shown] / before.colour[shown]
    assert before.colour[shown].max() > 15
    assert np.abs(ratio - 1).max() < 2e-3


def test_exr_holds_a_movies_values_time_and_rate(tmp_path: Path) -> None:
    movie = write_footage(tmp_path / "clip.mp4", 3)
    with open_clip(str(movie)) as clip:
        as_ = conversion(clip, "exr")
        assert not write_converted(tmp_path / "clip.1001.exr", clip, 2, as_)
        colour = clip.read_plate(2).colour
        space = clip.info.space.name
    assert as_.space == space
    with OpenEXR.File(str(tmp_path / "clip.1001.exr")) as file:
        pixels = file.channels()["RGB"].pixels
        assert pixels.dtype == np.float16
        assert np.abs(pixels - colour).max() < 1e-3
        assert float(file.header()["framesPerSecond"]) == 24
    with open_clip(str(tmp_path / "clip.1001.exr"), colour=as_.space) as exr:
        assert number_in(exr.read(1001)) == 2


def test_codes_go_into_png_as_they_are(tmp_path: Path) -> None:
    movie = write_footage(tmp_path / "clip.mp4", 1)
    with open_clip(str(movie)) as clip:
        as_ = conversion(clip, "png")
        write_converted(tmp_path / "a.png", clip, 0, as_)
        wanted = np.clip(clip.read_plate(0).colour, 0, 1)
    png = oiio.ImageBuf(str(tmp_path / "a.png"))
    assert str(png.spec().format) == "uint16"
    assert np.abs(png.get_pixels(oiio.FLOAT) - wanted).max() <= 0.5 / 65535 + 1e-7
