"""The projects and clips that were opened lately."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.paths import state_folder

log = logging.getLogger(__name__)

_MOST = 10  # of each kind


@dataclass(frozen=True, slots=True)
class Recent:
    """Paths, the latest first; a clip may be a pattern."""

    projects: tuple[str, ...] = ()
    clips: tuple[str, ...] = ()

    def with_project(self, path: str) -> "Recent":
        """After that project was opened or saved."""
        return Recent(_first(path, self.projects), self.clips)

    def with_clip(self, spec: str) -> "Recent":
        """After that clip was opened."""
        return Recent(self.projects, _first(spec, self.clips))

    def without(self, path: str) -> "Recent":
        """After it was found to be gone."""
        return Recent(
            tuple(other for other in self.projects if other != path),
            tuple(other for other in self.clips if other != path),
        )


def read_recent() -> Recent:
    """What the last window wrote; nothing where there is no list, or a damaged one."""
    try:
        content = json.loads(_file().read_bytes())
        projects, clips = content["projects"], content["clips"]
        if all(isinstance(path, str) for path in [*projects, *clips]):
            return Recent(tuple(projects[:_MOST]), tuple(clips[:_MOST]))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError):
        log.warning("the list of recent files cannot be read", exc_info=True)
    return Recent()


def write_recent(recent: Recent) -> None:
    """Keep the list. Raises as `write_atomically` does."""
    content = {"projects": recent.projects, "clips": recent.clips}
    write_atomically(
        _file(),
        json.dumps(content, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace"),
    )


def _first(path: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return (path, *(other for other in others if other != path))[:_MOST]


def _file() -> Path:
    return state_folder() / "recent.json"
