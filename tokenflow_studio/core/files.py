"""Files that appear whole or not at all: written under a temporary name, flushed, then renamed."""

import contextlib
import errno
import os
import re
import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from tokenflow_studio.core.errors import BadInput, JobFailed, StudioError

_HOST = re.sub(r"[^A-Za-z0-9]", "_", socket.gethostname())[:20] or "host"
_TEMPORARY = re.compile(r".*\.(?P<host>\w+)-(?P<pid>\d+)-[0-9a-f]{8}\.tmp")
_ORPHAN_AGE = 24 * 3600  # seconds; after that nobody can still be writing one frame

_REASONS = {
    errno.ENOSPC: "the disk is full: free some space and start again",
    errno.EDQUOT: "your disk quota is used up: free some space and start again",
    errno.EROFS: "the disk is read-only: choose another place",
    errno.EACCES: "you may not write there: choose another place or ask for the right to",
    errno.EPERM: "you may not write there: choose another place or ask for the right to",
    errno.EEXIST: "a part of the path is a file, not a folder: choose another place",
    errno.ENOTDIR: "a part of the path is a file, not a folder: choose another place",
    errno.ENAMETOOLONG: "the name is too long: choose a shorter one",
}
_RETRY = frozenset({errno.ENOSPC, errno.EDQUOT})


def writing_error(path: Path, error: OSError) -> StudioError:
    """The sentence for a file that could not be written.

    A full disk is a JobFailed (make room, go on); a place that cannot be written is a BadInput.
    """
    reason = _REASONS.get(error.errno or 0)
    if reason is None:
        return JobFailed(f"{path} could not be written ({error.strerror or error}): try again.")
    kind = JobFailed if error.errno in _RETRY else BadInput
    return kind(f"{path} could not be written, {reason}.")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary file beside `path`; when the block ends well, it becomes `path`.

    The block fills the temporary file by name. Until it ends, `path` keeps its former content, and
    so it does when the block raises. Missing folders are made; the file gets the user's umask.
    Raises JobFailed for a full disk and BadInput for a place that cannot be written.
    """
    temporary = path.with_name(f"{path.name[:40]}.{_HOST}-{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        try:
            yield temporary
            _flush(temporary, os.O_RDWR)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if os.name == "posix":  # Windows can neither open nor flush a folder
            _flush(path.parent, os.O_RDONLY)
    except OSError as error:
        raise writing_error(path, error) from error


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path`: afterwards `path` holds all of it, or what it held before.

    Raises as `replacing` does.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def sweep_temporaries(folder: Path) -> int:
    """Remove temporary files that a killed process left in `folder`; returns how many.

    Those of living processes of this machine stay; those of other machines go after a day.
    """
    removed = 0
    with contextlib.suppress(FileNotFoundError):
        for entry in list(os.scandir(folder)):
            match = _TEMPORARY.fullmatch(entry.name)
            if match is None or not _is_orphan(entry, match["host"], int(match["pid"])):
                continue
            with contextlib.suppress(OSError):
                Path(entry.path).unlink()
                removed += 1
    return removed


def _is_orphan(entry: os.DirEntry[str], host: str, pid: int) -> bool:
    if host == _HOST and os.name == "posix":
        return not _is_alive(pid)
    with contextlib.suppress(OSError):
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > _ORPHAN_AGE
    return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
