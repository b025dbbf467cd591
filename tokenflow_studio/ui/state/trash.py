"""Deleted takes: they lie aside until the program ends, so that they can come back."""

import contextlib
import dataclasses
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import writing_error
from tokenflow_studio.core.paths import takes_folder
from tokenflow_studio.ui.state.past_takes import size_of, version_of
from tokenflow_studio.ui.state.takes import Take

_ASIDE = ".deleted"


@dataclass(frozen=True, slots=True)
class Deleted:
    """A take that was put aside; frames are its finished ones, `aside` is where it lies."""

    take: Take
    frames: tuple[int, ...]
    aside: Path


@dataclass(frozen=True, slots=True)
class DiskFigures:
    """Bytes: of all takes of all clips, and free where they lie."""

    takes: int
    free: int


def put_aside(take: Take, frames: tuple[int, ...]) -> Deleted:
    """Move a take out of sight, within its disk: at once, however large it is.

    Raises StudioError where that is not possible.
    """
    home = Path(take.home)
    aside = home.parent / _ASIDE / f"{home.name}-{uuid.uuid4().hex[:8]}"
    try:
        aside.parent.mkdir(exist_ok=True)
        home.rename(aside)
    except FileNotFoundError as error:
        raise BadInput(f"{home} is gone already: open the clip again.") from error
    except OSError as error:
        raise writing_error(home, error) from error
    return Deleted(take, frames, aside)


def bring_back(deleted: Deleted) -> Deleted:
    """Move it back; where its number was taken meanwhile, it gets the next one that is free.

    Raises StudioError where that is not possible.
    """
    home = Path(deleted.take.home)
    version = deleted.take.version
    if home.exists():
        taken = [number for path in home.parent.glob("v*") if (number := version_of(path))]
        version = max(taken, default=0) + 1
        home = home.with_name(f"v{version:03d}")
    try:
        deleted.aside.rename(home)
    except OSError as error:
        raise writing_error(home, error) from error
    take = dataclasses.replace(
        deleted.take,
        version=version,
        folder=str(home) if deleted.take.folder else "",
        frames=str(home / "frames"),
    )
    return Deleted(take, deleted.frames, home)


def empty(folders: Iterable[Path]) -> None:
    """Remove takes that were put aside, for good."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.parent.rmdir()  # when it was the last one


def left_behind() -> tuple[Path, ...]:
    """What a program that was killed did not get to remove."""
    return tuple(takes_folder().glob(f"*/{_ASIDE}/*"))


def disk_figures() -> DiskFigures:
    """How much the takes take, and how much is left. Raises OSError."""
    root = takes_folder()
    there = next(folder for folder in (root, *root.parents) if folder.is_dir())
    return DiskFigures(size_of(root) if root.is_dir() else 0, shutil.disk_usage(there).free)
