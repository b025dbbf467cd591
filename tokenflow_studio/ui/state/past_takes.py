"""Takes of earlier days, found in the takes folder."""

import contextlib
import dataclasses
import json
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.paths import takes_folder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.review import read_review
from tokenflow_studio.ui.state.takes import Take, TakeState

log = logging.getLogger(__name__)

_VERSION = re.compile(r"v(\d{3,})")


@dataclass(frozen=True, slots=True)
class PastTake:
    """A finished take on disk; frames are the numbers of its pictures."""

    take: Take
    frames: tuple[int, ...]


def version_of(folder: Path) -> int | None:
    """The number in a take folder's name, such as v003."""
    match = _VERSION.fullmatch(folder.name)
    return int(match[1]) if match else None


def find_past_takes(
    clip: str, name: str, root: str = "", known: tuple[str, ...] = ()
) -> tuple[PastTake, ...]:
    """The finished takes of the clip of that spec and name. What is no take is passed over.

    root: the project's own folder for takes; known: folders that hold takes of this clip for sure,
    wherever the clip lay when they were made.
    """
    roots = dict.fromkeys((takes_folder(), Path(root or takes_folder())))
    folders = [folder for place in roots for folder in sorted((place / name).glob("v*"))]
    others = [Path(folder) for folder in known if Path(folder) not in folders]
    found = (
        _read(folder, clip, str(folder) in known)
        for folder in (*folders, *others)
        if version_of(folder) is not None
    )
    return tuple(take for take in found if take is not None)


def read_facts(folder: Path) -> dict[str, Any]:
    """What report, review and disk say of a take, as fields of `Take`.

    Raises OSError, ValueError, AttributeError or TypeError where the report is none.
    """
    report = json.loads((folder / "report.json").read_bytes())
    measures = report.get("measures", {})
    return {
        "seconds": sum(report.get("seconds", {}).values()) or None,
        "warp_error": _number(measures.get("warp_error")),
        "prompt_match": _number(measures.get("prompt_match")),
        "measures": tuple((name, _number(value)) for name, value in measures.items()),
        "size": size_of(folder),
        "review": read_review(folder),
    }


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder; what vanishes meanwhile does not count."""
    total = 0
    for entry in os.scandir(folder):
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                total += size_of(Path(entry.path))
            else:
                total += entry.stat(follow_symlinks=False).st_size
    return total


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _read(folder: Path, clip: str, known: bool) -> PastTake | None:
    try:
        report = json.loads((folder / "report.json").read_bytes())
        request = EditRequest.from_json((folder / "request.json").read_text("utf-8"))
        finished = report.get("state") == "done" and (known or request.clip == clip)
        facts = read_facts(folder)
    except (OSError, ValueError, AttributeError, TypeError, BadInput) as error:
        log.info("%s is no take: %s", folder, error)
        return None
    names = (path.stem for path in (folder / "frames").glob("*.png"))
    frames = tuple(sorted(int(name) for name in names if name.isdigit()))
    if not finished or not frames:
        return None
    take = Take(
        id=str(folder),
        version=version_of(folder) or 0,
        request=dataclasses.replace(request, clip=clip),
        state=TakeState.DONE,
        folder=str(folder),
        frames=str(folder / "frames"),
        count=len(frames),
        poster=frames[0],
        **facts,
    )
    return PastTake(take, frames)
