"""What the recipe panel knows of a model without loading it: read from its folder's small files."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenflow_studio.core.memory import ModelShape, read_shape
from tokenflow_studio.core.models import DEMO, list_models
from tokenflow_studio.core.paths import resource

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model's own values, for what a recipe leaves to it; by default those of the paper.

    native_size: (width, height) in pixels, and shape: both None where only loading would tell.
    """

    location: str
    steps: int = 50
    guidance: float = 7.5
    pnp_attention: float = 0.5
    pnp_features: float = 0.8
    strength: float = 0.75
    native_size: tuple[int, int] | None = None
    shape: ModelShape | None = None


def offered_models() -> tuple[tuple[str, str], ...]:
    """(title, location) of all models that a recipe can name."""
    found = ((entry.name, entry.location) for entry in list_models() if entry.name != DEMO)
    return (("Demo model", DEMO), *found)


def model_folder(location: str) -> Path | None:
    """The diffusers folder at a model's location; None for single files and hub ids."""
    folder = resource("demo", "model") if location == DEMO else Path(location)
    return folder if folder.is_dir() else None


def read_facts(location: str) -> ModelFacts:
    """The facts of the model there; the paper's where the files do not say."""
    folder = model_folder(location)
    if folder is None:
        return ModelFacts(location, shape=read_shape(Path(location)))
    given = read_json(folder / "tokenflow.json")
    numbers = {
        name: given[name]
        for name in ("steps", "guidance", "pnp_attention", "pnp_features")
        if isinstance(given.get(name), int | float)
    }
    return ModelFacts(
        location, native_size=_native_size(folder, given), shape=read_shape(folder), **numbers
    )


def read_json(path: Path) -> dict[str, Any]:
    """The object in a file; empty where there is none: the worker will say what is wrong."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        log.info("%s: %s", path, error)
        return {}
    return content if isinstance(content, dict) else {}


def _native_size(folder: Path, given: dict[str, Any]) -> tuple[int, int] | None:
    size = given.get("native_size")
    if size is None:
        sample = read_json(folder / "unet" / "config.json").get("sample_size")
        levels = read_json(folder / "vae" / "config.json").get("block_out_channels")
        if isinstance(sample, int) and isinstance(levels, list):
            size = [sample * 2 ** (len(levels) - 1)] * 2
    if isinstance(size, list) and len(size) == 2 and all(isinstance(side, int) for side in size):
        return size[0], size[1]
    return None
