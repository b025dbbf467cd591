"""Captions for scenes, in several wordings."""

import numpy as np

from .scene import Scene
from .vocabulary import FINISHES, GROUNDS, PATTERNS, SHAPES, STYLES, SUBSTANCES, TIMES


def caption(scene: Scene, rng: np.random.Generator) -> str:
    """One caption of ``scene``; ``rng`` chooses among the wordings."""

    def one_of(words: tuple[str, ...]) -> str:
        return words[int(rng.integers(len(words)))]

    thing = f"{_look(scene, rng)} {one_of(SHAPES[scene.shape])}"
    article = "an" if thing[0] in "aeiou" else "a"
    place = one_of(GROUNDS[scene.ground])
    when = one_of(TIMES[scene.time])
    text = f"{article} {thing} {place} {when}".strip()
    if rng.random() < 0.1 and when:
        text = f"{article} {thing} {when} {place}"
    style = one_of(STYLES[scene.style])
    if not style:
        return text
    if rng.random() < 0.3:
        return f"{text}, {_without_article(style)}"
    return f"{style} {text}"


def plain_caption(scene: Scene) -> str:
    """The first wording of everything: the caption that a person would write."""
    return caption(scene, _FirstWording())  # type: ignore[arg-type]


class _FirstWording:
    """A stand-in for a generator that always chooses the first wording."""

    def integers(self, high: int) -> int:
        return 0

    def random(self) -> float:
        return 1.0


def _look(scene: Scene, rng: np.random.Generator) -> str:
    material = scene.material
    if material in FINISHES:
        wordings = FINISHES[material]
        return wordings[int(rng.integers(len(wordings)))].format(colour=scene.colour)
    if material in PATTERNS:
        wordings = PATTERNS[material]
        pattern = wordings[int(rng.integers(len(wordings)))]
        black_and_white = (scene.colour, scene.second_colour) == ("black", "white")
        if black_and_white and rng.random() < 0.6:
            return pattern
        return f"{scene.colour} and {scene.second_colour} {pattern}"
    wordings = SUBSTANCES[material]
    return wordings[int(rng.integers(len(wordings)))]


def _without_article(style: str) -> str:
    words = style.split()
    return " ".join(words[1:-1])
