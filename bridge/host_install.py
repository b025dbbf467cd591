"""Putting our scripts into other programs, and taking out exactly what was put there."""

import json
import shutil
import stat
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import tokenflow_studio
from bridge.host_folders import NUKE, HostFolders
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically, writing_error

_NOTE = "studio.json"
_BEGIN, _END = b"# >>> TokenFlow Studio >>>", b"# <<< TokenFlow Studio <<<"
_BLOCK = _BEGIN + b"\nimport nuke\n\nnuke.pluginAddPath('./tokenflow_studio')\n" + _END + b"\n"
# Where the file did not end with a line break, ours comes first and goes with the block.
_JOINED = b"\n" + _BLOCK.replace(_BEGIN, _BEGIN + b" # added a line break")


@dataclass(frozen=True, slots=True)
class Studio:
    """What the scripts must know: the command line of the studio, and the exchange folder."""

    command: tuple[str, ...]
    exchange: Path


def installed_version(folders: HostFolders, to: Path | None = None) -> str:
    """The version of our scripts that lies there, or ""."""
    try:
        note = json.loads((_place(folders, to) / _NOTE).read_bytes())
        return str(note["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def install(folders: HostFolders, studio: Studio, to: Path | None = None) -> Path:
    """Copy the scripts; what an earlier installation put there is replaced. Gives their folder.

    to: a folder of the user's choice in place of the program's own (for NUKE_PATH); then nothing
    else is touched. Raises BadInput or JobFailed where it cannot be written.
    """
    place = _place(folders, to)
    made = _made(place, folders, to)
    try:
        _clear(place)
        _copy(folders.name, place)
    except OSError as error:
        raise writing_error(place, error) from error
    note = {
        "version": tokenflow_studio.__version__,
        "command": list(studio.command),
        "exchange": str(studio.exchange),
        "made": made,
    }
    target = place / "tokenflow_nuke" if folders.name == NUKE else place
    for folder in {place, target}:
        write_atomically(folder / _NOTE, json.dumps(note, indent=2).encode())
    if folders.name == NUKE and to is None:
        _add_block(folders.user / "init.py")
    return place


def remove(folders: HostFolders, to: Path | None = None) -> bool:
    """Take out what `install` put there, folders that it made included; False for nothing there."""
    place = _place(folders, to)
    if not installed_version(folders, to):
        return False
    made = json.loads((place / _NOTE).read_bytes()).get("made", [])
    try:
        _clear(place)
        if folders.name == NUKE and to is None:
            _take_block(folders.user / "init.py", remove_empty="init.py" in made)
        for name in reversed([entry for entry in made if entry != "init.py"]):
            folder = Path(name)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise writing_error(place, error) from error
    return True


def _place(folders: HostFolders, to: Path | None) -> Path:
    return folders.scripts if to is None else to / "tokenflow_studio"


def _made(place: Path, folders: HostFolders, to: Path | None) -> list[str]:
    """Folders and files that are not there yet, from the outermost in; an update keeps its note."""
    try:
        note = json.loads((place / _NOTE).read_bytes())
        return list(note["made"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    missing = [str(folder) for folder in reversed(place.parents) if not folder.exists()]
    if folders.name == NUKE and to is None and not (folders.user / "init.py").exists():
        missing.append("init.py")
    return missing


def _copy(host: str, place: Path) -> None:
    source = Path(str(resources.files("bridge"))) / "hosts" / host
    shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))


def _clear(place: Path) -> None:
    """Remove our folder; anything else of that name stays and is an error."""
    if not place.exists():
        return
    if place.is_symlink() or not (place / _NOTE).is_file():
        raise BadInput(f"{place} was not put there by TokenFlow Studio: move it away first.")
    shutil.rmtree(place)


def _add_block(path: Path) -> None:
    content = path.read_bytes() if path.exists() else b""
    if _BEGIN in content:
        return
    whole_lines = not content or content.endswith(b"\n")
    _write(path, content + (_BLOCK if whole_lines else _JOINED))


def _take_block(path: Path, *, remove_empty: bool) -> None:
    content = path.read_bytes() if path.exists() else b""
    left = content.replace(_BLOCK, b"")
    before, joined, after = content.partition(_JOINED)
    if joined:  # lines that were added behind ours since then stay lines
        left = before + (b"\n" + after if after else b"")
    if left == content:
        return
    if not left and remove_empty:
        path.unlink()
    else:
        _write(path, left)


def _write(path: Path, content: bytes) -> None:
    """Write the user's own file: through a link, and with the rights that it has."""
    real = path.resolve()
    mode = stat.S_IMODE(real.stat().st_mode) if real.exists() else None
    write_atomically(real, content)
    if mode is not None:
        real.chmod(mode)
