"""Plates through a whole job into files of another kind, and camera log back as camera log."""

from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tests.jobs.conftest import Runner
from tests.media.footage import frame, write_footage, write_image
from tests.media.movies import Made, write_made
from tokenflow_studio.core.finishing import Return
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.colour.config import BUILT_IN, LINEAR, convert

SIZE = (64, 64)  # of the model: small, so that the test is quick
LOGC = "ARRI LogC3 (EI800)"
HEIGHT, WIDTH = 48, 64


def light() -> np.ndarray:
    """A ramp of light to 6 with a patch of mid grey at the upper left."""
    ramp = np.geomspace(0.02, 6, WIDTH, dtype=np.float32)
    colour = np.repeat(np.repeat(ramp[None, :, None], HEIGHT, 0), 3, -1)
    colour[:24, :24] = 0.18
    return colour


def read(path: Path) -> np.ndarray:
    image = oiio.ImageInput.open(str(path))
    assert image is not None
    return image.read_image(oiio.FLOAT)


def test_mid_grey_of_a_logc_plate_comes_back_as_logc(job: Runner, tmp_path: Path) -> None:
    grey = np.full((HEIGHT, WIDTH, 3), 0.18, np.float32)
    code = convert(light(), LINEAR, LOGC, BUILT_IN)
    write_image(tmp_path / "a.dpx", code, "dpx", type=oiio.UINT16, **{"oiio:BitsPerSample": 10})
    plain = {"steps": 2, "returns": Return.HYBRID, "size": SIZE, "colour": LOGC}
    edited = job(tmp_path / "a.dpx", **plain)
    same = job(tmp_path / "a.dpx", technique="identity", prompt="", **plain)
    expected = convert(grey, LINEAR, LOGC, BUILT_IN)[0, 0, 0]
    back = read(next((same / "plates").iterdir()))
    assert back[12, 12] == pytest.approx(expected, rel=0.01)
    assert np.array_equal(back, read(tmp_path / "a.dpx"))
    changed = read(next((edited / "plates").iterdir()))
    assert not np.array_equal(changed, back)
    assert 0.05 < changed.mean() < 0.95  # still log codes, not light


def identity(job: Runner, clip: Path, out: Path, **options: object) -> None:
    job(clip, technique="identity", prompt="", size=SIZE, output=str(out), **options)


def test_log_goes_to_exr_as_light_and_nothing_is_clipped(job: Runner, tmp_path: Path) -> None:
    code = convert(light(), LINEAR, LOGC, BUILT_IN)
    write_image(tmp_path / "a.1001.dpx", code, "dpx", type=oiio.UINT16)
    identity(job, tmp_path / "a.####.dpx", tmp_path / "o.####.exr", colour=LOGC)
    with OpenEXR.File(str(tmp_path / "o.1001.exr")) as file:
        pixels = file.channels()["RGB"].pixels
        assert pixels.dtype == np.float16
        assert pixels.astype(np.float32) == pytest.approx(light(), rel=0.01)


def test_light_goes_to_png_through_the_view_in_sixteen_bits(job: Runner, tmp_path: Path) -> None:
    write_image(tmp_path / "a.1001.exr", light(), "openexr")
    for view in (None, "Un-tone-mapped"):
        out = tmp_path / f"{view}.####.png"
        identity(job, tmp_path / "a.####.exr", out, view=view)
    viewed, plain = read(tmp_path / "None.1001.png"), read(tmp_path / "Un-tone-mapped.1001.png")
    assert oiio.ImageInput.open(str(tmp_path / "None.1001.png")).spec().format == oiio.UINT16
    assert plain[12, 12] == pytest.approx(0.461, abs=0.002)  # sRGB of 0.18
    assert not np.array_equal(viewed, plain)


def test_light_goes_to_a_movie_through_the_view(job: Runner, tmp_path: Path) -> None:
    for number in (1001, 1002):
        write_image(tmp_path / f"a.{number}.exr", light(), "openexr")
    for name in ("o.mov", "o.mp4"):
        identity(job, tmp_path / "a.####.exr", tmp_path / name, view="Un-tone-mapped")
        with open_clip(str(tmp_path / name)) as clip:
            assert len(clip.info.frames) == 2
            assert clip.read(1)[12, 12] == pytest.approx(0.461, abs=0.01)


def test_a_ten_bit_movie_goes_to_png_and_exr_as_deep(job: Runner, tmp_path: Path) -> None:
    movie = write_made(tmp_path / "a.mov", 1, Made("prores_ks", "yuv422p10le"))
    identity(job, movie, tmp_path / "o.####.png")
    identity(job, movie, tmp_path / "o.####.exr")
    with open_clip(str(movie)) as clip:
        colour = clip.read_plate(0).colour
    assert read(tmp_path / "o.0000.png") == pytest.approx(np.clip(colour, 0, 1), abs=1 / 65535)
    assert read(tmp_path / "o.0000.exr") == pytest.approx(colour, abs=0.001)


def test_alpha_goes_along_and_is_multiplied_where_it_is_custom(job: Runner, tmp_path: Path) -> None:
    pixels = np.dstack([frame(1), np.full((64, 96), 0.5, np.float32)]).astype(np.float32)
    write_image(tmp_path / "a.1.png", pixels, "png", type=oiio.UINT8,
                **{"oiio:UnassociatedAlpha": 1})  # fmt: skip
    identity(job, tmp_path / "a.#.png", tmp_path / "o.#.exr")
    identity(job, tmp_path / "a.#.png", tmp_path / "o.mov")
    exr = read(tmp_path / "o.1.exr")
    assert exr[4, 4] == pytest.approx((0.45, 0.05, 0.05, 0.5), abs=0.004)
    with open_clip(str(tmp_path / "o.mov")) as clip:
        plate = clip.read_plate(0)
        assert plate.alpha is not None
        assert plate.alpha[4, 4] == pytest.approx(0.5, abs=0.004)
        assert plate.colour[4, 4] == pytest.approx((0.9, 0.1, 0.1), abs=0.02)


def test_eight_bit_movies_stay_eight_bits_as_png(job: Runner, tmp_path: Path) -> None:
    identity(job, write_footage(tmp_path / "a.mp4", 1), tmp_path / "o.#.png")
    assert oiio.ImageInput.open(str(tmp_path / "o.0.png")).spec().format == oiio.UINT8
