"""The calls that the worker serves; each hands over to the queue or to the duties."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import grpc
import psutil

import tokenflow_studio
from tokenflow_studio.core.errors import StudioError
from tokenflow_studio.core.paths import cache_folder, takes_folder
from tokenflow_studio.worker.duties import Device, Duties
from tokenflow_studio.worker.info import scores_to_message
from tokenflow_studio.worker.jobs_queue import JobsQueue, QueuedJob, UnknownJob
from tokenflow_studio.worker.messages import (
    event_to_message,
    kind_to_wire,
    order_from_message,
    state_to_wire,
)
from tokenflow_studio.worker.v1 import worker_pb2 as pb
from tokenflow_studio.worker.v1.worker_pb2_grpc import WorkerServiceServicer


class Readiness:
    """Whether the engine can compute yet, and on what; a device without a name cannot."""

    def __init__(self) -> None:
        self._known = threading.Event()
        self.device = Device("", "")

    def set(self, device: Device) -> None:
        """Tell how the search for a device ended."""
        self.device = device
        self._known.set()

    def wait(self, seconds: float) -> bool:
        """Whether the engine is ready, at the latest after `seconds`."""
        return self._known.wait(seconds) and bool(self.device.name)


class WorkerService(WorkerServiceServicer):
    """worker.v1; the names of the methods are those of worker.proto."""

    def __init__(
        self,
        queue: JobsQueue,
        duties: Duties,
        readiness: Readiness,
        log_file: Path,
        shut_down: Callable[[], None],
    ) -> None:
        self._queue = queue
        self._duties = duties
        self._readiness = readiness
        self._log_file = log_file
        self._shut_down = shut_down

    def GetInfo(  # noqa: N802
        self, request: pb.GetInfoRequest, context: grpc.ServicerContext
    ) -> pb.GetInfoResponse:
        """See worker.proto."""
        memory = psutil.virtual_memory()
        ready = self._readiness.wait(request.wait_seconds)
        device_free, device_total = self._duties.device_memory() if ready else (0, 0)
        return pb.GetInfoResponse(
            engine_ready=ready,
            version=tokenflow_studio.__version__,
            pid=os.getpid(),
            device=self._readiness.device.name,
            torch_version=self._readiness.device.torch,
            memory_total=memory.total,
            memory_free=memory.available,
            cache_free=_free_disk(cache_folder()),
            takes_free=_free_disk(takes_folder()),
            log_file=str(self._log_file),
            device_total=device_total,
            device_free=device_free,
        )

    def StartJob(  # noqa: N802
        self, request: pb.StartJobRequest, context: grpc.ServicerContext
    ) -> pb.StartJobResponse:
        """See worker.proto."""
        with _refusals(context):
            job = self._queue.submit(order_from_message(request))
        return pb.StartJobResponse(state=state_to_wire(job.state))

    def ListJobs(  # noqa: N802
        self, request: pb.ListJobsRequest, context: grpc.ServicerContext
    ) -> pb.ListJobsResponse:
        """See worker.proto."""
        return pb.ListJobsResponse(jobs=[_summary(job) for job in self._queue.jobs()])

    def WatchJob(  # noqa: N802
        self, request: pb.WatchJobRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchJobResponse]:
        """See worker.proto."""
        with _refusals(context):
            log = self._queue.find(request.job_id).log
        context.add_callback(log.wake)
        for event in log.watch(request.from_seq, context.is_active):
            yield pb.WatchJobResponse(event=event_to_message(event))

    def CancelJob(  # noqa: N802
        self, request: pb.CancelJobRequest, context: grpc.ServicerContext
    ) -> pb.CancelJobResponse:
        """See worker.proto."""
        with _refusals(context):
            job = self._queue.cancel(request.job_id)
        return pb.CancelJobResponse(state=state_to_wire(job.state))

    def CheckModel(  # noqa: N802
        self, request: pb.CheckModelRequest, context: grpc.ServicerContext
    ) -> pb.CheckModelResponse:
        """See worker.proto."""
        with _refusals(context):
            report = self._duties.check_model(request.name, request.base, request.download)
        return pb.CheckModelResponse(location=report.location, summary=report.summary)

    def ScoreClip(  # noqa: N802
        self, request: pb.ScoreClipRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.ScoreClipResponse]:
        """See worker.proto."""
        with _refusals(context):
            found = self._duties.score_clip(request.clip, request.prompt, request.scorer)
            for scores in found:
                if not context.is_active():
                    return
                yield scores_to_message(scores)

    def Shutdown(  # noqa: N802
        self, request: pb.ShutdownRequest, context: grpc.ServicerContext
    ) -> pb.ShutdownResponse:
        """See worker.proto."""
        self._shut_down()
        return pb.ShutdownResponse()


@contextmanager
def _refusals(context: grpc.ServicerContext) -> Iterator[None]:
    """Errors meant for people become statuses that carry their sentence."""
    try:
        yield
    except UnknownJob as error:
        context.abort(grpc.StatusCode.NOT_FOUND, str(error))
    except StudioError as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))


def _summary(job: QueuedJob) -> pb.JobSummary:
    last = job.log.last
    return pb.JobSummary(
        job_id=job.order.id,
        kind=kind_to_wire(job.order.kind),
        state=state_to_wire(job.state),
        last_event=event_to_message(last) if last else None,
    )


def _free_disk(folder: Path) -> int:
    """Bytes free where `folder` lies or will lie."""
    for place in (folder, *folder.parents):
        with suppress(OSError):
            return psutil.disk_usage(str(place)).free
    return 0
