"""Reads golden cases: numbers of the published TokenFlow implementation.

The folder is `TOKENFLOW_GOLDEN`, else `golden` of the shared folder beside the project.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file
from torch import Tensor

from tokenflow_studio.engine.attention import AttentionPass
from tokenflow_studio.engine.inversion import Latents
from tokenflow_studio.engine.model import read_settings
from tokenflow_studio.engine.plan import StepPlan, published_step
from tokenflow_studio.engine.sampler import Guidance
from tokenflow_studio.engine.schedule import Schedule
from tokenflow_studio.engine.techniques.base import Injection

FOLDER = Path(os.environ.get("TOKENFLOW_GOLDEN") or Path(__file__).parents[3] / "shared" / "golden")
NAMES = sorted(path.stem for path in FOLDER.glob("case_*.json"))


@dataclass(frozen=True)
class Case:
    """One case: parameters, tensors by name, and the network that made them."""

    name: str
    params: dict[str, Any]
    tensors: dict[str, Tensor]
    unet: UNet2DConditionModel
    schedule: Schedule

    def __getitem__(self, name: str) -> Tensor:
        return self.tensors[name]

    def __contains__(self, name: str) -> bool:
        return name in self.tensors

    @property
    def frames(self) -> int:
        return self.params["frames"]

    @property
    def batch(self) -> int:
        return self.params["batch_size"]

    @property
    def timesteps(self) -> list[int]:
        return self["sample.timesteps"].tolist()

    @property
    def guidance(self) -> Guidance:
        text = torch.cat([self["emb.negative"], self["emb.edit"]])
        return Guidance(text, self.params["guidance_scale"])

    @property
    def attention_sites(self) -> frozenset[str]:
        return frozenset(read_settings(None, self.unet, 8).attention_sites)

    @property
    def feature_sites(self) -> tuple[str, ...]:
        return read_settings(None, self.unet, 8).feature_sites

    def injection(self, t: int) -> Injection:
        return Injection(
            t in self.params.get("attn_injection_timesteps", ()),
            t in self.params.get("conv_injection_timesteps", ()),
        )

    def plan(self, step: int) -> StepPlan:
        return published_step(self.frames, self["sample.pivots"][step].tolist(), self.batch)

    def inverted(self, t: int) -> Tensor:
        """The stored inverted latents (F, C, h, w) at timestep t."""
        return self["inversion.latents"][self["inversion.timesteps"].tolist().index(t)]

    def alphas(self, step: int) -> tuple[float, float]:
        """Signal shares before and after sampling step `step`."""
        later = [*self.timesteps, -1][step + 1]
        return self.schedule.alpha(self.timesteps[step]), self.schedule.alpha(later)


def read_case(name: str) -> Case:
    """Read `name`.json and its tensors; shapes and parameters come from the file alone."""
    about = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    unet = UNet2DConditionModel(**about["unet_config"])
    weights = load_file(FOLDER / f"{name}_unet.safetensors")
    unet.load_state_dict({key: value.float() for key, value in weights.items()})
    tensors = load_file(FOLDER / f"{name}.safetensors")
    schedule = Schedule.from_config(about["scheduler_config"])
    return Case(name, about["params"], tensors, unet.eval().requires_grad_(False), schedule)


def rows_of(latents: Tensor) -> Latents:
    """Latents of all frames as the engine asks for them."""
    return lambda frames: latents[list(frames)]


def relative(value: Tensor, reference: Tensor) -> float:
    """Norm of the difference relative to the norm of the reference."""
    value, reference = value.double(), reference.double()
    return float((value - reference).norm() / reference.norm())


class Recorder:
    """Wraps the passes of one step and keeps tokens and outputs of every site, call by call."""

    def __init__(self) -> None:
        self.calls: list[dict[str, tuple[Tensor, Tensor]]] = []

    def __call__(self, attention: AttentionPass) -> AttentionPass:
        seen: dict[str, tuple[Tensor, Tensor]] = {}
        self.calls.append(seen)

        def recording(site: str, attn: Any, tokens: Tensor) -> Tensor:
            output = attention(site, attn, tokens)
            seen[site] = (tokens, output)
            return output

        return recording
