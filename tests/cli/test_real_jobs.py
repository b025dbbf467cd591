"""Commands with the real worker and a tiny model: the files that they leave."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tokenflow_studio.cli import main
from tokenflow_studio.core.paths import resource, takes_folder
from tokenflow_studio.core.request import EditRequest


@pytest.fixture
def line(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What all commands here are given."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # so small a model gains nothing from more
    clip = str(resource("demo", "clip.mp4"))
    options = "--frames 0-4 --keyframe-interval 2 --steps 2 --inversion-steps 4 --size 64x64"
    return [clip, "-p", "a golden ball", "--model", str(tiny_model), *options.split()]


def test_edit(line: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out" / "ball.####.png"
    assert main(["edit", *line, "-o", str(out), "--start-frame", "1001", "--json"]) == 0
    names = [path.name for path in sorted(out.parent.iterdir())]
    assert names == [f"ball.{number}.png" for number in range(1001, 1006)]
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["output"] == str(out)
    take = Path(result["folder"])
    assert take.is_relative_to(takes_folder())
    assert {path.name for path in take.iterdir()} >= {
        "frames", "side_by_side.mp4", "contact_sheet.png", "report.json", "request.json",
    }  # fmt: skip


def test_keyframes(line: list[str], tmp_path: Path) -> None:
    out = tmp_path / "preview"
    assert main(["keyframes", *line, "-o", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "contact_sheet.png", "frames", "report.json", "request.json",
    ]  # fmt: skip
    assert len(list((out / "frames").glob("????.png"))) == 3
    assert EditRequest.from_json((out / "request.json").read_bytes()).prompt == "a golden ball"


def pixels(path: Path) -> np.ndarray:
    """What a picture holds, whatever it says of how it was made."""
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


def test_an_edit_keeps_the_keyframes_that_were_left_in_the_folder(
    line: list[str], tmp_path: Path
) -> None:
    preview, out = tmp_path / "preview", tmp_path / "out"
    assert main(["keyframes", *line, "-o", str(preview)]) == 0
    previewed = {path.name: pixels(path) for path in (preview / "frames").iterdir()}
    left_out = min(previewed)
    (preview / "frames" / left_out).unlink()
    approved = ["--approved", str(preview)]
    assert main(["edit", *line, *approved, "-o", str(out / "####.png")]) == 0
    for name in previewed.keys() - {left_out}:
        assert np.array_equal(pixels(out / name), previewed[name])


@pytest.mark.slow
def test_keyframes_edit_again_what_was_removed_from_the_folder(
    line: list[str], tmp_path: Path
) -> None:
    preview, again = tmp_path / "preview", tmp_path / "again"
    assert main(["keyframes", *line, "-o", str(preview)]) == 0
    previewed = {path.name: path.read_bytes() for path in (preview / "frames").iterdir()}
    left_out = min(previewed)
    (preview / "frames" / left_out).unlink()
    rolled = [*line, "--approved", str(preview), "--seed", "3", "--variation", "0.5"]
    assert main(["keyframes", *rolled, "-o", str(again)]) == 0
    for name, content in previewed.items():
        assert ((again / "frames" / name).read_bytes() == content) is (name != left_out)
