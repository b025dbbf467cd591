"""Measures against cases whose answer is known."""

import itertools
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.post.measure import (
    flow_occlusion,
    interpolation_error,
    optical_flow,
    psnr,
    ssim,
    warp,
    warp_error,
)

SHAPE = (48, 64)


def texture(seed: int = 3, height: int = 48, width: int = 96) -> np.ndarray:
    coarse = np.random.default_rng(seed).random((height // 4, width // 4, 3), np.float32)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth, 0, 1)


def moving(count: int, step: int) -> list[np.ndarray]:
    """The scene moves left by `step` pixels per frame."""
    return [texture()[:, n * step : n * step + SHAPE[1]] for n in range(count)]


def constant_flow(dx: float, dy: float = 0.0) -> np.ndarray:
    flow = np.zeros((*SHAPE, 2), np.float32)
    flow[...] = dx, dy
    return flow


EVERYWHERE = np.ones(SHAPE, bool)


def test_steady_motion_has_no_warp_error() -> None:
    frames = moving(5, 3)
    flows, valid = [constant_flow(-3)] * 4, [EVERYWHERE] * 4
    assert warp_error(frames, flows, valid) == pytest.approx(0, abs=1e-10)
    assert warp_error(frames, [constant_flow(0)] * 4, valid) > 1e-3


def test_warp_error_is_the_mean_square_of_the_flicker() -> None:
    frames = [picture * 0.5 + 0.1 * (n % 2) for n, picture in enumerate(moving(5, 3))]
    flows, valid = [constant_flow(-3)] * 4, [EVERYWHERE] * 4
    assert warp_error(iter(frames), iter(flows), iter(valid)) == pytest.approx(0.01, rel=1e-4)


def test_a_slow_drift_shows_between_frames_that_are_apart() -> None:
    frames = [picture * 0.5 + 0.02 * n for n, picture in enumerate(moving(6, 3))]
    near = warp_error(frames, [constant_flow(-3)] * 5, [EVERYWHERE] * 5)
    far = warp_error(iter(frames), [constant_flow(-12)] * 2, [EVERYWHERE] * 2, apart=4)
    assert (near, far) == (pytest.approx(0.0004, rel=1e-3), pytest.approx(0.0064, rel=1e-3))


def test_pixels_that_are_hidden_or_leave_do_not_count() -> None:
    now, following = moving(2, 3)
    following = following.copy()
    following[:, 20:30] = 1.0  # something moves in front
    seen = EVERYWHERE.copy()
    seen[:, 23:33] = False
    assert warp_error([now, following], [constant_flow(-3)], [seen]) == pytest.approx(0, abs=1e-10)
    assert warp_error([now, following], [constant_flow(-3)], [EVERYWHERE]) > 1e-3
    assert warp_error([now, following], [constant_flow(-999)], [EVERYWHERE]) == 0


def test_each_counted_pixel_weighs_the_same() -> None:
    grey = np.zeros((*SHAPE, 3), np.float32)
    few = np.zeros(SHAPE, bool)
    few[0, 0] = True
    error = warp_error(
        [grey, grey, grey + 1], [constant_flow(0)] * 2, [EVERYWHERE, few]
    )  # fmt: skip
    assert error == pytest.approx(1 / (EVERYWHERE.sum() + 1))


def test_each_pair_needs_its_flow() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        warp_error(moving(3, 1), [constant_flow(0)], [EVERYWHERE] * 2)


def test_warping_is_exact_between_pixels() -> None:
    ramp = np.tile(np.arange(64, dtype=np.float32)[:, None], (48, 1, 3)) / 64
    warped, inside = warp(ramp, constant_flow(0.39))
    assert inside[:, :-1].all()
    assert not inside[:, -1].any()
    assert warped[:, :-1] == pytest.approx(ramp[:, :-1] + 0.39 / 64, abs=1e-6)


def test_flow_finds_a_known_shift() -> None:
    now, following = moving(2, 3)
    flow = optical_flow(now, following)
    assert flow.shape == (*SHAPE, 2)
    assert flow.dtype == np.float32
    assert np.median(flow[8:-8, 12:-12], (0, 1)) == pytest.approx((-3, 0), abs=0.2)


def test_what_an_object_covers_is_occluded() -> None:
    forward, backward = constant_flow(0), constant_flow(0)
    forward[10:30, 10:20] = 8, 0  # a square moves right over the ground
    backward[10:30, 18:28] = -8, 0
    occluded = flow_occlusion(forward, backward)
    assert occluded[10:30, 20:28].all()
    assert occluded.sum() == 20 * 8


def test_what_leaves_the_frame_is_occluded() -> None:
    occluded = flow_occlusion(constant_flow(-5), constant_flow(5))
    assert occluded[:, :5].all()
    assert not occluded[:, 5:].any()


def test_psnr_and_ssim_know_equal_and_near_images() -> None:
    image = texture()
    assert psnr(image, image) == math.inf
    assert psnr(image, image + np.float32(0.1)) == pytest.approx(20, abs=1e-3)
    assert ssim(image, image) == pytest.approx(1)
    noisy = image + np.random.default_rng(0).normal(0, 0.1, image.shape).astype(np.float32)
    assert 0.1 < ssim(noisy, image) < 0.95
    assert ssim(noisy, image) < ssim(image * np.float32(0.98), image)


def test_real_flow_explains_real_motion(shared: Path) -> None:
    with open_clip(str(shared / "clips/woman-running.mp4")) as clip:
        frames = [
            cv2.resize(clip.read(n), (256, 256), interpolation=cv2.INTER_AREA) for n in range(4)
        ]
    pairs = list(itertools.pairwise(frames))
    flows = [optical_flow(a, b) for a, b in pairs]
    valid = [
        ~flow_occlusion(flow, optical_flow(b, a)) for flow, (a, b) in zip(flows, pairs, strict=True)
    ]
    still = [np.zeros_like(flow) for flow in flows]
    assert warp_error(frames, flows, valid) < 0.2 * warp_error(frames, still, valid)


def test_the_interpolation_error_sees_jitter_and_no_steady_change() -> None:
    steady = [np.full((12, 16, 3), level, np.float32) for level in (0.2, 0.3, 0.4)]
    still, seen = np.zeros((12, 16, 2), np.float32), np.ones((12, 16), bool)

    def error(frames: list[np.ndarray], where: np.ndarray = seen) -> float:
        before, now, after = frames
        return interpolation_error(now, (before, after), (still, still), (where, seen))

    assert error(steady) == pytest.approx(0, abs=1e-12)
    jitter = [steady[0], steady[1] + np.float32(0.1), steady[2]]
    assert error(jitter) == pytest.approx(0.01, rel=1e-3)
    jitter[1][:, 8:] = 0.9
    half = seen.copy()
    half[:, 8:] = False
    assert error(jitter, half) == pytest.approx(0.01, rel=1e-3)
    assert error(jitter, ~seen) == 0


def test_ssim_of_a_part_sees_that_part() -> None:
    random = np.random.default_rng(4)
    image = random.random((32, 40, 3), np.float32)
    other = image.copy()
    other[:, 20:] = random.random((32, 20, 3), np.float32)
    left = np.zeros((32, 40), bool)
    left[:, :12] = True
    assert ssim(image, other, left) == pytest.approx(1, abs=1e-6)
    assert ssim(image, other, ~left) < ssim(image, other) < 1
