"""A worker in the test's own process, and frames to work on."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import EventKind, JobEvent, JobKind, JobOrder, Stage
from tokenflow_studio.core.paths import cache_folder, takes_folder
from tokenflow_studio.ui.state.marks import planned_keyframes
from tokenflow_studio.ui.threads.cache import frame_file
from tokenflow_studio.worker.info import ModelReport, WorkerInfo
from tokenflow_studio.worker.phase import WorkerPhase

SIZE = (64, 48)


def frame_colour(number: int, edited: bool = False) -> tuple[int, int, int]:
    """What a frame is filled with."""
    level = number * 7 % 200
    return (200, level, 30) if edited else (level, 100, 220 - level)


def write_frames(folder: Path, numbers: Iterable[int], edited: bool = False) -> None:
    """Write one plain PNG per number."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        pixels = np.full((SIZE[1], SIZE[0], 3), frame_colour(number, edited), np.uint8)
        image = QImage(pixels.data, *SIZE, 3 * SIZE[0], QImage.Format.Format_RGB888)
        assert image.save(str(frame_file(str(folder), number)))


def machine(**fields: object) -> WorkerInfo:
    """What a worker tells about the machine."""
    told: dict[str, object] = {
        "version": "1", "pid": 7, "engine_ready": True, "device": "CPU, 2 cores",
        "torch": "2.13.0", "memory_total": 24 * 2**30, "memory_free": 12 * 2**30,
        "cache_free": 2**30, "takes_free": 2**30, "log_file": "/tmp/worker.log",
    }  # fmt: skip
    return WorkerInfo(**{**told, **fields})


class ScriptedWorker:
    """Makes its frames at once. `hold` set: it waits before the last frame until `go` is set;
    `notice` set: it says so first; `failure` set: it fails with that message instead of
    finishing."""

    def __init__(self) -> None:
        self.orders: list[JobOrder] = []
        self.hold = False
        self.go = threading.Event()
        self.notice = ""
        self.failure = ""
        self.exit_code = 1
        self.closed = False
        self._cancelled: set[str] = set()
        self.called = False
        self.lost = False
        self.restarts = 0
        self.machine = machine()

    def run(self, order: JobOrder) -> Iterator[JobEvent]:
        """The events of a job, as the real worker gives them."""
        self.called = True
        self.orders.append(order)
        name = order.id
        numbers = self._numbers(order)
        if self.notice:
            yield JobEvent(kind=EventKind.NOTICE, job=name, message=self.notice)
        yield JobEvent(kind=EventKind.PROGRESS, job=name, stage=Stage.INVERT, step=1, total=2,
                       fraction=0.4, elapsed=3.0, eta=9.0)  # fmt: skip
        folder = self._folder(order)
        for number in numbers[:-1]:
            yield self._frame(order, folder, number)
        while self.hold and not self.go.wait(0.01):
            if name in self._cancelled or self.closed:
                yield JobEvent(kind=EventKind.CANCELLED, job=name, exit_code=3)
                return
        if self.failure:
            yield JobEvent(kind=EventKind.FAILED, job=name, message=self.failure,
                           exit_code=self.exit_code)  # fmt: skip
            return
        yield self._frame(order, folder, numbers[-1])
        if order.kind is JobKind.EDIT and Path(order.request.clip).suffix == ".png":
            write_frames(folder / "plates", numbers, edited=True)
        (folder / "request.json").write_text(order.request.to_json())
        yield JobEvent(kind=EventKind.DONE, job=name, folder=str(folder))

    def cancel(self, job_id: str) -> None:
        """Stop that job where it holds."""
        self._cancelled.add(job_id)

    @property
    def phase(self) -> WorkerPhase:
        """It runs once it was called, and dies when the test says so."""
        if self.lost:
            return WorkerPhase.LOST
        return WorkerPhase.UP if self.called and not self.closed else WorkerPhase.STOPPED

    def info(self, wait: float = 120.0) -> WorkerInfo:
        """What it would run on."""
        self.called = True
        return self.machine

    def check_model(self, name: str, base: str = "") -> ModelReport:
        """Refuses what is named so."""
        self.called = True
        if "bad" in name:
            raise BadInput(f"The model {name} lacks its text encoder.")
        return ModelReport(name, "A model of SD 2.x.")

    def restart(self) -> None:
        """Live again."""
        self.called, self.lost = True, False
        self.restarts += 1

    def close(self) -> None:
        """End."""
        self.closed = True

    def _numbers(self, order: JobOrder) -> tuple[int, ...]:
        frames = order.request.frames
        if frames is None:
            names = sorted(Path(order.request.clip).parent.glob("*.png"))
            numbers = tuple(int(path.stem.rpartition(".")[2]) for path in names)
        else:
            numbers = tuple(frames)
        if order.kind is JobKind.EDIT:
            return numbers
        kept = set(order.request.keyframes or ()) or set(
            planned_keyframes(FrameRange(numbers[0], numbers[-1]), order.request.keyframe_interval)
        )
        return tuple(number for number in numbers if number in kept)

    def _folder(self, order: JobOrder) -> Path:
        if order.kind is JobKind.KEYFRAMES:
            return cache_folder() / "previews" / order.id
        root = Path(order.takes or takes_folder()) / "plate"
        return root / f"v{len(list(root.glob('v*'))) + 1:03d}"

    def _frame(self, order: JobOrder, folder: Path, number: int) -> JobEvent:
        write_frames(folder / "frames", [number], edited=True)
        return JobEvent(kind=EventKind.FRAMES, job=order.id, frames=(number,),
                        folder=str(folder / "frames"))  # fmt: skip
