"""Every frame of a movie, exactly, in any order, from any container."""

import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.media.footage import number_in, write_footage
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.movie_decoder import MovieDecoder

CONTAINERS = [
    ("a.mp4", {}),
    ("short-groups.mp4", {"options": {"g": "5", "bf": "2"}}),
    ("open-groups.mp4", {"options": {"x264-params": "keyint=6:open-gop=1:bframes=3"}}),
    ("fragments.mp4", {"container_options": {"movflags": "frag_keyframe+empty_moov"}}),
    ("a.mkv", {"form": "matroska", "options": {"g": "7"}}),
    ("a.mov", {"form": "mov", "codec": "prores_ks", "pix_fmt": "yuv422p10le"}),
    ("ten-bit.mp4", {"codec": "libx265", "pix_fmt": "yuv420p10le",
                     "options": {"x265-params": "log-level=none:keyint=8"}}),
    ("mpeg4.avi", {"form": "avi", "codec": "mpeg4"}),
    ("h264.avi", {"form": "avi", "options": {"bf": "2"}}),
    ("a.ts", {"form": "mpegts", "options": {"g": "6"}}),
    ("a.mxf", {"form": "mxf", "codec": "mpeg2video"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "making"), CONTAINERS, ids=[name for name, _ in CONTAINERS])
def test_every_frame_is_itself_in_any_order(name: str, making: dict, tmp_path: Path) -> None:
    path = write_footage(tmp_path / name, 24, **making)
    with open_clip(str(path)) as clip:
        assert clip.info.frames == range(24)
        assert clip.info.rate == 24
        in_order = {number: clip.read(number) for number in clip.info.frames}
    assert [number_in(image) for image in in_order.values()] == list(range(24))
    order = [*range(24), *range(24)]
    random.Random(7).shuffle(order)
    with open_clip(str(path)) as clip:
        for number in order:
            assert np.array_equal(clip.read(number), in_order[number]), number


def test_frames_that_fell_out_of_the_cache_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokenflow_studio.media.movie_decoder._CACHE_BYTES", 0)
    movie = MovieDecoder(write_footage(tmp_path / "a.mp4", 20, options={"g": "6"}))
    for number in (0, 19, 3, 2, 1, 12, 11, 18, 0, 5, 6, 7):
        assert number_in(movie.look(number) / np.float32(255)) == number
    movie.close()


def test_a_frame_is_float_rgb_between_0_and_1(tmp_path: Path) -> None:
    with open_clip(str(write_footage(tmp_path / "a.mp4", 2))) as clip:
        image = clip.read(0)
        assert image.shape == (clip.info.height, clip.info.width, 3) == (64, 96, 3)
        assert image.dtype == np.float32
        assert image.min() >= 0
        assert image.max() <= 1
        assert image[4, 4] == pytest.approx((0.9, 0.1, 0.1), abs=0.06)
        assert clip.source_file(1) == tmp_path / "a.mp4"


def test_what_is_read_is_the_plate_and_a_look_comes_near(tmp_path: Path) -> None:
    with open_clip(str(write_footage(tmp_path / "a.mp4", 2))) as clip:
        plate = np.clip(clip.read_plate(1).colour, 0, 1)
        assert np.array_equal(clip.read(1), plate)
        assert np.abs(clip.look(1) - plate).mean() < 0.01


def test_a_variable_rate_goes_by_presentation_order(tmp_path: Path) -> None:
    times = [0, 40, 45, 200, 240, 1000, 1001, 1500]
    path = write_footage(tmp_path / "phone.mp4", 8, times=times)
    with open_clip(str(path)) as clip:
        assert clip.info.frames == range(8)
        assert [number_in(clip.read(n)) for n in (7, 2, 3, 6, 0, 5)] == [7, 2, 3, 6, 0, 5]


def test_the_rotation_flag_is_honoured(tmp_path: Path) -> None:
    clockwise = [0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30]  # as phones write for upright video
    path = write_footage(tmp_path / "phone.mp4", 3, matrix=clockwise)
    with open_clip(str(path)) as clip:
        assert (clip.info.width, clip.info.height) == (64, 96)
        image = clip.read(0)
    assert image.shape == (96, 64, 3)
    assert image[4, -4] == pytest.approx((0.9, 0.1, 0.1), abs=0.06)


def test_pixel_aspect_and_rate_are_told(tmp_path: Path) -> None:
    path = write_footage(tmp_path / "wide.mp4", 3, rate=25, aspect=Fraction(2, 1))
    with open_clip(str(path)) as clip:
        assert clip.info.pixel_aspect == 2
        assert clip.info.rate == 25
    with open_clip(str(path), rate=Fraction(24000, 1001)) as clip:
        assert clip.info.rate == Fraction(24000, 1001)


def test_odd_sizes_stay_odd(tmp_path: Path) -> None:
    path = write_footage(tmp_path / "odd.mp4", 3, size=(95, 63), pix_fmt="yuv444p")
    with open_clip(str(path)) as clip:
        assert clip.read(2).shape == (63, 95, 3)


def test_one_frame_is_a_movie_too(tmp_path: Path) -> None:
    with open_clip(str(write_footage(tmp_path / "one.mp4", 1))) as clip:
        assert clip.info.frames == range(1)
        assert number_in(clip.read(0)) == 0
        with pytest.raises(BadInput, match="has no frame 1: it runs from 0 to 0"):
            clip.read(1)


@pytest.mark.parametrize(
    ("name", "count", "size", "rate"),
    [("wolf", 40, 512, 20), ("woman-running", 120, 512, 20), ("car-turn", 80, 480, 10)],
)
def test_real_movies(name: str, count: int, size: int, rate: int, shared: Path) -> None:
    with open_clip(str(shared / "clips" / f"{name}.mp4")) as clip:
        info = clip.info
        assert (info.name, info.kind, len(info.frames)) == (name, "movie", count)
        assert (info.width, info.height, info.rate) == (size, size, rate)
        last = clip.read(count - 1)
        assert last.std() > 0.1
        assert not np.array_equal(last, clip.read(0))
        assert np.array_equal(last, clip.read(count - 1))
        assert clip.notices == ()
