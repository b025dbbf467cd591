"""Putting our scripts into other programs, and taking out exactly what was put there."""

import json
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tokenflow_studio
from bridge.host_folders import NUKE, HostFolders
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically, writing_error

_NOTE = "studio.json"
_ASKED = "asked"  # where Lua scripts put what they ask: Lua itself makes no folders
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
    return str(_note(_roots(folders, to)[0]).get("version", ""))


def install(folders: HostFolders, studio: Studio, to: Path | None = None) -> Path:
    """Copy the scripts; what an earlier installation put there is replaced. Gives their folder.

    to: a folder of the user's choice in place of the program's own (for NUKE_PATH); then nothing
    else is touched. Raises BadInput or JobFailed where it cannot be written.
    """
    roots = _roots(folders, to)
    for root in roots:
        _check_ours(root)
    note = {
        "version": tokenflow_studio.__version__,
        "command": list(studio.command),
        "exchange": str(studio.exchange),
        "made": _note(roots[0]).get("made") or _missing(roots, folders, to),
    }
    try:
        _clear(roots)
        package = _copy(folders.name, *roots)
    except OSError as error:
        raise writing_error(roots[0], error) from error
    for folder in dict.fromkeys((*roots, package)):
        write_atomically(folder / _NOTE, json.dumps(note, indent=2).encode())
    if _has_block(folders, to):
        _add_block(folders.user / "init.py")
    return roots[0]


def remove(folders: HostFolders, to: Path | None = None) -> bool:
    """Take out what `install` put there, folders that it made included; False for nothing there."""
    roots = _roots(folders, to)
    note = _note(roots[0])
    if not note:
        return False
    made = [Path(name) for name in note.get("made", [])]
    init = folders.user / "init.py"
    try:
        _clear(roots)
        if _has_block(folders, to):
            _take_block(init, remove_empty=init in made)
        for folder in reversed(made):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    except OSError as error:
        raise writing_error(roots[0], error) from error
    return True


def _roots(folders: HostFolders, to: Path | None) -> tuple[Path, ...]:
    """The folders that are ours alone, that of the scripts first."""
    if to is not None:
        return (to / "tokenflow_studio",)
    return tuple(dict.fromkeys((folders.scripts, folders.library)))


def _has_block(folders: HostFolders, to: Path | None) -> bool:
    return folders.name == NUKE and to is None


def _note(root: Path) -> dict[str, Any]:
    """What the installer noted there; nothing where it did not."""
    try:
        note = json.loads((root / _NOTE).read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _missing(roots: tuple[Path, ...], folders: HostFolders, to: Path | None) -> list[str]:
    """Folders and files around ours that are not there yet, from the outermost in."""
    around = {folder for root in roots for folder in root.parents if not folder.exists()}
    missing = sorted(around, key=lambda folder: len(folder.parts))
    if _has_block(folders, to) and not (folders.user / "init.py").exists():
        missing.append(folders.user / "init.py")
    return [str(path) for path in missing]


def _copy(host: str, scripts: Path, library: Path | None = None) -> Path:
    """Copy a host's files; gives the folder of its Python package."""
    source = Path(__file__).with_name("hosts")
    package = (library or scripts) / f"tokenflow_{host}"
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
    if library is None:
        shutil.copytree(source / host, scripts, ignore=unwanted)
    else:
        shutil.copytree(source / host / package.name, package, ignore=unwanted)
        shutil.copytree(source / host / "tokenflow_lua", library / "tokenflow_lua")
        (library / _ASKED).mkdir()
        _copy_launchers(source / host / "scripts", scripts, library)
    shutil.copyfile(source / "shared/studio.py", package / "studio.py")
    return package


def _copy_launchers(source: Path, scripts: Path, library: Path) -> None:
    """The scripts of the menu, told where their library lies: the host does not tell them."""
    # JSON's spelling of text is that of Python and of Lua too.
    place = json.dumps(str(library), ensure_ascii=False)
    for path in sorted(path for path in source.rglob("*") if path.suffix in (".lua", ".py")):
        target = scripts / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text("utf-8").replace('"@LIBRARY@"', place), "utf-8")


def _check_ours(root: Path) -> None:
    if root.is_symlink() or (root.exists() and not _note(root)):
        raise BadInput(f"{root} was not put there by TokenFlow Studio: move it away first.")


def _clear(roots: tuple[Path, ...]) -> None:
    for root in roots:
        if _note(root) and not root.is_symlink():
            shutil.rmtree(root)


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
