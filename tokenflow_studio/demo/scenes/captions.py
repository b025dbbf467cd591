"""Captions for scenes, in several wordings."""

import numpy as np

from .scene import Scene
from .vocabulary import FINISHES, GROUNDS, PATTERNS, SHAPES, STYLES, SUBSTANCES, TIMES


def caption(scene: Scene, rng: np.random.Generator) -> str:
    """One caption of ``scene``; ``rng`` chooses among the wordings."""
    return _compose(scene, rng)


def plain_caption(scene: Scene) -> str:
    """The first wording of everything: the caption that a person would write."""
    return _compose(scene, None)


def _compose(scene: Scene, rng: np.random.Generator | None) -> str:
    thing = f"{_look(scene, rng)} {_one_of(SHAPES[scene.shape], rng)}"
    article = "an" if thing[0] in "aeiou" else "a"
    place = _one_of(GROUNDS[scene.ground], rng)
    when = _one_of(TIMES[scene.time], rng)
    text = f"{article} {thing} {place} {when}".strip()
    if _by_chance(0.1, rng) and when:
        text = f"{article} {thing} {when} {place}"
    style = _one_of(STYLES[scene.style], rng)
    if not style:
        return text
    if _by_chance(0.3, rng):
        return f"{text}, {_without_article(style)}"
    return f"{style} {text}"


def _look(scene: Scene, rng: np.random.Generator | None) -> str:
    material = scene.material
    if material in FINISHES:
        return _one_of(FINISHES[material], rng).format(colour=scene.colour)
    if material in PATTERNS:
        pattern = _one_of(PATTERNS[material], rng)
        black_and_white = (scene.colour, scene.second_colour) == ("black", "white")
        if black_and_white and _by_chance(0.6, rng):
            return pattern
        return f"{scene.colour} and {scene.second_colour} {pattern}"
    return _one_of(SUBSTANCES[material], rng)


def _one_of(words: tuple[str, ...], rng: np.random.Generator | None) -> str:
    return words[0 if rng is None else int(rng.integers(len(words)))]


def _by_chance(share: float, rng: np.random.Generator | None) -> bool:
    return rng is not None and rng.random() < share


def _without_article(style: str) -> str:
    """The style as an afterthought: "a watercolor of" becomes "watercolor"."""
    return " ".join(style.split()[1:-1])
