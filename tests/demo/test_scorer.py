"""The scorer that comes with the demo model, used as any CLIP model is."""

import numpy as np
import torch

from tokenflow_studio.core.paths import resource
from tokenflow_studio.demo.scenes import sample_scene
from tokenflow_studio.demo.training.attributes import ATTRIBUTES
from tokenflow_studio.demo.training.pictures import HELD_OUT_SEED, render_seeds
from tokenflow_studio.engine.scorer import load_scorer

COUNT = 24


def test_it_tells_grounds_times_and_styles_of_held_out_renders_apart() -> None:
    scorer = load_scorer(resource("demo", "scorer"), "cpu")
    seeds = range(HELD_OUT_SEED, HELD_OUT_SEED + COUNT)
    pictures = render_seeds(seeds)[0].astype(np.float32) / np.float32(255)
    seen = scorer.look(list(pictures))
    scenes = [sample_scene(seed) for seed in seeds]
    for attribute in ATTRIBUTES:
        if attribute.name in ("ground", "time", "style"):
            read = torch.stack([scorer.read(text) for text in attribute.plain()])
            best = (seen @ read.T).argmax(1).tolist()
            named = [attribute.choices[n] for n in best]
            right = [a == attribute.of(scene) for a, scene in zip(named, scenes, strict=True)]
            assert np.mean(right) >= 0.85, attribute.name
