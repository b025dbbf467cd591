"""A short clip and a way to run jobs in this process."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tokenflow_studio.core.job import JobEvent, JobKind, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.jobs.run import run_job
from tokenflow_studio.media.encoding import write_movie


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def moving_square(frames: int, width: int = 40, height: int = 28, seed: int = 0) -> list[Any]:
    """Pictures (H, W, 3) of a textured square that wanders over a textured ground."""
    random = np.random.default_rng(seed)
    ground = random.random((height, width, 3), np.float32) * 0.4
    square = random.random((10, 10, 3), np.float32) * 0.5 + 0.5
    pictures = []
    for frame in range(frames):
        picture = ground.copy()
        left = frame % (width - 10)
        picture[8:18, left : left + 10] = square
        pictures.append(picture)
    return pictures


@pytest.fixture
def clip(tmp_path: Path) -> Callable[[int], Path]:
    """Writes a movie of so many frames and gives its path."""

    def write(frames: int) -> Path:
        path = tmp_path / f"clip{frames}.mp4"
        write_movie(path, moving_square(frames), Fraction(24))
        return path

    return write


class Runner:
    """Runs jobs with the tiny model and keeps their events."""

    def __init__(self, model: Path) -> None:
        self.model = str(model)
        self.events: list[JobEvent] = []

    def order(self, clip: Path, *, kind: JobKind = JobKind.EDIT, **options: Any) -> JobOrder:
        names = ("output", "overwrite", "start_frame", "takes", "least_version", "keep_movie")
        of_order = {name: options.pop(name) for name in names if name in options}
        options.setdefault("prompt", "a red ball")
        options.setdefault("keyframe_interval", 4)
        request = EditRequest(clip=str(clip), model=self.model, device="cpu", **options)
        return JobOrder(request=request, kind=kind, **of_order)

    def __call__(self, clip: Path, **options: Any) -> Path:
        """Run the order; gives the folder of the result."""
        return Path(self.run(self.order(clip, **options)).folder)

    def run(self, order: JobOrder, cancelled: Callable[[], bool] = lambda: False) -> JobEvent:
        self.events = []
        return run_job(order, self.events.append, cancelled)


@pytest.fixture
def job(tiny_model: Path) -> Runner:
    return Runner(tiny_model)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a result by relative name, but those that tell times."""
    timed = ("report.json", "log.txt")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in timed
    }
