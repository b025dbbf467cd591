"""Written images hold what they were given, tagged, and equal images are equal files."""

import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.footage import frame
from tokenflow_studio.core.errors import BadInput, StudioError
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.stills import to_bytes, write_exr, write_light, write_png


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(11).random((height, width, 3), np.float32)


def read(path: Path) -> np.ndarray:
    with open_clip(str(path)) as clip:
        return clip.read(clip.info.frames[0])


@pytest.mark.parametrize("size", [(48, 64), (1, 1), (33, 7)])
def test_png_keeps_eight_bits(size: tuple[int, int], tmp_path: Path) -> None:
    image = np.round(noise(*size) * 255).astype(np.float32) / np.float32(255)
    write_png(tmp_path / "a.png", image)
    assert read(tmp_path / "a.png") == pytest.approx(image, abs=1e-6)


def test_png_is_tagged_srgb(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", noise(8, 8))
    spec = oiio.ImageInput.open(str(tmp_path / "a.png")).spec()
    assert "srgb" in spec.get_string_attribute("oiio:ColorSpace").lower()
    assert b"sRGB" in (tmp_path / "a.png").read_bytes()[:50]


def test_a_picture_says_how_it_was_made(tmp_path: Path) -> None:
    image, recipe = noise(8, 8), '{"prompt": "a wölf"}'
    write_png(tmp_path / "a.png", image, recipe=recipe)
    write_png(tmp_path / "plain.png", image)
    assert read(tmp_path / "a.png") == pytest.approx(read(tmp_path / "plain.png"), abs=0)
    write_light(tmp_path / "a.exr", image, space="lin_rec709_scene", recipe=recipe)
    for name, attribute in (("a.png", "TokenFlow Studio"), ("a.exr", "tokenflow:recipe")):
        spec = oiio.ImageInput.open(str(tmp_path / name)).spec()
        assert spec.get_string_attribute(attribute) == recipe


def test_eight_bits_are_rounded_and_clipped() -> None:
    codes = np.arange(256)
    assert (to_bytes((codes / 255).astype(np.float32)) == codes).all()
    assert to_bytes(np.float32([-1, 2, 0.4999 / 255, 0.5001 / 255])).tolist() == [0, 255, 0, 1]


@pytest.mark.parametrize("scene_linear", [True, False])
def test_equal_images_are_equal_files(scene_linear: bool, tmp_path: Path) -> None:
    image = noise(24, 32)
    contents = set()
    for second in range(2):
        write_exr(tmp_path / "a.exr", image, scene_linear=scene_linear)
        write_png(tmp_path / "a.png", image)
        contents.add(((tmp_path / "a.exr").read_bytes(), (tmp_path / "a.png").read_bytes()))
        time.sleep(1.1 * (1 - second))  # the clock of file dates goes on
    assert len(contents) == 1


def test_exr_comes_back_as_the_picture_it_was(tmp_path: Path) -> None:
    image = noise(24, 32)
    write_exr(tmp_path / "a.exr", image)
    assert read(tmp_path / "a.exr") == pytest.approx(image, abs=5e-4)


def test_exr_says_what_it_holds(tmp_path: Path) -> None:
    image = np.full((4, 6, 3), 0.4613561, np.float32)
    write_exr(
        tmp_path / "a.exr",
        image,
        timecode="10:59:59;22",
        rate=Fraction(30000, 1001),
        pixel_aspect=2.0,
    )
    source = oiio.ImageInput.open(str(tmp_path / "a.exr"))
    spec = source.spec()
    assert source.read_image(oiio.FLOAT) == pytest.approx(0.18, abs=1e-4)
    assert spec.format == oiio.HALF
    assert spec.getattribute("compression") == "zip"
    assert spec.getattribute("FramesPerSecond") == (30000, 1001)
    assert spec.get_float_attribute("PixelAspectRatio") == 2
    with open_clip(str(tmp_path / "a.exr")) as clip:
        assert clip.info.timecode == "10:59:59;22"
    assert spec.get_string_attribute("oiio:ColorSpace") == "lin_rec709_scene"


def test_exr_can_keep_display_values(tmp_path: Path) -> None:
    write_exr(tmp_path / "a.exr", np.full((4, 6, 3), 0.5, np.float32), scene_linear=False)
    source = oiio.ImageInput.open(str(tmp_path / "a.exr"))
    assert source.read_image(oiio.FLOAT) == pytest.approx(0.5)


@given(st.tuples(*(st.integers(0, n) for n in (23, 59, 59, 29))))
def test_any_timecode_survives(tmp_path_factory: pytest.TempPathFactory, parts: tuple) -> None:
    path = tmp_path_factory.getbasetemp() / "timecode.exr"
    text = "{:02d}:{:02d}:{:02d}:{:02d}".format(*parts)
    write_exr(path, frame(1, 16, 8), timecode=text)
    with open_clip(str(path)) as clip:
        assert clip.info.timecode == text


def test_a_place_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(BadInput):
        write_exr(tmp_path / "file" / "a.exr", frame(1))


def test_an_encoder_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StudioError):
        write_exr(tmp_path / "a.exr", np.zeros((0, 4, 3), np.float32))
    assert not list(tmp_path.iterdir())
