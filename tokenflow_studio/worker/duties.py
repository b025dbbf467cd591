"""What the worker process can do, and the real thing behind it, imported on first use."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from tokenflow_studio.core.job import JobEvent, JobOrder
from tokenflow_studio.worker.compute import RunJob
from tokenflow_studio.worker.info import ModelReport


@dataclass(frozen=True, slots=True)
class Device:
    """The device that computes, in words, and the version of torch."""

    name: str
    torch: str


@dataclass(frozen=True, slots=True)
class Duties:
    """run_job: computes an order; check_model(name, base): raises BadInput for a model that cannot
    be used; find_device: may take seconds."""

    run_job: RunJob
    check_model: Callable[[str, str], ModelReport]
    find_device: Callable[[], Device]


def studio_duties() -> Duties:
    """The program's own."""
    return Duties(_run_job, _check_model, _find_device)


def _run_job(
    order: JobOrder, emit: Callable[[JobEvent], object], cancelled: Callable[[], bool]
) -> JobEvent:
    from tokenflow_studio.jobs.run import run_job

    return run_job(order, emit, cancelled)


def _check_model(name: str, base: str) -> ModelReport:
    raise NotImplementedError


def _find_device() -> Device:
    import torch

    if torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(0)
        name = f"{properties.name}, {properties.total_memory / 2**30:.0f} GB"
    elif torch.backends.mps.is_available():
        name = "Apple GPU"
    else:
        cores = os.cpu_count() or 1
        name = f"CPU, {cores} core{'s' if cores > 1 else ''}"
    return Device(name, torch.__version__)
