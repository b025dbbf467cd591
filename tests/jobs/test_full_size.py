"""Footage of full size and any length: a whole job in bounded memory, and as sharp as its plate."""

import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.jobs.conftest import Runner
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.encoding import write_movie

SHAPE = (((0.25, 0.25), (0.5, 0.25), (0.5, 0.75), (0.25, 0.75)),)  # of width and height

_JOB = """
import resource, sys
from tokenflow_studio.core.job import JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.jobs.run import run_job

request = EditRequest.from_json(sys.argv[1])
done = run_job(JobOrder(request=request, output=sys.argv[2]), lambda event: None, lambda: False)
print(done.folder)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def drifting(frames: int, width: int, height: int) -> Iterator[np.ndarray]:
    """Fine texture that drifts to the left, two pixels a frame."""
    random = np.random.default_rng(3)
    ground = random.random((height, width, 3), np.float32) * 0.3
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    ground += (0.35 + 0.3 * np.sin(x / 40) * np.sin(y / 30))[..., None]
    for frame in range(frames):
        yield np.roll(ground, -2 * frame, axis=1)


def shape_in(width: int, height: int) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(tuple((x * width, y * height) for x, y in polygon) for polygon in SHAPE)


def sharpness(picture: np.ndarray) -> float:
    """The energy of what changes from one pixel to the next."""
    return float(np.square(np.diff(picture, axis=1)).mean())


def test_memory_does_not_grow_with_the_length_of_a_clip(job: Runner, tmp_path: Path) -> None:
    width, height = 320, 180

    def peak(frames: int) -> int:
        clip = tmp_path / f"{frames}.mov"
        write_movie(clip, drifting(frames, width, height), Fraction(24))
        tracemalloc.start()
        try:
            job(clip, technique="identity", prompt="", size=(64, 36), deflicker=1.0)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2)  # what is loaded once does not count
    short, long = peak(16), peak(32)
    picture = width * height * 3 * 4
    assert long - short < 4 * picture, "a frame more must not stay in memory"


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_hundred_frames_of_1080p_in_bounded_memory(tiny_model: Path, tmp_path: Path) -> None:
    width, height, frames = 1920, 1080, 100
    clip, out = tmp_path / "clip.mov", tmp_path / "out" / "out.####.png"
    write_movie(clip, drifting(frames, width, height), Fraction(24))
    shape = shape_in(width, height)
    order = Runner(tiny_model).order(
        clip, size=(128, 72), steps=2, deflicker=1.0, matte_shape=shape
    )
    code = [sys.executable, "-c", _JOB, order.request.to_json(), str(out)]
    told = subprocess.run(code, check=True, capture_output=True, text=True)
    folder, kilobytes = told.stdout.split()
    take = Path(folder)
    assert len(list((take / "frames").iterdir())) == frames
    pictures = frames * width * height * 3 * 4 / 1024
    assert int(kilobytes) < 0.6 * pictures, "1.0 GB where this was written, 50 frames or 100"
    with open_clip(str(clip)) as source, open_clip(str(take / "frames")) as edited:
        for frame in (0, 57, 99):
            before, after = source.read(frame), edited.read(frame)
            assert np.abs(after[:200] - before[:200]).max() < 0.5 / 255 + 1e-6
            assert sharpness(after[:200]) == pytest.approx(sharpness(before[:200]), rel=0.01)
            inside = np.s_[300:780, 500:940]
            assert not np.array_equal(after[inside], before[inside])
