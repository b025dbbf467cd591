"""Pictures of features: one basis and one range for all clips, so that equal tokens look equal."""

import numpy as np
import torch

from tokenflow_studio.bench.features import clip_tokens, components
from tokenflow_studio.engine.loading import load_model


def test_equal_tokens_have_equal_colours_and_what_differs_most_is_seen() -> None:
    torch.manual_seed(0)
    still = torch.randn(1, 4, 4, 6).repeat(3, 1, 1, 1)
    flickering = still + 3 * torch.tensor([0.0, 1, 0])[:, None, None, None]
    a, b = components([still, flickering])
    assert a.shape == (3, 128, 128, 3)
    assert (a.min(), a.max()) >= (0, 0)
    assert np.array_equal(a[0], a[1])
    assert np.array_equal(a[0], b[0])
    assert np.abs(b[0] - b[1]).mean() > 0.2


def test_tokens_are_those_of_the_finest_level(tiny_model) -> None:
    model = load_model(str(tiny_model), device="cpu")
    frames = [np.full((32, 32, 3), value, np.float32) for value in (0.2, 0.2, 0.8)]
    tokens = clip_tokens(model, frames, "a red ball")
    assert tokens.shape[:3] == (3, 8, 8)
    assert torch.allclose(tokens[0], tokens[1], atol=1e-4)
    assert not torch.allclose(tokens[0], tokens[2], atol=1e-2)
