"""Pictures are a function of the scene alone, and every look can be drawn."""

from dataclasses import replace

import numpy as np
import pytest

from tokenflow_studio.demo.scenes import Scene, render_frame, sample_scene
from tokenflow_studio.demo.scenes.vocabulary import GROUNDS, MATERIALS, SHAPES, STYLES, TIMES


def test_a_seed_gives_one_picture() -> None:
    scene = sample_scene(11)
    assert scene == sample_scene(11)
    assert np.array_equal(render_frame(scene, 3.0, 64), render_frame(scene, 3.0, 64))


def test_seeds_differ() -> None:
    assert len({sample_scene(seed) for seed in range(50)}) == 50


@pytest.mark.parametrize("material", MATERIALS)
def test_materials_look_different(material: str) -> None:
    plain = replace(sample_scene(3), style="photo", time="day", ground="studio", shape="ball")
    others = [m for m in MATERIALS if m != material]
    pictures = {
        name: render_frame(replace(plain, material=name), 0, 48).astype(float)
        for name in (material, *others)
    }
    closest = min(np.abs(pictures[material] - pictures[name]).mean() for name in others)
    assert closest > 0.3


@pytest.mark.parametrize(("field", "values"), [("shape", SHAPES), ("ground", GROUNDS)])
def test_shapes_and_grounds_can_be_drawn_at_any_time(field: str, values: dict) -> None:
    scene = replace(sample_scene(5), style="photo")
    for value in values:
        for time in TIMES:
            picture = render_frame(replace(scene, **{field: value}, time=time), 0, 48)
            assert picture.shape == (48, 48, 3)
            assert picture.std() > 5


def test_styles_change_the_picture_but_hold_still() -> None:
    scene = replace(sample_scene(8), speed=0.0, spin=0.0, camera=still_camera(sample_scene(8)))
    photo = render_frame(replace(scene, style="photo"), 0, 96).astype(float)
    for style in STYLES:
        first = render_frame(replace(scene, style=style), 0, 96)
        assert np.array_equal(first, render_frame(replace(scene, style=style), 5, 96))
        assert style == "photo" or np.abs(first - photo).mean() > 4


def still_camera(scene: Scene):
    return replace(scene.camera, azimuth_rate=0.0, elevation_rate=0.0, distance_rate=0.0)
