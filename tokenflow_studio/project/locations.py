"""Paths as a project file writes them: relative where the media lies below or beside the file."""

import os
from pathlib import Path, PurePath


def written(path: str, folder: Path | None) -> str:
    """An absolute path or pattern as the file holds it; `folder` is the project's own, None for a
    file that will not stay where it is."""
    if folder is None or not path:
        return path
    try:
        return PurePath(path).relative_to(folder).as_posix()
    except ValueError:
        return path


def found(text: str, folder: Path | None) -> str:
    """The absolute path that a file means. Raises ValueError for what is no path."""
    if "\0" in text:
        raise ValueError("holds a zero byte")
    if not text or PurePath(text).is_absolute():
        return text
    if folder is None:
        raise ValueError(f"'{text}' must be an absolute path")
    return os.path.normpath(folder / text)
