"""A worker in this process, which spares the start of one for every command of a test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenflow_studio.core.job import JobEvent, JobOrder


class SessionHere:
    """In place of `WorkerSession`: the same stages, no wire."""

    def run(self, order: "JobOrder") -> Iterator["JobEvent"]:
        """The events of the job, once it has ended."""
        from tokenflow_studio.jobs.run import run_job  # torch only where a job runs

        events: list[JobEvent] = []
        last = run_job(order, events.append, lambda: False)
        yield from events
        if not events or events[-1] is not last:
            yield last

    def cancel(self, job: str) -> None:
        """Nothing runs beside the test."""

    def close(self) -> None:
        """Nothing was started."""
