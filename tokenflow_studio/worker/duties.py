"""What the worker process can do, and the real thing behind it, imported on first use."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from tokenflow_studio.core.job import JobEvent, JobOrder
from tokenflow_studio.core.models import DEMO, ModelKind, resolve_model
from tokenflow_studio.worker.compute import RunJob
from tokenflow_studio.worker.info import ModelReport


@dataclass(frozen=True, slots=True)
class Device:
    """The device that computes, in words, and the version of torch."""

    name: str
    torch: str


@dataclass(frozen=True, slots=True)
class Duties:
    """run_job: computes an order; check_model(name, base, download): raises BadInput for a model
    that cannot be used; find_device: may take seconds."""

    run_job: RunJob
    check_model: Callable[[str, str, bool], ModelReport]
    find_device: Callable[[], Device]


def studio_duties() -> Duties:
    """The program's own."""
    return Duties(_run_job, _check_model, _find_device)


def _run_job(
    order: JobOrder, emit: Callable[[JobEvent], object], cancelled: Callable[[], bool]
) -> JobEvent:
    from tokenflow_studio.jobs.run import run_job

    return run_job(order, emit, cancelled)


def _check_model(name: str, base: str, download: bool) -> ModelReport:
    """Loads the model, since only that shows that it works; half floats take half the memory."""
    from tokenflow_studio.engine.loading import load_model

    entry = resolve_model(name, base)
    spec = DEMO if entry.kind is ModelKind.DEMO else entry.location
    model = load_model(
        spec, base=entry.base or None, device="cpu", dtype="float16", download=download
    )
    width, height = model.settings.native_size
    weights = sum(number.numel() for number in model.unet.parameters()) / 1e6
    summary = f"{width}x{height} pixels, UNet of {weights:.0f} million weights"
    return ModelReport(entry.location, " ".join((summary, *model.notices)))


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
