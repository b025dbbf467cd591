"""A project is written by one window at a time: a lock file beside it says whose it is."""

import contextlib
import getpass
import json
import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.project.owner import Owner, this_process

REFRESH = 60.0  # seconds between two signs of life
_STALE = 600.0  # seconds without one; then a process that cannot be asked is held for dead


@dataclass(frozen=True, slots=True)
class Lock:
    """The right to write a project."""

    file: Path
    token: str

    def refresh(self) -> bool:
        """Give a sign of life; False when somebody has taken the lock away."""
        with contextlib.suppress(OSError):
            if _read(self.file).token == self.token:
                os.utime(self.file)
                return True
        return False

    def release(self) -> None:
        """Give the project free."""
        with contextlib.suppress(OSError):
            if _read(self.file).token == self.token:
                self.file.unlink()


@dataclass(frozen=True, slots=True)
class Held:
    """Why a project cannot be locked, as the beginning of a sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Content:
    token: str
    owner: Owner | None
    user: str


def lock_file(project: Path) -> Path:
    """The lock's file, beside the project."""
    return project.with_name(f".{project.name}.lock")


def take_lock(project: Path) -> Lock | Held:
    """Lock a project. A lock whose process has ended is taken over."""
    file, token = lock_file(project), uuid.uuid4().hex
    for _ in range(2):
        try:
            _create(file, token)
        except FileExistsError:
            if not _clear_stale(file):
                return Held(_who(file))
        except OSError as error:
            return Held(f"nothing can be written beside it ({error.strerror})")
        else:
            return Lock(file, token)
    return Held(_who(file))


def _create(file: Path, token: str) -> None:
    content = {"token": token, "user": _user(), **this_process().to_fields()}
    with file.open("x", encoding="utf-8") as stream:
        json.dump(content, stream)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number that has no name
        return "somebody"


def _read(file: Path) -> _Content:
    """Raises OSError where there is none; what holds no lock has no owner."""
    try:
        fields = json.loads(file.read_bytes())
        return _Content(str(fields["token"]), Owner.of_fields(fields), str(fields["user"]))
    except (ValueError, KeyError, TypeError):
        return _Content("", None, "")


def _clear_stale(file: Path) -> bool:
    """Take a dead process's lock away; False while it may live."""
    try:
        content = _read(file)
        silent = time.time() - file.stat().st_mtime
        if not (content.owner and content.owner.is_gone) and silent < _STALE:
            return False
        # Another window may be about to do the same: only one of them moves this very lock.
        aside = file.with_name(f"{file.name}.{uuid.uuid4().hex[:8]}")
        file.rename(aside)
        moved = _read(aside)
        if moved.token != content.token:
            aside.rename(file)
            return False
        aside.unlink()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _who(file: Path) -> str:
    try:
        content = _read(file)
        since = time.strftime("%H:%M", time.localtime(file.stat().st_mtime))
    except OSError:
        return "another window has just opened it"
    if content.owner is None:
        return f"{file.name} beside it says that it is open"
    if content.owner.is_here:
        return f"it is open in another window (process {content.owner.pid})"
    return f"{content.user} has it open on {content.owner.host}, last heard of at {since}"
