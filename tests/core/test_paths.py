"""The environment moves every folder; without it they are the user's own."""

from pathlib import Path

import pytest

from tokenflow_studio.core import paths


@pytest.mark.parametrize(
    ("variable", "folder"),
    [
        ("TOKENFLOW_CACHE", paths.cache_folder),
        ("TOKENFLOW_TAKES", paths.takes_folder),
        ("TOKENFLOW_MODELS", paths.models_folder),
        ("TOKENFLOW_STATE", paths.state_folder),
    ],
)
def test_the_environment_moves_a_folder(variable, folder, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.delenv(variable)
    assert "tokenflow-studio" in folder().parts
