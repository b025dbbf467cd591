"""The scorer's lessons on patches: what each of them shows, which the renderer knows.

A caption speaks about a whole picture; from that alone a small image tower needs very long to find
out that a material is to be looked for on the object. Heads that serve training only ask each
patch's token, below the last layers, whether it lies on the object, and what it is part of.
"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPModel

from tokenflow_studio.demo.scenes import Scene
from tokenflow_studio.demo.scenes.render import OBJECT, pixel_centres, stage_at, trace

from .attributes import ATTRIBUTES, answers

#: Layers below the heads; those above bring together what the patches know.
_LAYERS = 3
_ON_OBJECT = ("shape", "material")
_MASK_SIZE = 64


class PatchLesson(nn.Module):
    """Heads on the tokens of patches: on the object or not, and every attribute."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.sizes = [1, *[len(attribute.choices) for attribute in ATTRIBUTES]]
        self.heads = nn.Linear(width, sum(self.sizes))

    def forward(self, tokens: Tensor, shares: Tensor, scenes: list[Scene]) -> Tensor:
        """The loss of tokens (B, N, C) with the object's shares of their patches (B, N)."""
        found, *named = self.heads(tokens).split(self.sizes, dim=-1)
        loss = functional.binary_cross_entropy_with_logits(found[..., 0], shares)
        for attribute, logits in zip(ATTRIBUTES, named, strict=True):
            weights = shares if attribute.name in _ON_OBJECT else 1 - shares
            right = answers(attribute, scenes)[:, None].expand(weights.shape)
            wrong = functional.cross_entropy(logits.transpose(1, 2), right, reduction="none")
            loss = loss + (wrong * weights).sum() / weights.sum().clamp(min=1)
        return loss


def look(model: CLIPModel, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Directions (B, D) of pictures, and the tokens (B, N, C) of their patches for the lesson."""
    tower = cast(Any, model).vision_model
    tokens = below = tower.pre_layrnorm(tower.embeddings(pictures))
    for number, layer in enumerate(tower.encoder.layers, 1):
        tokens = layer(tokens, None)
        if number == _LAYERS:
            below = tokens[:, 1:]
    return cast(Tensor, model.visual_projection(tower.post_layernorm(tokens[:, 0]))), below


def object_masks(scenes: Sequence[Scene], times: Sequence[float]) -> np.ndarray:
    """Masks (N, 64, 64), True where a scene shows its object at a time (in frames)."""
    centres = pixel_centres(_MASK_SIZE)
    masks = []
    for scene, time in zip(scenes, times, strict=True):
        stage = stage_at(scene, time)
        masks.append(trace(stage, stage.camera.rays(centres)).kind == OBJECT)
    return np.stack(masks).reshape(-1, _MASK_SIZE, _MASK_SIZE)
