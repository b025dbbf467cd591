"""`bench` on the command line."""

import json
from pathlib import Path

import pytest

from tokenflow_studio.bench import quality
from tokenflow_studio.bench.pairs import PAIRS
from tokenflow_studio.cli import bench, main
from tokenflow_studio.cli.arguments import parse
from tokenflow_studio.core.errors import BadInput


def test_defaults() -> None:
    options = parse(["bench", "speed"])
    assert (options.benchmark, options.frames, options.model) == ("speed", 40, "demo")
    options = parse(["bench", "quality", "--small", "-o", "out"])
    assert (options.small, options.output) == (True, "out")
    assert quality.QualityPlan().pnp_attention == 0.5
    assert parse(["bench", "inversion"]).frames == 4
    with pytest.raises(BadInput, match="frames"):
        parse(["bench", "speed", "--frames", "0"])
    with pytest.raises(BadInput, match="BENCHMARK"):
        parse(["bench"])


def test_small_is_what_it_says() -> None:
    assert len(quality.QualityPlan().pairs) >= 12
    assert (len(quality.SMALL.pairs), quality.SMALL.frames, quality.SMALL.steps) == (4, 16, 25)


@pytest.mark.slow
@pytest.mark.timeout(580)  # a worker and a process for the features start; the machine may be busy
def test_a_run_and_a_second_one_from_its_store(
    tiny_model: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = quality.QualityPlan(pairs=PAIRS[:1], frames=5, steps=2)
    monkeypatch.setattr(bench, "SMALL", plan)
    line = ["bench", "quality", "--small", "--model", str(tiny_model), "-o", str(tmp_path)]
    assert main([*line, "--json"]) == 0
    *measured, result = map(json.loads, capsys.readouterr().out.splitlines())
    consistency, reconstruction = (table["rows"] for table in result["tables"])
    assert len(measured) == 10
    assert [row["method"] for row in consistency] == [
        "source", "autoencoder only", "per-frame PnP", "extended attention only",
        "fixed keyframes", *(f"TokenFlow, {b} blend" for b in ("paper", "linear", "published")),
        "TokenFlow + deflicker",
    ]  # fmt: skip
    assert all(row["warp error x10^-3"] > 0 for row in consistency)
    assert all(row["over 4 frames"] > 0 for row in consistency)
    techniques = {row["variant"]: row["settings"]["technique"] for row in measured}
    assert "attention=0.5" in techniques["per-frame PnP"]
    assert "attention=0.0" in techniques["DDIM inversion"]
    assert [row["method"] for row in reconstruction] == [
        "autoencoder only", "DDIM inversion", "TokenFlow reconstruction",
    ]  # fmt: skip
    folder = tmp_path / "quality"
    assert all(
        (folder / k / f"{PAIRS[0].name}-5.png").is_file() for k in ("sheets", "slices", "features")
    )
    assert not (folder / "cache").exists()

    assert main(line) == 0
    printed, progress = capsys.readouterr()
    assert "Table 1: consistency, 1 clips of 5 frames" in printed
    assert "Table 2: reconstruction" in printed
    assert progress == ""  # all of it was in the store


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert main(["bench", "quality", "--model", str(tmp_path / "none")]) == 2
