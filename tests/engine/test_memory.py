"""What `core.memory` says of a network call is what lives in one, counted tensor by tensor.

On torch's meta device: full-size networks without content, so no weights and no waiting.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from diffusers import UNet2DConditionModel
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from tokenflow_studio.core.memory import shape_of
from tokenflow_studio.core.paths import resource
from tokenflow_studio.engine.attention import JointAttention
from tokenflow_studio.engine.components import make_unet
from tokenflow_studio.engine.network import opened

FRAMES, BRANCHES = 3, 2


class Living(TorchDispatchMode):
    """Follows which tensors live; `most` is the largest number of bytes at once."""

    def __init__(self) -> None:
        super().__init__()
        self.most = 0
        self._living: dict[int, tuple[StorageWeakRef, int]] = {}

    def __torch_dispatch__(
        self, func: Callable, types: object, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        for made in tree_leaves(result):
            if isinstance(made, Tensor):
                storage = made.untyped_storage()
                self._living[storage._cdata] = StorageWeakRef(storage), storage.nbytes()
        self._living = {k: v for k, v in self._living.items() if not v[0].expired()}
        self.most = max(self.most, sum(size for _, size in self._living.values()))
        return result


def config(model: str, part: str) -> dict[str, Any]:
    if model == "demo":
        return json.loads(resource("demo", "model", part, "config.json").read_bytes())
    return json.loads(resource("models", model, f"{part}.json").read_bytes())


def built(model: str) -> UNet2DConditionModel:
    with torch.device("meta"):
        return make_unet(config(model, "unet"), resource("models"))


@pytest.mark.parametrize(("model", "height", "width"), [("demo", 32, 32), ("sd2", 64, 112)])
def test_a_joint_call_holds_what_is_said(
    monkeypatch: pytest.MonkeyPatch, model: str, height: int, width: int
) -> None:
    # Kernels that never build the scores hold no more than their result.
    monkeypatch.setattr(F, "scaled_dot_product_attention", lambda q, k, v, **_: torch.empty_like(q))
    unet = built(model)
    rows = FRAMES * BRANCHES
    joint = JointAttention(BRANCHES)
    with opened(unet) as network, torch.device("meta"), Living() as living:
        x = torch.zeros(rows, int(unet.config["in_channels"]), height, width)
        text = torch.zeros(rows, 77, int(unet.config["cross_attention_dim"]))
        network(x, 1, text, joint)
    shape = shape_of(config(model, "unet"), config(model, "vae"), 0)
    positions = height * width
    kept = sum(output.numel() for output in joint.outputs.values())
    assert kept == rows * shape.tokens * positions
    said = 4 * rows * (shape.row + shape.tokens) * positions
    assert said == pytest.approx(living.most, rel=0.05)
