"""`models`: the list, and whether one can be used."""

import json
from pathlib import Path

import pytest

from tokenflow_studio.cli import main


def test_add_list_remove(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sd").mkdir()
    assert main(["models", "add", str(tmp_path / "sd"), "--name", "mine"]) == 0
    assert main(["models", "list"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in said] == [
        ["mine", "folder"], ["demo", "demo"], ["mine", "folder"],
    ]  # fmt: skip
    assert main(["models", "remove", "mine"]) == 0
    assert main(["models", "list", "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [model["name"] for model in result["models"]] == ["demo"]
    assert (tmp_path / "sd").is_dir()


@pytest.mark.usefixtures("fake_worker")
def test_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "check", "demo"]) == 0
    assert capsys.readouterr().out == "demo: a small model\n"
    assert main(["models", "check", "other"]) == 2
    assert "There is no model other." in capsys.readouterr().err
