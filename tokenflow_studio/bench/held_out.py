"""Held-out scenes for what a model makes of words, and edits of one attribute at a time."""

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from tokenflow_studio.bench.pairs import FIRST_SEED, Pair
from tokenflow_studio.demo.scenes import Scene, sample_scene
from tokenflow_studio.demo.scenes.vocabulary import COLOURS, PATTERNS
from tokenflow_studio.demo.training.attributes import ATTRIBUTES, Attribute
from tokenflow_studio.demo.training.pictures import HELD_OUT_SEED

_EDIT_SEED = FIRST_SEED + 1000
#: An edit does not change shapes: its geometry is the source's.
ASKED = ("material", "ground", "time", "style")


@dataclass(frozen=True, slots=True)
class Asked:
    """A pair in which one attribute, by its name, is asked to become another."""

    pair: Pair
    attribute: str

    def shows(self, scene: Scene) -> dict[str, str]:
        """Every attribute of a scene of the pair."""
        return {attribute.name: attribute.of(scene) for attribute in ATTRIBUTES}


def captioned_scenes(count: int) -> list[Scene]:
    """Scenes of every kind and style, beyond those that anything was trained on."""
    return [sample_scene(HELD_OUT_SEED + number) for number in range(count)]


def asked_edits(count: int) -> list[Asked]:
    """Photos in daylight, as footage is, each with one attribute to change: all in their turn."""
    return [_asked(number) for number in range(count)]


def _asked(number: int) -> Asked:
    seed = _EDIT_SEED + number
    rng = np.random.default_rng((seed, 7003))
    scene = dataclasses.replace(sample_scene(seed), style="photo", time="day")
    name = ASKED[number % len(ASKED)]
    attribute = next(a for a in ATTRIBUTES if a.name == name)
    choice = str(rng.choice([c for c in attribute.choices if c != attribute.of(scene)]))
    edited = dataclasses.replace(scene, **_change(attribute, choice))
    return Asked(Pair(f"asked-{number:03d}-{name}", scene, edited), name)


def _change(attribute: Attribute, choice: str) -> dict[str, Any]:
    """The fields of a scene that make the choice true."""
    if attribute.name != "material":
        return {attribute.name: choice}
    if choice in COLOURS:
        return {"material": "rubber", "colour": choice}
    if choice in PATTERNS:
        return {"material": choice, "colour": "black", "second_colour": "white"}
    return {"material": choice}
