"""SDEdit: start from the noised source, nothing injected (Meng et al., ICLR 2022)."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from tokenflow_studio.engine.schedule import Schedule, shared_noise
from tokenflow_studio.engine.techniques.base import Injection


@dataclass(frozen=True, slots=True)
class SDEdit:
    """Noises the source to `strength` of the schedule (0: the source, 1: noise) and denoises.

    The noise is drawn by seed and shared by all frames.
    """

    strength: float = 0.75
    seed: int = 0

    def sampled(self, timesteps: Sequence[int]) -> tuple[int, ...]:
        count = max(1, round(len(timesteps) * self.strength))
        return tuple(timesteps[-count:])

    def start(self, clean: Tensor, inverted: Tensor, schedule: Schedule, t: int) -> Tensor:
        alpha = schedule.alpha(t)
        noise = shared_noise(tuple(clean.shape[1:]), self.seed).to(clean)
        return alpha**0.5 * clean + (1 - alpha) ** 0.5 * noise

    def injection(self, step: int, steps: int) -> Injection:
        return Injection()
