"""The prompt match of a take in its report."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clip_model import write_clip_model
from tests.jobs.conftest import Runner
from tokenflow_studio.jobs import scoring


def test_a_report_tells_the_prompt_match_where_there_is_a_scorer(
    job: Runner, clip: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    movie = clip(3)

    def measures(prompt: str, technique: str = "pnp") -> dict[str, float]:
        steps = {"steps": 2, "inversion_steps": 2}
        take = job(movie, technique=technique, size=(32, 32), prompt=prompt, **steps)
        return json.loads((take / "report.json").read_bytes())["measures"]

    scorer = tmp_path / "scorer"
    monkeypatch.setattr(scoring, "resource", lambda *_: scorer)
    assert "prompt_match" not in measures("a ball")
    write_clip_model(scorer)
    found = measures("a red ball")
    assert -1 <= found["prompt_match"] <= 1
    assert 0.5 < found["frame_consistency"] <= 1
    assert "prompt_match" not in measures("a red ball", "identity")
