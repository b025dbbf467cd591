"""What was measured, one JSON line each, written as soon as it is there."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import tokenflow_studio
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import writing_error
from tokenflow_studio.core.models import ModelEntry
from tokenflow_studio.core.request import EditRequest

Record = dict[str, Any]


class Store:
    """Records by key in a file of JSON lines; a line that a stopped run left torn does not count.

    Raises BadInput or JobFailed where the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._records: dict[str, Record] = {}
        self._torn = False
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        except OSError as error:
            raise BadInput(f"{path} cannot be read ({error.strerror}).") from error
        self._torn = bool(text) and not text.endswith("\n")
        for line in text.splitlines():
            try:
                record = json.loads(line)
                self._records[record["key"]] = record
            except (ValueError, KeyError, TypeError):
                continue

    def get(self, key: str) -> Record | None:
        """What was stored under the key."""
        return self._records.get(key)

    def put(self, key: str, **values: object) -> Record:
        """Store the values, on disk before this returns."""
        record: Record = {"key": key, **values}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write("\n" * self._torn + json.dumps(record) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise writing_error(self._path, error) from error
        self._torn = False
        self._records[key] = record
        return record


def key_of(model: str, footage: object, request: EditRequest) -> str:
    """The key of a measurement: program, model (see `model_stamp`), footage, every setting.

    The clip's place does not count, so that the folder of a benchmark can be moved.
    """
    settings = json.loads(request.to_json())
    del settings["clip"], settings["model"], settings["base"]
    parts = [tokenflow_studio.__version__, model, footage, settings]
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def model_stamp(model: ModelEntry) -> str:
    """The model's name with the sizes and times of its files: another model, another stamp."""
    root = Path(model.location)
    files = [root] if root.is_file() else sorted(root.rglob("*")) if root.is_dir() else []
    stats = [(path.name, path.stat()) for path in files if path.is_file()]
    parts = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    digest = hashlib.blake2b(json.dumps(parts).encode(), digest_size=8).hexdigest()
    return f"{model.name} {digest} {model.base}"
