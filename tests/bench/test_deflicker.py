"""`bench deflicker`: the figures that are promised, small."""

import json

import pytest

from tokenflow_studio.bench.deflicker import DeflickerPlan, measure_deflicker
from tokenflow_studio.cli import bench, main
from tokenflow_studio.cli.arguments import parse

SMALL = DeflickerPlan(size=(48, 64), frames=6, pace_size=(48, 64), pace_frames=4)


def test_defaults() -> None:
    options = parse(["bench", "deflicker"])
    assert (options.frames, options.clip, options.json) == (24, "", False)


def test_every_table_and_what_it_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "measure_deflicker", lambda _, tell: measure_deflicker(SMALL, tell))
    assert main(["bench", "deflicker", "--json"]) == 0
    *measured, result = map(json.loads, capsys.readouterr().out.splitlines())
    truth, cut, light, pace = (table["rows"] for table in result["tables"])
    assert len(measured) == len(truth) + len(cut) + len(light) + len(pace)
    assert len(truth) == 15
    assert {row["beats FFmpeg"] for row in truth} == {"yes"}
    for row in cut:
        assert row["with source: 8-bit codes"] == row["without: 8-bit codes"] == 0
        assert row["FFmpeg: 8-bit codes"] > 1
    for row in light:
        assert row["error in the highlight"] < 0.05
        assert 16 * 0.9 < row["largest value"] < 16 * 1.15
        assert row["smallest value"] > 0
    assert [row["frames"] for row in pace] == [4, 16]
    assert all(row["processor s per frame"] > 0 for row in pace)
