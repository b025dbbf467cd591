"""Takes of earlier days, found in the takes folder."""

import logging
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.paths import takes_folder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.state.takes import Take, TakeState

log = logging.getLogger("tokenflow.ui.takes")


@dataclass(frozen=True, slots=True)
class PastTake:
    """A finished take on disk; frames are the numbers of its pictures."""

    folder: Path
    request: EditRequest
    frames: tuple[int, ...]

    @property
    def id(self) -> str:
        """Its folder's name."""
        return self.folder.name

    def take(self, version: int) -> Take:
        """The take as the list shows it."""
        return Take(
            id=self.id,
            version=version,
            request=self.request,
            state=TakeState.DONE,
            folder=str(self.folder),
            frames=str(self.folder / "frames"),
            count=len(self.frames),
            poster=self.frames[0],
        )


def find_past_takes(clip: str) -> tuple[PastTake, ...]:
    """The finished takes of a clip, oldest first. What is no take is passed over."""
    root = takes_folder()
    if not root.is_dir():
        return ()
    folders = sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.stat().st_mtime)
    found = (_read(folder, clip) for folder in folders)
    return tuple(take for take in found if take is not None)


def _read(folder: Path, clip: str) -> PastTake | None:
    # The report is written last: without it the take is unfinished.
    if not (folder / "report.json").is_file():
        return None
    try:
        request = EditRequest.from_json((folder / "request.json").read_text("utf-8"))
    except (OSError, BadInput) as error:
        log.info("%s is no take: %s", folder, error)
        return None
    names = (path.stem for path in (folder / "frames").glob("*.png"))
    frames = tuple(sorted(int(name) for name in names if name.isdigit()))
    return PastTake(folder, request, frames) if request.clip == clip and frames else None
