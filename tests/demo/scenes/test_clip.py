"""The motion that comes with a clip is the true one."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from tokenflow_studio.demo.builtin import demo_scene
from tokenflow_studio.demo.scenes import RenderedClip, motion, render_clip, sample_scene

SIZE = 128


def moving_scene(**changes):
    return replace(demo_scene(), material="checker", colour="blue", **changes)


def warp(picture: np.ndarray, flow: np.ndarray) -> np.ndarray:
    x, y = np.meshgrid(np.arange(SIZE, dtype=np.float32), np.arange(SIZE, dtype=np.float32))
    return cv2.remap(picture, x + flow[..., 0], y + flow[..., 1], cv2.INTER_LINEAR)


def errors(clip: RenderedClip, flows: np.ndarray, valid: np.ndarray, ahead: bool) -> float:
    frames = clip.frames.astype(np.float32) / 255
    here, there = (frames[:-1], frames[1:]) if ahead else (frames[1:], frames[:-1])
    squared = [
        np.square(warp(b, flow) - a).mean(-1)[seen]
        for a, b, flow, seen in zip(here, there, flows, valid, strict=True)
    ]
    return float(np.concatenate(squared).mean())


@pytest.mark.parametrize("shape", ["ball", "cube", "cylinder", "cone", "torus"])
def test_true_flow_explains_the_next_and_the_previous_frame(shape: str) -> None:
    scene = moving_scene(shape=shape, roll=shape in ("ball", "cylinder", "torus"), spin=0.06)
    clip = render_clip(scene, 4, SIZE, start=10)
    for flows, valid, ahead in (
        (clip.forward, clip.forward_valid, True),
        (clip.backward, clip.backward_valid, False),
    ):
        still = errors(clip, np.zeros_like(flows), valid, ahead)
        assert errors(clip, flows, valid, ahead) < 0.3 * still


def test_true_flow_leads_to_frames_far_away_too() -> None:
    scene = moving_scene()
    clip = render_clip(scene, 5, SIZE, start=10)
    near, seen = motion(scene, 10, 11, SIZE)
    assert np.array_equal(near, clip.forward[0])
    assert np.array_equal(seen, clip.forward_valid[0])
    frames = clip.frames.astype(np.float32) / 255
    far, seen = motion(scene, 10, 14, SIZE)
    still = np.square(frames[4] - frames[0])[seen].mean()
    assert np.square(warp(frames[4], far) - frames[0])[seen].mean() < 0.3 * still


def test_forward_and_backward_flow_cancel() -> None:
    clip = render_clip(moving_scene(), 2, SIZE, start=10)
    there_and_back = clip.forward[0] + warp(clip.backward[0], clip.forward[0])
    gap = np.linalg.norm(there_and_back, axis=-1)[clip.forward_valid[0]]
    assert np.median(gap) < 0.02
    assert np.quantile(gap, 0.95) < 0.3


def test_what_the_object_hides_is_not_valid() -> None:
    scene = moving_scene(speed=0.25)
    clip = render_clip(scene, 2, SIZE, start=12)
    uncovered = clip.object_masks[1] & ~clip.object_masks[0]
    assert uncovered.sum() > 50
    assert not (clip.forward_valid[0] & uncovered & (np.abs(clip.forward[0]).max(-1) < 0.3)).any()


def test_shapes_of_what_comes_with_a_clip() -> None:
    clip = render_clip(sample_scene(4), 3, 32)
    assert clip.frames.shape == (3, 32, 32, 3)
    assert clip.frames.dtype == np.uint8
    assert clip.forward.shape == clip.backward.shape == (2, 32, 32, 2)
    assert clip.forward_valid.shape == clip.backward_valid.shape == (2, 32, 32)
    assert clip.object_masks.shape == (3, 32, 32)
    assert clip.object_masks.any()


def test_a_single_frame_has_no_motion() -> None:
    assert render_clip(sample_scene(4), 1, 32).forward_valid.shape == (0, 32, 32)
