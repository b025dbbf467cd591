"""Presets as files: a name and some of a recipe's fields, as JSON."""

import dataclasses
import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.paths import resource, state_folder
from tokenflow_studio.ui.state.recipe import Recipe

log = logging.getLogger(__name__)

_SCHEMA = 1
# What belongs to the clip and not to a look.
_OF_THE_CLIP = frozenset({
    "source_prompt", "keyframes", "seed", "approved", "rolls", "matte", "matte_channel",
    "matte_softness", "matte_invert", "matte_shape",
})  # fmt: skip
_KNOWN = frozenset(field.name for field in dataclasses.fields(Recipe)) - _OF_THE_CLIP


@dataclass(frozen=True, slots=True)
class Preset:
    """fields: names and values of the recipe that it sets; own: made by the user."""

    name: str
    fields: tuple[tuple[str, Any], ...]
    own: bool
    path: Path


def preset_fields(recipe: Recipe) -> tuple[tuple[str, Any], ...]:
    """What a preset made from this recipe keeps; an empty prompt is no part of it."""
    values = ((name, getattr(recipe, name)) for name in sorted(_KNOWN))
    return tuple((name, value) for name, value in values if value or not name.endswith("prompt"))


def list_presets() -> tuple[Preset, ...]:
    """Those that come with the program, then the user's by name; damaged files are passed over."""
    ours = _read_all(resource("presets"), own=False)
    theirs = _read_all(_folder(), own=True)
    return (*ours, *sorted(theirs, key=lambda preset: preset.name.casefold()))


def save_preset(name: str, recipe: Recipe) -> tuple[Preset, ...]:
    """Write a preset, in place of the user's one of that name; returns all presets.

    Raises BadInput for a name that cannot be used.
    """
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise BadInput("A preset's name has 1 to 60 characters: choose another.")
    taken = next((p.path for p in _read_all(_folder(), own=True) if p.name == name), None)
    content = {"schema": _SCHEMA, "name": name, "recipe": dict(preset_fields(recipe))}
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    write_atomically(taken or _free_path(name), text.encode())
    return list_presets()


def delete_preset(preset: Preset) -> tuple[Preset, ...]:
    """Remove one of the user's presets; returns those that remain."""
    if preset.own:
        preset.path.unlink(missing_ok=True)
    return list_presets()


def _folder() -> Path:
    return state_folder() / "presets"


def _free_path(name: str) -> Path:
    stem = re.sub(r"[^\w-]+", "-", name.casefold()).strip("-") or "preset"
    path, number = _folder() / f"{stem}.json", 1
    while path.exists():
        number += 1
        path = _folder() / f"{stem}-{number}.json"
    return path


def _read_all(folder: Path, *, own: bool) -> list[Preset]:
    found = (_read(path, own) for path in sorted(folder.glob("*.json")))
    return [preset for preset in found if preset is not None]


def _read(path: Path, own: bool) -> Preset | None:
    try:
        content = json.loads(path.read_bytes())
        if content["schema"] != _SCHEMA:
            raise BadInput("it was written by another version of the program.")
        given = {name: _plain(value) for name, value in content["recipe"].items()}
        fields = tuple((name, value) for name, value in given.items() if name in _KNOWN)
        checked = dataclasses.replace(Recipe(**dict(fields)), source_prompt="", keyframes=None)
        prompt = checked.prompt or "anything"
        dataclasses.replace(checked, prompt=prompt).request("/", None, None)  # its own checks
        return Preset(str(content["name"]), fields, own, path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadInput) as error:
        log.warning("%s is no preset: %s", path, error)
        return None


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
