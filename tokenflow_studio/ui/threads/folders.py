"""The program's folders: where they are, what they hold, and making room in the cache."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.paths import cache_folder, models_folder, state_folder, takes_folder

# What jobs keep in the cache, one folder per entry under each; anything else is not ours to delete.
_KINDS = ("edit", "ingest", "inversion", "previews", "seen")


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """One folder. size: bytes in it, and free: bytes left on its disk."""

    name: str
    path: Path
    size: int
    free: int


def measure_folders() -> tuple[FolderFacts, ...]:
    """Cache, takes, models and state, in this order; reads every folder, which may take long."""
    return tuple(
        FolderFacts(name, path, size_of(path), free_at(path))
        for name, path in (
            ("Cache", cache_folder()),
            ("Takes", takes_folder()),
            ("Models", models_folder()),
            ("State", state_folder()),
        )
    )


def free_at(path: Path) -> int:
    """Bytes left on the disk on which a folder lies, or will lie."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


def size_of(folder: Path) -> int:
    """Bytes of all files under a folder; hard links count each time, links are not followed."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 - many
            except FileNotFoundError:
                continue  # gone meanwhile
    return total


def clear_cache() -> int:
    """Empty the cache; gives the bytes that were freed. No job may run."""
    return shrink_cache(0)


def shrink_cache(limit: int) -> int:
    """Remove what was used longest ago until at most `limit` bytes are left; gives what was freed.

    No job may run.
    """
    entries = [(_used(entry), size_of(entry) or _own_size(entry), entry) for entry in _entries()]
    total = sum(size for _, size, _ in entries)
    freed = 0
    for _, size, entry in sorted(entries, key=lambda found: found[0]):
        if total - freed <= limit:
            break
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)
        freed += size
    return freed


def _entries() -> list[Path]:
    """What can be removed on its own."""
    found = []
    for kind in _KINDS:
        try:
            found += [Path(entry.path) for entry in os.scandir(cache_folder() / kind)]
        except FileNotFoundError:
            continue
    return found


def _own_size(entry: Path) -> int:
    return 0 if entry.is_dir() else entry.lstat().st_size


def _used(entry: Path) -> float:
    """When it was written to last, as far down as two folders."""
    times = [entry.lstat().st_mtime]
    if entry.is_dir():
        times += [child.lstat().st_mtime for child in entry.iterdir()]
    return max(times)
