"""What people think of a take: a status, a note, a star. It lies in the take's own folder."""

import json
import logging
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically

log = logging.getLogger(__name__)

REVIEW = "review.json"
_SCHEMA = 1
_NOTE = 4000  # characters


class Status(StrEnum):
    """How far a take has come in review."""

    NEW = "new"
    FOR_REVIEW = "for review"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Review:
    """status; note: free text; starred: one of the favourites."""

    status: Status = Status.NEW
    note: str = ""
    starred: bool = False


def read_review(folder: Path) -> Review:
    """The review in a take's folder; a plain new one where there is none or it is damaged."""
    try:
        fields = json.loads((folder / REVIEW).read_bytes())
        if fields["schema"] != _SCHEMA:
            raise ValueError(f"schema {fields['schema']}")
        note = str(fields["note"])[:_NOTE]
        return Review(Status(fields["status"]), note, fields["starred"] is True)
    except FileNotFoundError:
        return Review()
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s cannot be used: %s", folder / REVIEW, error)
        return Review()


def write_review(folder: Path, review: Review) -> None:
    """Keep a review in a take's folder. Raises StudioError, BadInput if the take is gone."""
    if not folder.is_dir():
        raise BadInput(f"The take {folder} is gone: its review was not written.")
    fields = {
        "schema": _SCHEMA,
        "status": review.status,
        "note": review.note[:_NOTE],
        "starred": review.starred,
    }
    text = json.dumps(fields, indent=2, ensure_ascii=False) + "\n"
    write_atomically(folder / REVIEW, text.encode())
