"""What stands in for the worker while the gallery is made."""

import threading
from collections.abc import Iterator

from tokenflow_studio.core.job import JobEvent, JobOrder
from tokenflow_studio.worker.info import ModelReport, WorkerInfo
from tokenflow_studio.worker.phase import WorkerPhase


class SilentClient:
    """Stands in for the worker: it takes orders and says nothing until it is closed."""

    lost = False  # whether it has died, for all of them

    def __init__(self) -> None:
        self._over = threading.Event()

    def run(self, order: JobOrder) -> Iterator[JobEvent]:
        """Wait: the gallery itself tells the studio what happened."""
        self._over.wait()
        yield from ()

    def cancel(self, job_id: str) -> None:
        """Nothing runs."""

    @property
    def phase(self) -> WorkerPhase:
        """As if it ran, or had died."""
        return WorkerPhase.LOST if self.lost else WorkerPhase.UP

    def info(self, wait: float = 120.0) -> WorkerInfo:
        """A machine as many have it."""
        return WorkerInfo(
            version="", pid=0, engine_ready=True, device="NVIDIA RTX 4090, 24 GB", torch="2.13.0",
            memory_total=64 * 2**30, memory_free=40 * 2**30, cache_free=900 * 2**30,
            takes_free=900 * 2**30, log_file="", device_total=24 * 2**30,
            device_free=21 * 2**30,
        )  # fmt: skip

    def check_model(self, name: str, base: str = "") -> ModelReport:
        """Every model is fine."""
        return ModelReport(name, "A model of SD 2.x that works at 512x512 pixels.")

    def restart(self) -> None:
        """Nothing runs."""

    def close(self) -> None:
        """Let go of the order."""
        self._over.set()
