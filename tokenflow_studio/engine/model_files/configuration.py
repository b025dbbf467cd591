"""A model's JSON files. They come from strangers, so nothing in them may name code."""

import json
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput

_LARGEST = 64 << 20  # bytes; CLIP's whole tokenizer takes under 4 MiB
_NAMES_CODE = frozenset(
    {"auto_map", "custom_pipelines", "_attn_implementation_internal", "trust_remote_code"}
)


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises BadInput if the file is missing, holds something else, or has a key that would make a
    loader run code of the model's own.
    """
    try:
        if not path.is_file():
            raise BadInput(f"{path} is missing: this is no complete model.")
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"{path} is too large for a model's configuration.")
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{path} cannot be read as JSON ({error}).") from error
    if not isinstance(value, dict):
        raise BadInput(f"{path} holds no JSON object.")
    for key in _keys(value):
        if key in _NAMES_CODE:
            raise BadInput(f"{path} asks for code of its own ('{key}'), which is never run: "
                           "use a model without it.")  # fmt: skip
    return value


def _keys(value: object) -> set[str]:
    """All keys of nested objects."""
    found: set[str] = set()
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found |= item.keys()
            waiting += item.values()
        elif isinstance(item, list):
            waiting += [part for part in item if isinstance(part, dict | list)]
    return found
