"""A worker process with duties that need no engine; the prompt says what a job does."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tokenflow_studio.core.errors import BadInput, Cancelled
from tokenflow_studio.core.job import EventKind, JobEvent, JobOrder, Stage
from tokenflow_studio.worker.duties import Device, Duties
from tokenflow_studio.worker.info import ClipScores, ModelReport
from tokenflow_studio.worker.server import serve

STEPS = 5


def run_job(
    order: JobOrder, emit: Callable[[JobEvent], None], cancelled: Callable[[], bool]
) -> JobEvent:
    """A few quick steps, or the misbehaviour that the prompt names."""
    os.write(1, b"a library that prints\n")
    match order.request.prompt:
        case "bad input":
            raise BadInput("clip.mp4 is empty.")
        case "fault":
            raise ZeroDivisionError("division by zero")
        case "memory":
            raise MemoryError
        case "exit":
            sys.exit("a library that exits")
        case "flood":
            for number in range(500):
                emit(JobEvent(kind=EventKind.NOTICE, message=str(number)))
                emit(_progress(number, 500))
        case "busy":
            emit(_progress(0, STEPS))
            while True:  # a step that never looks at the flag and holds on to the interpreter
                sum(range(1000))
        case "die once" | "die always":
            emit(_progress(3, STEPS))
            die(Path(order.request.clip), always=order.request.prompt == "die always")
        case "wait":
            emit(_progress(0, STEPS))
            while not cancelled():
                time.sleep(0.01)
            raise Cancelled("stopped")
    for step in range(STEPS):
        emit(_progress(step + 1, STEPS))
    emit(JobEvent(kind=EventKind.FRAMES, frames=(0, 1), folder="/takes/1/frames"))
    return JobEvent(kind=EventKind.DONE, folder="/takes/1", output=order.output)


def die(mark: Path, always: bool) -> None:
    """Fall like a worker out of memory, unless `mark` tells that it happened before."""
    if always or not mark.exists():
        mark.touch()
        time.sleep(0.05)  # the event is on its way
        os.kill(os.getpid(), signal.SIGKILL)


def check_model(name: str, base: str, download: bool) -> ModelReport:
    """Knows one model."""
    if name != "demo":
        raise BadInput(f"There is no model {name}.")
    return ModelReport("/models/demo", "a small model")


def score_clip(clip: str, prompt: str, scorer: str) -> Iterator[ClipScores]:
    """Looks at ten frames, eight at a time."""
    if scorer:
        raise BadInput(f"There is no scorer in {scorer}.")
    yield ClipScores(8, 10, 0.5 if prompt else None, 0.25)
    yield ClipScores(10, 10, 0.75 if prompt else None, 0.125)


def _progress(step: int, total: int) -> JobEvent:
    return JobEvent(
        kind=EventKind.PROGRESS,
        stage=Stage.INVERT,
        step=step,
        total=total,
        fraction=step / total,
        elapsed=0.1 * step,
        eta=None if step == 0 else 0.1 * (total - step),
    )


if __name__ == "__main__":
    device = Device("CPU, 2 cores", "0.0")
    serve(Duties(run_job, check_model, score_clip, lambda: device))
