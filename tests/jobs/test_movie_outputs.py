"""Movies through a whole job: what a movie made from a movie keeps of it."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.jobs.conftest import Runner
from tests.media.movies import Made, decoded, loudest, traits_of, write_made
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.planes import ColourTags

SIZE = (64, 64)  # of the model: small, so that the test is quick
PRORES = Made(
    "prores_ks",
    "yuv422p10le",
    tags=ColourTags(9, 9, 14, 1),
    rate=Fraction(24000, 1001),
    aspect=Fraction(2),
    timecode="01:00:00:05",
    options={"profile": "lt"},
)


def identity(job: Runner, clip: Path, out: Path, **options: Any) -> Path:
    return job(clip, technique="identity", prompt="", size=SIZE, output=str(out), **options)


def test_prores_through_identity_comes_back_to_the_code_with_all_its_tags(
    job: Runner, tmp_path: Path
) -> None:
    movie, out = write_made(tmp_path / "a.mov", 4, PRORES), tmp_path / "out.mov"
    identity(job, movie, out)
    for before, after in zip(decoded(movie), decoded(out), strict=True):
        for plane, again in zip(before, after, strict=True):
            assert np.array_equal(plane, again)
    before, after = traits_of(movie), traits_of(out)
    assert after.tags == before.tags == PRORES.tags
    assert (after.tag, after.rate, after.aspect) == ("apcs", Fraction(24000, 1001), 2)
    with open_clip(str(out)) as clip:
        assert clip.info.timecode == "01:00:00:05"


def test_a_take_keeps_its_own_movie_where_that_is_ordered(job: Runner, tmp_path: Path) -> None:
    movie = write_made(tmp_path / "a.mov", 4, PRORES)
    small = {"technique": "identity", "prompt": "", "size": SIZE}
    take = job(movie, **small)
    assert not (take / "plates.mov").exists()
    assert job(movie, keep_movie=True, **small) == take  # the same one goes on
    identity(job, movie, tmp_path / "out.mov")
    assert (take / "plates.mov").read_bytes() == (tmp_path / "out.mov").read_bytes()


def test_what_an_edit_left_alone_is_coded_again_at_most_two_codes_off(
    job: Runner, tmp_path: Path
) -> None:
    movie, out = write_made(tmp_path / "a.mov", 3, PRORES), tmp_path / "out.mov"
    shape = (((2.0, 2.0), (20.0, 2.0), (20.0, 20.0), (2.0, 20.0)),)
    job(movie, matte_shape=shape, size=SIZE, steps=2, output=str(out))
    for before, after in zip(decoded(movie), decoded(out), strict=True):
        difference = np.abs(before[0].astype(int) - after[0])
        assert difference[4:18, 4:18].max() > 8
        assert difference[32:].max() <= 2


def test_a_part_keeps_its_own_timecode_rotation_and_sound(job: Runner, tmp_path: Path) -> None:
    made = Made("libx264", "yuv420p", rate=Fraction(25), turns=3, timecode="10:00:00:00", beep=0.32)
    movie = write_made(tmp_path / "a.mov", 20, made)
    out = tmp_path / "out.mp4"
    take = identity(job, movie, out, frames=FrameRange(5, 14))
    with open_clip(str(out)) as clip, open_clip(str(movie)) as source:
        assert clip.info.frames == range(10)
        assert clip.info.timecode == "10:00:00:05"
        assert (clip.info.width, clip.info.height) == (48, 64)
        assert clip.movie is not None
        assert clip.movie.turns == 3
        assert np.abs(clip.read(3) - source.read(8)).mean() < 0.02
    assert loudest(movie) == pytest.approx(0.32, abs=0.003)
    assert loudest(out) == pytest.approx(0.32 - 5 / 25, abs=0.003)
    assert take.exists()


@pytest.mark.parametrize("name", ["out.mp4", "out.mov"])
def test_with_a_variable_rate_each_frame_keeps_its_time(
    job: Runner, name: str, tmp_path: Path
) -> None:
    times = (0, 40, 45, 200, 240, 1000, 1001, 1500)
    movie = write_made(tmp_path / "phone.mp4", 8, Made("libx264", "yuv420p", times=times))
    identity(job, movie, tmp_path / name, frames=FrameRange(1, 6))
    traits = traits_of(tmp_path / name)
    seconds = [float((time - traits.times[0]) * traits.time_base) for time in traits.times]
    assert seconds == pytest.approx([(time - 40) / 1000 for time in times[1:]], abs=1e-6)


def test_alpha_comes_back_in_prores_4444(job: Runner, tmp_path: Path) -> None:
    movie = write_made(tmp_path / "a.mov", 2, Made("prores_ks", "yuva444p10le"))
    identity(job, movie, tmp_path / "out.mov")
    assert traits_of(tmp_path / "out.mov").tag == "ap4h"
    for before, after in zip(decoded(movie), decoded(tmp_path / "out.mov"), strict=True):
        assert all(map(np.array_equal, before, after))


def test_ten_bits_stay_ten_bits_in_h264(job: Runner, tmp_path: Path) -> None:
    made = Made("libx265", "yuv420p10le", tags=ColourTags(9, 9, 14, 1))
    movie = write_made(tmp_path / "a.mp4", 3, made)
    identity(job, movie, tmp_path / "out.mp4")
    traits = traits_of(tmp_path / "out.mp4")
    assert (traits.layout.name, traits.tags) == ("yuv420p10le", made.tags)


def test_an_untagged_movie_stays_untagged(job: Runner, tmp_path: Path) -> None:
    movie = write_made(tmp_path / "a.mp4", 2, Made("libx264", "yuv420p", tags=ColourTags()))
    for name in ("out.mp4", "out.mov"):
        identity(job, movie, tmp_path / name)
        tags = traits_of(tmp_path / name).tags
        assert (tags.matrix, tags.primaries, tags.transfer) == (2, 2, 2)


def test_sound_that_a_container_cannot_hold_is_said(job: Runner, tmp_path: Path) -> None:
    made = Made("libx264", "yuv420p", beep=0.1, sound="wavpack")
    movie = write_made(tmp_path / "a.mkv", 4, made)
    order = job.order(movie, technique="identity", prompt="", size=SIZE,
                      output=str(tmp_path / "out.mp4"))  # fmt: skip
    job.run(order)
    assert any("cannot hold the wavpack sound" in event.message for event in job.events)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert not container.streams.audio
