"""The deflicker as a stage of the job: asked for, stopped anywhere, the same to the bit."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.jobs.conftest import Runner, contents
from tokenflow_studio.core.errors import Cancelled
from tokenflow_studio.core.job import EventKind, Stage
from tokenflow_studio.jobs.model_pictures import read_model_picture

FRAMES = 20


@pytest.fixture
def settings() -> dict[str, object]:
    return {"technique": "identity", "deflicker": 1.0, "size": (40, 28)}


def test_it_runs_where_it_is_asked_for(
    job: Runner, clip: Callable[[int], Path], settings: dict[str, object]
) -> None:
    steady = job(clip(FRAMES), **settings)
    steps = [event.step for event in job.events if event.stage is Stage.DEFLICKER]
    assert steps[-1] == FRAMES
    made, result = (
        np.stack([read_model_picture(p) for p in sorted((steady / name).glob("*.png"))])
        for name in ("model", "steady")
    )
    assert made.shape == result.shape
    assert not np.array_equal(made, result)
    plain = job(clip(FRAMES), **{**settings, "deflicker": 0.0})
    assert not (plain / "steady").exists()
    assert Stage.DEFLICKER not in {event.stage for event in job.events}


def test_a_job_that_was_stopped_in_it_ends_with_the_same_bits(
    job: Runner,
    clip: Callable[[int], Path],
    settings: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    movie = clip(FRAMES)
    undisturbed = contents(job(movie, **settings))
    for name in ("TAKES", "CACHE"):
        monkeypatch.setenv(f"TOKENFLOW_{name}", str(tmp_path / name))

    def late() -> bool:
        last = [e for e in job.events if e.kind is EventKind.PROGRESS]
        return bool(last) and last[-1].stage is Stage.DEFLICKER and last[-1].step == 16

    with pytest.raises(Cancelled):
        job.run(job.order(movie, **settings), late)
    assert len(list(tmp_path.rglob("steady/*.png"))) == 16
    assert contents(job(movie, **settings)) == undisturbed
