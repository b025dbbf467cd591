"""The compute thread: takes one job after the other and survives whatever a job does."""

import logging
from collections.abc import Callable

from tokenflow_studio.core.errors import Cancelled, StudioError
from tokenflow_studio.core.job import EventKind, JobEvent, JobOrder
from tokenflow_studio.worker.jobs_queue import JobsQueue, QueuedJob, cancelled_event

RunJob = Callable[[JobOrder, Callable[[JobEvent], None], Callable[[], bool]], JobEvent]

_OUT_OF_MEMORY = ("OutOfMemoryError", "MemoryError")  # torch's by name: it is not imported here
_log = logging.getLogger(__name__)


def compute_jobs(queue: JobsQueue, run_job: RunJob) -> None:
    """Run the queue's jobs on this thread until the queue is closed."""
    for job in queue.orders():
        _log.info("job %s starts: %s %s", job.order.id, job.order.kind, job.order.request.to_json())
        last = job.log.append(_outcome(job, run_job))
        _log.info("job %s ends: %s %s", job.order.id, last.kind, last.message)


def _outcome(job: QueuedJob, run_job: RunJob) -> JobEvent:
    """The job's final event."""

    def emit(event: JobEvent) -> None:
        job.log.append(event)

    try:
        return run_job(job.order, emit, job.cancelled.is_set)
    except Cancelled:
        return cancelled_event()
    except StudioError as error:
        _log.warning("job %s stopped", job.order.id, exc_info=error)
        return JobEvent(kind=EventKind.FAILED, message=str(error), exit_code=error.exit_code)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - no job may end the others
        _log.error("job %s broke", job.order.id, exc_info=error)
        return JobEvent(kind=EventKind.FAILED, message=_sentence(error), exit_code=1)


def _sentence(error: BaseException) -> str:
    if type(error).__name__ in _OUT_OF_MEMORY:
        return (
            "The device ran out of memory: work at a smaller size, or close other programs "
            "that use it."
        )
    cause = " ".join(str(error).split())[:200]
    detail = f"{type(error).__name__}: {cause}" if cause else type(error).__name__
    return f"The job broke off with an unexpected fault ({detail}); the worker's log has more."
