"""What the worker process can do, and the real thing behind it, imported on first use."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tokenflow_studio.core.job import JobEvent, JobOrder
from tokenflow_studio.core.models import resolve_model
from tokenflow_studio.worker.compute import RunJob
from tokenflow_studio.worker.info import ClipScores, ModelReport


@dataclass(frozen=True, slots=True)
class Device:
    """The device that computes, in words, and the version of torch."""

    name: str
    torch: str


@dataclass(frozen=True, slots=True)
class Duties:
    """run_job: computes an order; check_model(name, base, download): raises BadInput for a model
    that cannot be used; score_clip(clip, prompt, scorer): raises BadInput for either of them;
    find_device: may take seconds; device_memory: bytes free and in all of the device's own memory,
    zeros where it has none."""

    run_job: RunJob
    check_model: Callable[[str, str, bool], ModelReport]
    score_clip: Callable[[str, str, str], Iterator[ClipScores]]
    find_device: Callable[[], Device]
    device_memory: Callable[[], tuple[int, int]] = lambda: (0, 0)


def studio_duties() -> Duties:
    """The program's own."""
    return Duties(_run_job, _check_model, _score_clip, _find_device, _device_memory)


def _run_job(
    order: JobOrder, emit: Callable[[JobEvent], None], cancelled: Callable[[], bool]
) -> JobEvent:
    from tokenflow_studio.jobs.run import run_job

    return run_job(order, emit, cancelled)


def _check_model(name: str, base: str, download: bool) -> ModelReport:
    """Loads the model, since only that shows that it works: in main memory, so that a job on the
    GPU keeps its room, and in half floats, which take half of it."""
    from tokenflow_studio.engine.loading import describe, load_model

    entry = resolve_model(name, base)
    spec = entry.asked_as
    model = load_model(
        spec, base=entry.base or None, device="cpu", dtype="float16", download=download
    )
    return ModelReport(entry.location, describe(model))


def _score_clip(clip: str, prompt: str, scorer: str) -> Iterator[ClipScores]:
    from tokenflow_studio.jobs.scoring import score_clip

    for total, found in score_clip(clip, prompt, scorer):
        yield ClipScores(found.frames, total, found.prompt_match, found.frame_consistency)


def _find_device() -> Device:
    import torch

    from tokenflow_studio.engine.devices import resolve_device

    match resolve_device("auto").type:
        case "cuda":
            properties = torch.cuda.get_device_properties(0)
            name = f"{properties.name}, {properties.total_memory / 2**30:.0f} GB"
        case "mps":
            name = "Apple GPU"
        case _:
            cores = os.cpu_count() or 1
            name = f"CPU, {cores} core{'s' if cores > 1 else ''}"
    return Device(name, torch.__version__)


def _device_memory() -> tuple[int, int]:
    """Asked for often, so it never is what loads torch."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return 0, 0
    free, total = torch.cuda.mem_get_info()
    return int(free), int(total)
