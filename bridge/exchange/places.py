"""Where a package's media lies and where its versions may go: paths of other machines included."""

import os
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from bridge.exchange.manifest import Footage, Manifest
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.signatures import IMAGE_SUFFIXES, MOVIE_SUFFIXES

Roots = tuple[tuple[str, str], ...]
"""The same folder as other machines name it, and as this one does."""

_DRIVE = re.compile(r"[A-Za-z]:[/\\]")


def localised(path: str, roots: Roots) -> str:
    """A path of any machine as this machine names it, by the longest root that fits."""
    parts = _parts(path)
    for there, here in sorted(roots, key=lambda pair: -len(_parts(pair[0]))):
        root = _parts(there)
        if root and [_folded(p, there) for p in parts[: len(root)]] == [
            _folded(p, there) for p in root
        ]:
            return str(Path(here, *parts[len(root) :]))
    return path


def _parts(path: str) -> list[str]:
    """The names in a path, whichever system it comes from."""
    return [part for part in re.split(r"[/\\]+", path) if part]


def _folded(part: str, root: str) -> str:
    """Windows does not tell upper from lower case."""
    return part.casefold() if _is_windows(root) else part


def _is_windows(path: str) -> bool:
    return bool(_DRIVE.match(path)) or path.startswith("\\\\") or path.endswith(":")


def is_absolute(path: str) -> bool:
    """Whether it is absolute on any system."""
    return PurePosixPath(path).is_absolute() or _is_windows(path) or path.startswith("//")


def media_spec(package: Path, footage: Footage, roots: Roots) -> str:
    """What `open_clip` shall open. Raises BadInput for a path that must not be read.

    A relative name stays below the package, links followed; an absolute one may lie anywhere but
    must be a media file by its name.
    """
    suffix = PureWindowsPath(footage.media).suffix.lower()
    if suffix not in IMAGE_SUFFIXES | MOVIE_SUFFIXES:
        raise BadInput(f"{package} names {footage.media}, which is no media file: send it again.")
    if is_absolute(footage.media):
        spec = localised(footage.media, roots)
        if os.name == "posix" and _is_windows(spec):
            raise BadInput(
                f"{spec} is a path of another system: add its folder to the path roots in the "
                "preferences."
            )
        return spec
    return str(_below(package, footage.media))


def return_folder(package: Path, manifest: Manifest, allowed: str, roots: Roots) -> Path:
    """Where versions go. Raises BadInput for any place but the package and the return folder.

    allowed: the return folder of the settings, "" for none.
    """
    wanted = manifest.returns.folder
    if not is_absolute(wanted):
        return _below(package, wanted)
    folder = Path(localised(wanted, roots))
    if allowed and _real(folder).is_relative_to(_real(Path(allowed))):
        return folder
    raise BadInput(
        f"{package} asks to write to {wanted}, which is neither in the package nor in the return "
        "folder of the preferences: choose that folder there if you trust this package."
    )


def _below(package: Path, name: str) -> Path:
    path = package / Path(*_parts(name))
    if not _real(path).is_relative_to(_real(package)) or ".." in _parts(name):
        raise BadInput(f"{package} names {name}, which leads out of the package: send it again.")
    return path


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
