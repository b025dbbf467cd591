"""The noise schedule and the deterministic DDIM step, in both directions (Song et al., 2021)."""

from dataclasses import dataclass
from typing import cast

import torch
from diffusers import DDIMScheduler
from torch import Tensor

from tokenflow_studio.core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Schedule:
    """A model's noise levels: alphas[t] is the signal share of timestep t.

    config is the scheduler's configuration as the model ships it; prediction is what the network
    predicts: "epsilon", "v_prediction" or "sample".
    """

    alphas: tuple[float, ...]
    clean_alpha: float
    prediction: str
    config: dict

    @classmethod
    def from_config(cls, config: dict) -> "Schedule":
        """Read any diffusers scheduler configuration as deterministic DDIM."""
        ddim = _ddim(config)
        prediction = ddim.config["prediction_type"]
        if prediction not in ("epsilon", "v_prediction", "sample"):
            raise BadInput(f"This model predicts '{prediction}', which DDIM cannot "
                           "invert: use an epsilon or v-prediction model.")  # fmt: skip
        alphas = tuple(float(alpha) for alpha in ddim.alphas_cumprod)
        clean = float(ddim.final_alpha_cumprod)
        return cls(alphas, clean, prediction, dict(ddim.config))

    def timesteps(self, count: int) -> tuple[int, ...]:
        """The `count` sampling timesteps, descending, spaced as the model's configuration says."""
        ddim = _ddim(self.config)
        try:
            ddim.set_timesteps(count)
        except ValueError as error:
            limit = len(self.alphas)
            raise BadInput(f"{count} steps are too many: this model has {limit}.") from error
        return tuple(min(int(t), len(self.alphas) - 1) for t in ddim.timesteps)

    def grid(self, inversion_steps: int, sampling: tuple[int, ...]) -> tuple[int, ...]:
        """The ascending inversion timesteps that hold every sampling timestep.

        The number of steps is rounded up until they do; a divisor of the training steps always
        does, and in the worst case the sampling timesteps are added.
        """
        wanted = set(sampling)
        for count in range(inversion_steps, min(4 * inversion_steps, len(self.alphas)) + 1):
            grid = self.timesteps(count)
            if wanted <= set(grid):
                return tuple(reversed(grid))
        return tuple(sorted(wanted | set(self.timesteps(inversion_steps))))

    def alpha(self, t: int) -> float:
        """Signal share at timestep t; t < 0 is the clean end of the schedule."""
        return self.alphas[t] if t >= 0 else self.clean_alpha

    def epsilon(self, output: Tensor, x: Tensor, alpha: float) -> Tensor:
        """The noise in x (at signal share alpha) according to the network's output."""
        match self.prediction:
            case "epsilon":
                return output
            case "v_prediction":
                return alpha**0.5 * output + (1 - alpha) ** 0.5 * x
            case _:
                return (x - alpha**0.5 * output) / (1 - alpha) ** 0.5


def _ddim(config: dict) -> DDIMScheduler:
    return cast(DDIMScheduler, DDIMScheduler.from_config({**config, "clip_sample": False}))


def ddim_step(x: Tensor, epsilon: Tensor, alpha: float, to_alpha: float) -> Tensor:
    """Move x from signal share `alpha` to `to_alpha` along the noise estimate.

    Downwards this is DDIM sampling with eta 0, upwards DDIM inversion.
    """
    clean = (x - (1 - alpha) ** 0.5 * epsilon) / alpha**0.5
    return to_alpha**0.5 * clean + (1 - to_alpha) ** 0.5 * epsilon


def renoise(x: Tensor, clean: Tensor, alpha: float, to_alpha: float) -> Tensor:
    """Take the noise that x (at `alpha`) holds over `clean` and apply it at `to_alpha`."""
    noise = (x - alpha**0.5 * clean) / (1 - alpha) ** 0.5
    return to_alpha**0.5 * clean + (1 - to_alpha) ** 0.5 * noise


def shared_noise(shape: tuple[int, ...], seed: int) -> Tensor:
    """Fresh noise (1, C, h, w), the same for every frame so that it does not flicker."""
    generator = torch.Generator("cpu").manual_seed(seed)
    return torch.randn((1, *shape), generator=generator)
