"""The models that the user added, by name; the demo model is always among them."""

import dataclasses
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.paths import models_folder, resource

DEMO = "demo"
_LIST = "models.json"
_SCHEMA = 1
_PICKLES = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl"})
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_NAME = re.compile(r"[^\s/\\][^/\\\n\t]{0,99}")


class ModelKind(StrEnum):
    """How a model is stored."""

    DEMO = "demo"
    FOLDER = "folder"  # a diffusers folder
    FILE = "file"  # one .safetensors checkpoint
    HUB = "hub"  # an id of the Hugging Face hub


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model as the user knows it.

    location: an absolute path, or a hub id; base: a diffusers folder that supplies what a single
    file lacks, or "".
    """

    name: str
    location: str
    kind: ModelKind
    base: str = ""

    @property
    def asked_as(self) -> str:
        """What an edit request calls it: its place, but the demo model by name on every machine."""
        return self.name if self.kind is ModelKind.DEMO else self.location


def list_models() -> tuple[ModelEntry, ...]:
    """The demo model, then what was added, in that order. Raises BadInput for a damaged list."""
    return (_demo(), *_added())


def add_model(location: str, name: str = "", base: str = "") -> ModelEntry:
    """Remember a model under `name`, by default the last part of its location.

    Raises BadInput when nothing usable lies there or the name belongs to another model.
    """
    found = _locate(location, base)
    if found is None:
        raise BadInput(_nothing(location))
    entry = dataclasses.replace(found, name=name.strip() or found.name)
    if _NAME.fullmatch(entry.name) is None or entry.name == DEMO:
        raise BadInput(f"'{entry.name}' cannot be the name of a model: choose another with --name.")
    added = _added()
    if entry in added:
        return entry
    if any(other.name == entry.name for other in added):
        raise BadInput(
            f"A model named {entry.name} is there already: choose another name with --name, "
            "or remove that one first."
        )
    _save((*added, entry))
    return entry


def remove_model(name: str) -> None:
    """Forget a model; its files stay. Raises BadInput for a name that is not in the list."""
    if name == DEMO:
        raise BadInput("The demo model is part of the program and cannot be removed.")
    added = _added()
    kept = tuple(entry for entry in added if entry.name != name)
    if kept == added:
        raise BadInput(f"No model named {name} was added: see the list of models.")
    _save(kept)


def resolve_model(name: str, base: str = "") -> ModelEntry:
    """The model that a name, a path or a hub id means; `base` goes before a remembered one.

    Raises BadInput when there is none, and for pickles.
    """
    for entry in list_models():
        if entry.name == name:
            return dataclasses.replace(entry, base=_base_folder(base) or entry.base)
    found = _locate(name, base)
    if found is None:
        raise BadInput(_nothing(name))
    return found


def _demo() -> ModelEntry:
    return ModelEntry(DEMO, str(resource("demo", "model")), ModelKind.DEMO)


def _locate(location: str, base: str) -> ModelEntry | None:
    """What lies at a path, or None. Raises BadInput for what must not be loaded."""
    if not location.strip() or "\0" in location:
        return None
    path = Path(location).expanduser().absolute()
    suffix = path.suffix.lower()
    if suffix in _PICKLES and not path.is_dir():
        raise BadInput(
            f"{path.name} is a pickle, which may run any program when it is opened: "
            "convert it to .safetensors."
        )
    if path.is_dir():
        return ModelEntry(path.name, str(path), ModelKind.FOLDER, _base_folder(base))
    if path.is_file():
        if suffix != ".safetensors":
            raise BadInput(
                f"{path.name} is no model: give a diffusers folder or a .safetensors file."
            )
        return ModelEntry(path.stem, str(path), ModelKind.FILE, _base_folder(base))
    if _HUB_ID.fullmatch(location) and suffix != ".safetensors":
        return ModelEntry(location.split("/")[1], location, ModelKind.HUB, _base_folder(base))
    return None


def _base_folder(base: str) -> str:
    if not base:
        return ""
    path = Path(base).expanduser().absolute()
    if not path.is_dir():
        raise BadInput(f"{path} is no folder: --base names a diffusers folder.")
    return str(path)


def _nothing(location: str) -> str:
    return (
        f"There is no model '{location}': give a folder, a .safetensors file, a hub id "
        "(owner/name), or a name from the list of models."
    )


def _list_file() -> Path:
    return models_folder() / _LIST


def _added() -> tuple[ModelEntry, ...]:
    path = _list_file()
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        if content["schema"] != _SCHEMA:
            raise BadInput(
                f"{path} was written by another version of the program: update TokenFlow Studio."
            )
        return tuple(
            ModelEntry(item["name"], item["location"], ModelKind(item["kind"]), item["base"])
            for item in content["models"]
        )
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{path} is damaged: rename it, and add your models again ({error})."
        ) from error


def _save(entries: tuple[ModelEntry, ...]) -> None:
    models = [dataclasses.asdict(entry) for entry in entries]
    text = json.dumps({"schema": _SCHEMA, "models": models}, indent=2, sort_keys=True)
    write_atomically(_list_file(), text.encode())
