"""Where things lie: the program's own folders, and the files that come with it."""

import os
from pathlib import Path

from platformdirs import PlatformDirs

from tokenflow_studio.core.settings import read_settings

_DIRS = PlatformDirs("tokenflow-studio", appauthor=False)
_ROOT = Path(__file__).resolve().parents[2]


def resource(*parts: str) -> Path:
    """A file or folder under `resources/`."""
    return _ROOT.joinpath("resources", *parts)


def cache_folder() -> Path:
    """Inversions, features and checkpoints; safe to delete.

    `TOKENFLOW_CACHE` moves it, and so do the settings.
    """
    named = os.environ.get("TOKENFLOW_CACHE") or read_settings().cache_folder
    return Path(named or _DIRS.user_cache_path)


def takes_folder(project: Path | None = None) -> Path:
    """Finished takes, one folder each; those of a project lie beside its file.

    `TOKENFLOW_TAKES` moves it in both cases, and so do the settings.
    """
    named = os.environ.get("TOKENFLOW_TAKES") or read_settings().takes_folder
    if not named and project is not None:
        return project.with_name(f"{project.stem} takes")
    return Path(named or _DIRS.user_data_path / "takes")


def models_folder() -> Path:
    """The list of models that the user added. `TOKENFLOW_MODELS` moves it."""
    return Path(os.environ.get("TOKENFLOW_MODELS") or _DIRS.user_data_path / "models")


def exchange_folder() -> Path:
    """Exchange packages that hosts make. `TOKENFLOW_EXCHANGE` moves it."""
    return Path(os.environ.get("TOKENFLOW_EXCHANGE") or _DIRS.user_data_path / "exchange")


def state_folder() -> Path:
    """What the program keeps for itself between two starts. `TOKENFLOW_STATE` moves it."""
    return Path(os.environ.get("TOKENFLOW_STATE") or _DIRS.user_state_path)


def log_folder() -> Path:
    """Log files of the window and the worker."""
    return _DIRS.user_log_path


def runtime_folder() -> Path:
    """Short-lived private files: the worker's socket lies in a fresh folder under it."""
    return Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")
