"""What every technique answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from tokenflow_studio.engine.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Injection:
    """What of the source replaces the edit's own at one step."""

    attention: bool = False  # queries and keys of the model's attention sites
    features: bool = False  # features of the model's feature sites


class Technique(Protocol):
    """A way to guide the edit by the source (shapes as in `engine`)."""

    def sampled(self, timesteps: Sequence[int]) -> tuple[int, ...]:
        """Those of the descending timesteps that the edit runs through."""
        ...

    def start(self, clean: Tensor, inverted: Tensor, schedule: Schedule, t: int) -> Tensor:
        """Where the edit begins, at timestep t: from clean and inverted latents (F, C, h, w)."""
        ...

    def injection(self, step: int, steps: int) -> Injection:
        """What is injected at sampled step `step` of `steps`."""
        ...
