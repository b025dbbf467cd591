"""The jobs of one worker: they wait in line, and one at a time computes."""

import threading
from collections import deque
from collections.abc import Iterator

from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.job import FINAL, EventKind, JobEvent, JobOrder
from tokenflow_studio.worker.event_log import EventLog
from tokenflow_studio.worker.job_state import JobState

_FINISHED_KEPT = 200  # finished jobs whose events can still be asked for


class UnknownJob(JobFailed):
    """This worker process knows no such job."""


class QueuedJob:
    """One order, its events, and the flag that stops it."""

    def __init__(self, order: JobOrder) -> None:
        self.order = order
        self.log = EventLog(order.id)
        self.cancelled = threading.Event()
        self.started = False

    @property
    def state(self) -> JobState:
        """Where the job stands, as its last event tells."""
        last = self.log.last
        if last is not None and last.kind in FINAL:
            return JobState(last.kind)
        return JobState.RUNNING if self.started else JobState.WAITING


class JobsQueue:
    """First come, first served. Safe to use from several threads."""

    def __init__(self) -> None:
        self._jobs: dict[str, QueuedJob] = {}
        self._waiting: deque[QueuedJob] = deque()
        self._closed = False
        self._changed = threading.Condition()

    def submit(self, order: JobOrder) -> QueuedJob:
        """Queue the order; the same order again is the same job.

        Raises BadInput when its id belongs to another order.
        """
        with self._changed:
            known = self._jobs.get(order.id)
            if known is not None:
                if known.order != order:
                    raise BadInput(f"The job id {order.id} already belongs to another order.")
                return known
            job = self._jobs[order.id] = QueuedJob(order)
            self._waiting.append(job)
            self._forget_old()
            self._changed.notify_all()
            return job

    def find(self, job_id: str) -> QueuedJob:
        """The job of this id. Raises UnknownJob."""
        with self._changed:
            try:
                return self._jobs[job_id]
            except KeyError:
                raise UnknownJob(f"This worker has no job {job_id}: start it again.") from None

    def jobs(self) -> list[QueuedJob]:
        """All jobs, oldest first."""
        with self._changed:
            return list(self._jobs.values())

    def cancel(self, job_id: str) -> QueuedJob:
        """Stop a job: at once while it waits, within one step while it runs. Raises UnknownJob."""
        job = self.find(job_id)
        job.cancelled.set()
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)
                job.log.append(cancelled_event())
        return job

    def close(self) -> None:
        """Take no more jobs out of the line, and stop the one that runs."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for job in self.jobs():
            job.cancelled.set()

    def orders(self) -> Iterator[QueuedJob]:
        """The jobs to compute, each when its turn comes; ends when the queue is closed."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._waiting)
                if self._closed:
                    return
                job = self._waiting.popleft()
                job.started = True
            yield job

    def _forget_old(self) -> None:
        finished = [job.order.id for job in self._jobs.values() if job.state in _ENDED]
        for job_id in finished[:-_FINISHED_KEPT]:
            del self._jobs[job_id]


_ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


def cancelled_event() -> JobEvent:
    """The final event of a job that the user stopped."""
    return JobEvent(
        kind=EventKind.CANCELLED,
        message="The job was cancelled; what was computed is kept.",
        exit_code=3,
    )
