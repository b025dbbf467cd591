"""The scorer's lessons on patches agree with the model and with the renderer."""

from typing import Any, cast

import numpy as np
import torch

from tokenflow_studio.demo.scenes import render_clip, sample_scene
from tokenflow_studio.demo.training.patches import (
    PatchLesson,
    look,
    object_masks,
)
from tokenflow_studio.demo.training.scorer import build_scorer
from tokenflow_studio.demo.training.text import build_tokenizer
from tokenflow_studio.demo.training.views import IMAGE_SIZE

SEED = 500_003


def test_a_look_is_the_models_own() -> None:
    model = build_scorer(build_tokenizer([["a red ball on grass"]])).eval()
    pictures = torch.randn(2, 3, IMAGE_SIZE, IMAGE_SIZE)
    with torch.no_grad():
        own = cast(Any, model).get_image_features(pictures).pooler_output
        seen, tokens = look(model, pictures)
    assert torch.allclose(seen, own, atol=1e-5)
    assert tokens.shape[:2] == (2, 64)


def test_masks_are_the_renderers() -> None:
    scene = sample_scene(SEED)
    clip = render_clip(scene, 2, size=64, start=5.0)
    assert np.array_equal(object_masks([scene, scene], [5.0, 6.0]), clip.object_masks)


def test_the_lesson_is_learnt_where_tokens_tell() -> None:
    torch.manual_seed(0)
    lesson, scenes = PatchLesson(8), [sample_scene(SEED + n) for n in range(4)]
    tokens, shares = torch.randn(4, 20, 8), torch.zeros(4, 20)
    shares[:, :9] = 1.0
    tokens[:, :9, 0] += 6
    optimiser = torch.optim.Adam(lesson.parameters(), 0.1)
    losses = []
    for _ in range(60):
        loss = lesson(tokens, shares, scenes)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.4 * losses[0]
