"""What a window writes aside while it works, so that a crash loses nothing."""

import json
import logging
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import sweep_temporaries, write_atomically
from tokenflow_studio.core.paths import state_folder
from tokenflow_studio.project.document import Project
from tokenflow_studio.project.owner import Owner, this_process
from tokenflow_studio.project.schema import from_json, to_json

log = logging.getLogger(__name__)

_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Recovered:
    """Work that no file of the user's holds.

    file: where it lies; path: the project it belongs to, None for one without a name; saved: when
    it was written, seconds since 1970; crashed: its window did not end by itself.
    """

    file: Path
    project: Project
    path: Path | None
    saved: float
    crashed: bool


def recovery_folder() -> Path:
    """Where the files lie, one for each window with unsaved changes."""
    return state_folder() / "recovery"


def new_recovery() -> Path:
    """The file of a new window."""
    return recovery_folder() / f"{uuid.uuid4().hex}.json"


def write_recovery(file: Path, project: Project, path: Path | None, *, ended: bool = False) -> None:
    """Write the state of a window; `ended` when it closes and leaves its work for the next start.

    Raises as `write_atomically` does.
    """
    content = {
        "schema": _SCHEMA,
        "owner": this_process().to_fields(),
        "ended": ended,
        "saved": time.time(),
        "path": str(path or ""),
        "project": json.loads(to_json(project, None)),
    }
    write_atomically(
        file, json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
    )


def drop_recovery(file: Path) -> None:
    """The work is saved, or not wanted."""
    file.unlink(missing_ok=True)


def find_recoveries() -> tuple[Recovered, ...]:
    """What windows that run no more have left, the newest first; what cannot be read stays."""
    sweep_temporaries(recovery_folder())
    found = (_read(file) for file in sorted(recovery_folder().glob("*.json")))
    left = (recovered for recovered in found if recovered is not None)
    return tuple(sorted(left, key=lambda recovered: recovered.saved, reverse=True))


def _read(file: Path) -> Recovered | None:
    try:
        content = json.loads(file.read_bytes())
        if content["schema"] != _SCHEMA:
            return None
        ended = bool(content["ended"])
        if not ended and not Owner.of_fields(content["owner"]).is_gone:
            return None
        project = from_json(json.dumps(content["project"]), None)
        path = Path(content["path"]) if content["path"] else None
        return Recovered(file, project, path, float(content["saved"]), not ended)
    except (OSError, ValueError, KeyError, TypeError, BadInput):
        log.warning("%s cannot be recovered", file, exc_info=True)
        return None
