"""`shot list` on the timelines that others wrote."""

import json
from pathlib import Path

import numpy as np
import pytest

from tokenflow_studio.cli import main
from tokenflow_studio.media.stills import write_exr

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
    heading, columns, first, *rest = capsys.readouterr().out.splitlines()
    assert heading == "cut: 2 shots, 23.976 frames per second, starts at 01:00:00:00"
    assert columns.split() == ["shot", "track", "timeline", "source", "speed", "media"]
    assert first.split()[:4] == ["sh010", "V", "0-47", "01:00:00:00"]
    assert "--rate" not in " ".join(rest)
    assert main(["shot", "list", edl]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "--rate takes another one."


def test_scripts_get_every_field(edl: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shot", "list", edl, "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (result["kind"], result["exit_code"], result["rate"]) == ("result", 0, "24")
    assert [shot["record"] for shot in result["shots"]] == ["0-47", "48-71"]
    assert "does not tell its frame rate: 24" in result["remarks"][0]


def test_a_wrong_file_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shot", "list", str(tmp_path / "none.otio")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_shot_goes_out_and_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in (1001, 1002):
        write_exr(tmp_path / f"plate.{number}.exr", np.zeros((4, 6, 3), np.float32))
    clip, exchange = str(tmp_path / "plate.####.exr"), str(tmp_path / "exchange")
    sent = ["shot", "send", clip, "-o", exchange, "--rate", "24", "--colour", "ACEScg"]
    assert main([*sent, "--json"]) == 0
    *events, last = capsys.readouterr().out.splitlines()
    steps = [(event["step"], event["total"]) for event in map(json.loads, events)]
    assert steps == [(1, 2), (2, 2)]
    package = json.loads(last)["package"]
    assert main(["shot", "return", package, clip, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["version"] == "v001"
    assert main(["shot", "inspect", package, "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (found["kind"], found["colour"], found["width"]) == ("result", "ACEScg", 6)
    assert [version["frames"] for version in found["versions"]] == ["1001-1002"]
    assert main(["shot", "inspect", package]) == 0
    assert "plate_tf_v001.####.exr" in capsys.readouterr().out


def test_a_clip_can_be_asked_whether_it_decodes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_exr(tmp_path / "a.exr", np.zeros((4, 6, 3), np.float32))
    assert main(["shot", "inspect", str(tmp_path / "a.exr"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["clip_kind"] == "still"
    raw = tmp_path / "camera.braw"
    raw.write_bytes(bytes(range(256)))
    assert main(["shot", "inspect", str(raw)]) == 2
    assert main(["shot", "return", str(tmp_path), str(tmp_path / "a.exr")]) == 2
    assert "no exchange package" in capsys.readouterr().err
