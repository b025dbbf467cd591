"""The private folder in which the worker's socket lies: who may enter it may call the worker."""

import os
import shutil
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

from tokenflow_studio.core.errors import WorkerLost

SOCKET = "w.sock"
_PREFIX = "tfs-"
_PATH_LIMIT = 100  # bytes; the kernels allow 104 (macOS) and 108 (Linux)


def make_socket_folder(runtime: Path) -> Path:
    """A fresh folder of mode 0700 under `runtime`, or under the temporary folder where that fails.

    Raises WorkerLost when neither can hold a socket.
    """
    faults: list[str] = []
    for parent in dict.fromkeys((runtime, Path(tempfile.gettempdir()))):
        try:
            sweep(parent)
            folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
        except OSError as error:
            faults.append(f"{parent} ({error.strerror})")
            continue
        if len(os.fsencode(folder / SOCKET)) <= _PATH_LIMIT:
            check_private(folder)
            return folder
        folder.rmdir()
        faults.append(f"{parent} (its path is too long for a socket)")
    raise WorkerLost(f"The worker finds no folder for its socket: {', '.join(faults)}.")


def check_private(folder: Path) -> None:
    """Raises WorkerLost unless `folder` is a true folder of this user that no one else enters."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise WorkerLost(f"{folder} is no folder: another user may listen there.")
    if found.st_uid != os.geteuid():
        raise WorkerLost(f"{folder} belongs to another user (id {found.st_uid}).")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise WorkerLost(f"{folder} can be entered by other users: its mode must be 0700.")


def sweep(parent: Path) -> None:
    """Remove the folders of workers that were killed before they could tidy up."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not pid.isdecimal() or psutil.pid_exists(int(pid)) or _is_listening(folder / SOCKET):
            continue
        with suppress(OSError, WorkerLost):
            check_private(folder)
            shutil.rmtree(folder)


def _is_listening(path: Path) -> bool:
    """Whether someone answers; a process of another container has a pid that looks dead here."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(0.2)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True
