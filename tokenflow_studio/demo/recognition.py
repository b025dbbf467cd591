"""What the scorer takes a picture for: of each attribute, the choice whose words fit it best."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from tokenflow_studio.demo.training.attributes import ATTRIBUTES
from tokenflow_studio.engine.scorer import Picture, Scorer

#: By the attribute's name.
Looks = dict[str, str]


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A scorer with the words (choices, D) of each attribute; made by `of`."""

    scorer: Scorer
    words: dict[str, Tensor]

    @classmethod
    def of(cls, scorer: Scorer) -> "Recogniser":
        """Read the words once."""
        return cls(
            scorer,
            {a.name: torch.stack([scorer.read(text) for text in a.plain()]) for a in ATTRIBUTES},
        )

    def __call__(self, pictures: Sequence[Picture]) -> Looks:
        """What pictures (H, W, 3), 0 to 1, of one clip show; they count together."""
        seen = self.scorer.look(pictures).mean(0)
        return {
            attribute.name: attribute.choices[int((self.words[attribute.name] @ seen).argmax())]
            for attribute in ATTRIBUTES
        }
