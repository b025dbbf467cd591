"""The scorer that comes with the demo model, used as any CLIP model is."""

import numpy as np

from tokenflow_studio.core.paths import resource
from tokenflow_studio.demo.recognition import Recogniser
from tokenflow_studio.demo.scenes import sample_scene
from tokenflow_studio.demo.training.attributes import ATTRIBUTES
from tokenflow_studio.demo.training.pictures import HELD_OUT_SEED, render_seeds
from tokenflow_studio.engine.scorer import load_scorer

COUNT = 24


def test_it_tells_grounds_times_and_styles_of_held_out_renders_apart() -> None:
    recognise = Recogniser.of(load_scorer(resource("demo", "scorer"), "cpu"))
    seeds = range(HELD_OUT_SEED, HELD_OUT_SEED + COUNT)
    pictures = render_seeds(seeds)[0].astype(np.float32) / np.float32(255)
    looks = [recognise([picture]) for picture in pictures]
    scenes = [sample_scene(seed) for seed in seeds]
    for attribute in ATTRIBUTES:
        if attribute.name in ("ground", "time", "style"):
            right = [
                seen[attribute.name] == attribute.of(scene)
                for seen, scene in zip(looks, scenes, strict=True)
            ]
            assert np.mean(right) >= 0.85, attribute.name
