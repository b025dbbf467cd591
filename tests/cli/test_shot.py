"""`shot list` on the timelines that others wrote."""

import json
from pathlib import Path

import pytest

from tokenflow_studio.cli import main

EDL = """TITLE: cut

001  AX       V     C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME:  sh010
002  AX       V     C        01:00:00:00 01:00:01:00 01:00:02:00 01:00:03:00
* FROM CLIP NAME:  sh020
"""


@pytest.fixture
def edl(tmp_path: Path) -> str:
    path = tmp_path / "cut.edl"
    path.write_text(EDL)
    return str(path)


def test_people_get_a_table(edl: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shot", "list", edl, "--rate", "23.976"]) == 0
    heading, columns, first, *_ = capsys.readouterr().out.splitlines()
    assert heading == "cut: 2 shots, 23.976 frames per second, starts at 01:00:00:00"
    assert columns.split() == ["shot", "track", "timeline", "source", "speed", "media"]
    assert first.split()[:4] == ["sh010", "V", "0-47", "01:00:00:00"]


def test_scripts_get_every_field(edl: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shot", "list", edl, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["kind"], result["exit_code"], result["rate"]) == ("result", 0, "24")
    assert [shot["record"] for shot in result["shots"]] == ["0-47", "48-71"]
    assert "--rate" in result["remarks"][0]


def test_a_wrong_file_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shot", "list", str(tmp_path / "none.otio")]) == 2
    assert "cannot be read" in capsys.readouterr().err
