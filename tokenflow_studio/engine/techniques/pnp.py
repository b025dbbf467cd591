"""Plug-and-Play: source features and attention shape the edit (Tumanyan et al., CVPR 2023)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from tokenflow_studio.engine.schedule import Schedule, shared_noise
from tokenflow_studio.engine.techniques.base import Injection


@dataclass(frozen=True, slots=True)
class PnP:
    """Injects for the first share of the steps; starts from the inverted noise.

    attention, features: shares of the steps, 0 to 1. variation: share of fresh noise, drawn by
    seed, in the start (0: the inverted noise alone, which keeps most of the source).
    """

    attention: float = 0.5
    features: float = 0.8
    variation: float = 0.0
    seed: int = 0

    def sampled(self, timesteps: Sequence[int]) -> tuple[int, ...]:
        return tuple(timesteps)

    def start(self, clean: Tensor, inverted: Tensor, schedule: Schedule, t: int) -> Tensor:
        if not self.variation:
            return inverted
        # Turning by an angle keeps the variance of the mix at that of its parts.
        angle = self.variation * math.pi / 2
        noise = shared_noise(tuple(inverted.shape[1:]), self.seed).to(inverted)
        return math.cos(angle) * inverted + math.sin(angle) * noise

    def injection(self, step: int, steps: int) -> Injection:
        return Injection(step < int(steps * self.attention), step < int(steps * self.features))
