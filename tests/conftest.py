"""What every test gets: its own folders, and the footage beside the project where it lies there."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does.
settings.register_profile("studio", deadline=None)
settings.load_profile("studio")

# As in the worker: threads that spin while they wait collapse on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, cache, takes, models and state of a test meet nobody else's."""
    root = tmp_path_factory.mktemp("studio")
    for name in ("cache", "takes", "models", "state"):
        monkeypatch.setenv(f"TOKENFLOW_{name.upper()}", str(root / name))
    monkeypatch.setenv("TOKENFLOW_SETTINGS", str(root / "settings.json"))


@pytest.fixture
def shared() -> Path:
    """The folder of footage and golden data; `TOKENFLOW_SHARED` names another one."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("TOKENFLOW_SHARED") or beside)
    if not (folder / "clips").is_dir():
        pytest.skip(f"no footage in {folder}: set TOKENFLOW_SHARED to a folder with clips/")
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a random model that runs in milliseconds."""
    from tests.tiny_model import write_tiny_model  # torch only where it is needed

    return write_tiny_model(tmp_path_factory.mktemp("tiny-model"))
