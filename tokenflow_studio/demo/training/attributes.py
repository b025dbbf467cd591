"""What can be asked about a picture: each attribute, its choices and their wordings."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tokenflow_studio.demo.scenes import Scene
from tokenflow_studio.demo.scenes.vocabulary import (
    COLOURS,
    FINISHES,
    GROUNDS,
    PATTERNS,
    SHAPES,
    STYLES,
    SUBSTANCES,
    TIMES,
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question: ``of`` answers it for a scene with one of ``choices``."""

    name: str
    texts: dict[str, tuple[str, ...]]
    of: Callable[[Scene], str]

    @property
    def choices(self) -> list[str]:
        return list(self.texts)

    def plain(self) -> list[str]:
        """The first wording of each choice."""
        return [words[0] for words in self.texts.values()]

    def wordings(self, rng: np.random.Generator) -> list[str]:
        """One wording of each choice, drawn anew."""
        return [words[int(rng.integers(len(words)))] for words in self.texts.values()]


def _with_word(table: dict[str, tuple[str, ...]], form: str) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(form.format(word) for word in dict.fromkeys(words))
        for name, words in table.items()
    }


def _material_texts() -> dict[str, tuple[str, ...]]:
    plain = {colour: (colour, f"{colour} rubber", f"{colour} plastic") for colour in COLOURS}
    return _with_word(plain | PATTERNS | SUBSTANCES, "a {} object")


def _material_of(scene: Scene) -> str:
    return scene.colour if scene.material in FINISHES else scene.material


def _unsaid(table: dict[str, tuple[str, ...]], unsaid: str) -> dict[str, tuple[str, ...]]:
    """Wordings in which nothing stays unsaid."""
    return {name: tuple(word or unsaid for word in words) for name, words in table.items()}


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("shape", _with_word(SHAPES, "a {}"), lambda scene: scene.shape),
    Attribute("material", _material_texts(), _material_of),
    Attribute("ground", dict(GROUNDS), lambda scene: scene.ground),
    Attribute("time", _unsaid(TIMES, "in daylight"), lambda scene: scene.time),
    Attribute("style", _unsaid(STYLES, "a photo of"), lambda scene: scene.style),
)


def answers(attribute: Attribute, scenes: list[Scene]) -> Tensor:
    """The number (B,) of the right choice for each scene."""
    return torch.tensor([attribute.choices.index(attribute.of(scene)) for scene in scenes])
