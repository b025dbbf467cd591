"""Cuts are found where one shot ends and another begins, and nowhere else."""

import functools
import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.post.cuts import find_cuts

CLIPS = ("wolf", "woman-running", "car-turn")


def scenery(seed: int, width: int = 640, height: int = 96) -> np.ndarray:
    """A wide picture with structure at every scale, in colours of its own: (H, W, 3)."""
    random = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for side in (4, 8, 16, 32):
        coarse = random.random((side // 2, side, 3), np.float32)
        picture += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    tint = random.random(3, np.float32)
    return np.clip(picture / 4 * (0.4 + 1.2 * tint), 0, 1)


def pan(seed: int, count: int, step: int = 4) -> list[np.ndarray]:
    """A camera moving sideways over the scenery."""
    picture = scenery(seed)
    return [picture[:, n * step : n * step + 128] for n in range(count)]


@functools.cache
def footage(shared: Path, name: str) -> list[np.ndarray]:
    with open_clip(str(shared / "clips" / f"{name}.mp4")) as clip:
        return [
            cv2.resize(clip.read(n), (160, 160), interpolation=cv2.INTER_AREA)
            for n in clip.info.frames
        ]


@pytest.mark.parametrize("step", [0, 1, 8, 16, 32])
def test_a_pan_has_no_cut(step: int) -> None:
    assert find_cuts(pan(1, 16, step)) == ()


def test_each_cut_is_found_at_its_first_frame() -> None:
    shots = [*pan(1, 10), *pan(2, 3), *pan(3, 7), *pan(4, 12)]
    assert find_cuts(shots) == (10, 13, 20)


def test_a_cut_at_either_end_is_found() -> None:
    assert find_cuts([*pan(1, 1), *pan(2, 9)]) == (1,)
    assert find_cuts([*pan(1, 9), *pan(2, 1)]) == (9,)


@pytest.mark.parametrize("flash", [1.0, 0.0])
def test_a_single_flash_is_no_cut(flash: float) -> None:
    frames = pan(1, 12)
    frames[6] = np.full_like(frames[6], flash)
    assert find_cuts(frames) == ()


def test_fades_and_noise_are_no_cuts() -> None:
    random = np.random.default_rng(5)
    frames = [
        np.clip(picture * (1 - n / 24) + random.normal(0, 0.05, picture.shape), 0, 1)
        for n, picture in enumerate(pan(1, 24))
    ]
    assert find_cuts(np.float32(frames)) == ()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_short_clips_have_no_cut(count: int) -> None:
    assert find_cuts(pan(1, count)) == ()


def test_frames_are_looked_at_one_by_one() -> None:
    given: list[int] = []

    def stream():
        for number, picture in enumerate(pan(1, 6)):
            given.append(number)
            yield picture

    assert find_cuts(stream()) == ()
    assert given == list(range(6))


@pytest.mark.parametrize("name", CLIPS)
def test_real_motion_is_no_cut(name: str, shared: Path) -> None:
    frames = footage(shared, name)
    for speed in (1, 2, 4, 8):
        assert find_cuts(frames[::speed]) == (), f"{name} at {speed} times its speed"


def test_real_shots_are_told_apart(shared: Path) -> None:
    shots = {name: footage(shared, name)[:12] for name in CLIPS}
    for first, second in itertools.permutations(CLIPS, 2):
        assert find_cuts([*shots[first], *shots[second]]) == (12,), f"{first} to {second}"
