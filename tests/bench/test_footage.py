"""Footage that is drawn for benchmarks: held out, lossless, with motion that explains it."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from tokenflow_studio.bench.footage import Footage, draw_footage, draw_stills, read_frames
from tokenflow_studio.bench.pairs import PAIRS
from tokenflow_studio.demo.training.pictures import HELD_OUT_SEED
from tokenflow_studio.post.measure import warp_error


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("footage")


@pytest.fixture(scope="module")
def footage(folder: Path) -> Footage:
    return draw_footage(folder, PAIRS[0], 3)


def test_pairs_are_held_out_and_change_one_thing() -> None:
    assert len(PAIRS) >= 12
    assert len({pair.name for pair in PAIRS}) == len(PAIRS)
    assert min(pair.scene.seed for pair in PAIRS) > HELD_OUT_SEED + 100_000
    for pair in PAIRS:
        scene, edited = dataclasses.asdict(pair.scene), dataclasses.asdict(pair.edited)
        assert sum(scene[name] != edited[name] for name in scene) == 1
        assert pair.prompt != pair.source_prompt
        assert pair.scene.camera.azimuth_rate
        assert pair.scene.roll or pair.scene.spin


def test_the_true_motion_explains_the_frames(footage: Footage) -> None:
    frames = footage.frames()
    assert [frame.shape for frame in frames] == [(256, 256, 3)] * 3
    moved = warp_error(frames, footage.flows, footage.valid)
    still = warp_error(frames, np.zeros_like(footage.flows), footage.valid)
    assert moved < 0.1 * still


def test_footage_is_drawn_once_and_whole(folder: Path, footage: Footage) -> None:
    first = footage.folder / f"{footage.name}.0000.png"
    drawn = first.stat().st_mtime_ns
    draw_footage(folder, PAIRS[0], 3)
    assert first.stat().st_mtime_ns == drawn
    (footage.folder / "scene.json").unlink()  # as if the drawing had been stopped
    draw_footage(folder, PAIRS[0], 3)
    assert first.stat().st_mtime_ns != drawn


def test_stills_show_other_views(tmp_path: Path) -> None:
    first, second = read_frames(draw_stills(tmp_path, PAIRS[0], 2, stride=6))
    assert np.abs(first - second).mean() > 0.01
