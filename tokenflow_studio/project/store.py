"""Project files: written whole or not at all, with the version before kept beside them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing, write_atomically
from tokenflow_studio.project.document import Project
from tokenflow_studio.project.schema import NewerVersion, from_json, to_json

SUFFIX = ".tfproj"
_MOST_BYTES = 64 * 2**20  # no project comes near; a wrong file must not fill the memory


@dataclass(frozen=True, slots=True)
class Opened:
    """A project as it was read; `notice` says what was wrong with its file, or ""."""

    project: Project
    notice: str = ""


def is_project(path: str) -> bool:
    """Whether that is a project by its name."""
    return path.lower().endswith(SUFFIX)


def read_project(path: Path) -> Opened:
    """Open a project file; for a damaged one, the version before it, with a notice.

    Raises BadInput, in one sentence, where there is nothing that can be used.
    """
    try:
        return Opened(_read(path))
    except NewerVersion:
        raise
    except BadInput as error:
        try:
            project = _read(backup_of(path))
        except BadInput:
            raise error from None
        return Opened(project, f"{error} The version before it is open; save it to keep it.")


def write_project(path: Path, project: Project) -> None:
    """Save a project; what was there before lies in its backup then.

    Raises JobFailed for a full disk and BadInput for a place that cannot be written.
    """
    if _is_readable(path):  # a damaged file must not push out a good backup
        with replacing(backup_of(path)) as temporary:
            shutil.copyfile(path, temporary)
    # A name that is no text is written as JSON writes it in escapes, and comes back.
    write_atomically(path, to_json(project, path.parent).encode("utf-8", "backslashreplace"))


def backup_of(path: Path) -> Path:
    """Where the version before lies."""
    return path.with_name(f"{path.name}.bak")


def _is_readable(path: Path) -> bool:
    try:
        _read(path)
    except BadInput:
        return False
    return True


def _read(path: Path) -> Project:
    try:
        if not path.is_file():
            raise BadInput(f"{path} is not there: choose another project.")
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{path} is too large for a project: choose another file.")
        text = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read ({error.strerror}): check the path and its rights."
        ) from error
    try:
        return from_json(text, path.parent)
    except NewerVersion as error:
        raise NewerVersion(f"{path} {error}") from error
    except BadInput as error:
        raise BadInput(f"{path} {error}") from error
