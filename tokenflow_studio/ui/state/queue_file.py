"""The queue on disk, so that it outlives the program."""

import dataclasses
import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.job import JobKind, JobOrder
from tokenflow_studio.core.paths import state_folder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.state.queue import EntryState, QueueEntry

log = logging.getLogger(__name__)

_SCHEMA = 1
_KEPT = frozenset({EntryState.WAITING, EntryState.FAILED})


def queue_file() -> Path:
    """Where it lies."""
    return state_folder() / "queue.json"


def write_queue(entries: Iterable[QueueEntry]) -> None:
    """Keep what is still to do and what failed; a job that runs is still to do.

    Raises StudioError where the file cannot be written.
    """
    content = {"schema": _SCHEMA, "jobs": [_plain(entry) for entry in entries]}
    content["jobs"] = [job for job in content["jobs"] if job["state"] in _KEPT]
    write_atomically(queue_file(), json.dumps(content, indent=1, ensure_ascii=False).encode())


def read_queue() -> tuple[QueueEntry, ...]:
    """The jobs of the last start. A damaged file is set aside; BadInput tells where it went.

    A single job that this version cannot read is passed over.
    """
    path = queue_file()
    try:
        content = json.loads(path.read_bytes())
        if content["schema"] != _SCHEMA:
            raise ValueError(f"schema {content['schema']}")
        jobs = list(content["jobs"])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as error:
        aside = path.with_name("queue.damaged.json")
        path.replace(aside)
        raise BadInput(f"The saved queue could not be read: it was moved to {aside}.") from error
    return tuple(entry for entry in map(_entry, jobs) if entry is not None)


def _plain(entry: QueueEntry) -> dict[str, Any]:
    order = entry.order
    fields = {field.name: getattr(order, field.name) for field in dataclasses.fields(order)}
    return {
        "clip": entry.clip,
        "state": EntryState.WAITING if entry.runs else entry.state,
        "message": entry.message,
        "order": fields | {"request": json.loads(order.request.to_json())},
    }


def _entry(job: dict[str, Any]) -> QueueEntry | None:
    try:
        fields = dict(job["order"])
        fields["request"] = EditRequest.from_json(json.dumps(fields["request"]))
        fields["kind"] = JobKind(fields["kind"])
        state = EntryState(job["state"])
        if state not in _KEPT:
            raise ValueError(f"state {state}")
        return QueueEntry(
            order=JobOrder(**fields),
            clip=str(job["clip"]),
            state=state,
            message=str(job["message"]),
        )
    except (BadInput, ValueError, KeyError, TypeError) as error:
        log.warning("a job of the saved queue is passed over: %s", error)
        return None
