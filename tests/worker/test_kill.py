"""The worker is killed at any moment of a job: the next one goes on, and the result is the same."""

import logging
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.job import EventKind, JobEvent, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.encoding import write_movie
from tokenflow_studio.worker.client import WorkerClient

_FRAMES = 9
_TELLS_TIMES = ("report.json", "log.txt")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Undisturbed:
    """What a run that nobody disturbed made, and how many seconds its job took."""

    files: dict[str, bytes]
    seconds: float


@pytest.fixture
def place(
    tmp_path: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], JobOrder]:
    """Makes the order of one and the same edit in fresh folders of their own."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # so small a model gains nothing from more
    clip = tmp_path / "clip.mp4"
    noise = np.random.default_rng(0)
    write_movie(clip, [noise.random((32, 32, 3), np.float32) for _ in range(_FRAMES)], Fraction(24))

    def make(name: str) -> JobOrder:
        folder = tmp_path / name
        monkeypatch.setenv("TOKENFLOW_CACHE", str(folder / "cache"))
        monkeypatch.setenv("TOKENFLOW_TAKES", str(folder / "takes"))
        request = EditRequest(
            clip=str(clip), prompt="a red ball", model=str(tiny_model), keyframe_interval=4,
            device="cpu", steps=4, inversion_steps=8,
        )  # fmt: skip
        return JobOrder(request=request, output=str(folder / "out" / "movie.mp4"))

    return make


@pytest.fixture
def undisturbed(place: Callable[[str], JobOrder]) -> Undisturbed:
    order = place("undisturbed")
    with WorkerClient.launch() as worker:
        events = worker.run(order)
        next(events)
        started = time.monotonic()
        last = list(events)[-1]
        seconds = time.monotonic() - started
    assert last.kind is EventKind.DONE, last.message
    return Undisturbed(made(last), seconds)


def made(last: JobEvent) -> dict[str, bytes]:
    """Every file of the take and beside the output; what a killed worker left would be there."""
    found: dict[str, bytes] = {}
    for name, folder in (("take", Path(last.folder)), ("out", Path(last.output).parent)):
        for path in folder.rglob("*"):
            if path.is_file() and path.name not in _TELLS_TIMES:
                found[f"{name}/{path.relative_to(folder)}"] = path.read_bytes()
    return found


def run_with_deaths(order: JobOrder, moments: list[float]) -> tuple[JobEvent, int]:
    """The job's last event, and how many workers were killed before: one at each of the moments
    (seconds after its first event), if the job took as long."""
    deaths = 0
    for moment in moments:
        with WorkerClient.launch() as worker:
            events = worker.run(order)
            next(events)
            timer = threading.Timer(moment, os.kill, (worker.pid, signal.SIGKILL))
            timer.start()
            try:
                return list(events)[-1], deaths
            except WorkerLost:
                deaths += 1
            finally:
                timer.cancel()
                timer.join()
    with WorkerClient.launch() as worker:
        return list(worker.run(order))[-1], deaths


@pytest.mark.parametrize(
    "kills", [1, pytest.param(30, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])]
)
def test_a_killed_job_ends_as_if_undisturbed(
    kills: int, place: Callable[[str], JobOrder], undisturbed: Undisturbed
) -> None:
    seed = random.randrange(2**32)
    _log.warning("seed %d", seed)
    moments = random.Random(seed)
    deaths = attempt = 0
    while deaths < kills:
        attempt += 1
        left = [
            moments.uniform(0, 0.4 * undisturbed.seconds) for _ in range(min(3, kills - deaths))
        ]
        last, died = run_with_deaths(place(f"killed{attempt}"), left)
        deaths += died
        assert last.kind is EventKind.DONE, last.message
        assert made(last) == undisturbed.files, f"seed {seed}, moments {left}"
