"""The way to the worker for the window and the commands."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

import grpc

from tokenflow_studio.core.errors import BadInput, JobFailed, WorkerLost
from tokenflow_studio.core.job import FINAL, JobEvent, JobOrder
from tokenflow_studio.worker.info import (
    ClipScores,
    ModelReport,
    WorkerInfo,
    info_from_message,
    scores_from_message,
)
from tokenflow_studio.worker.job_state import JobState
from tokenflow_studio.worker.messages import event_from_message, order_to_message, state_from_wire
from tokenflow_studio.worker.process import WorkerProcess, worker_command
from tokenflow_studio.worker.transport import TLS, connect, default_transport, remove_socket
from tokenflow_studio.worker.v1 import worker_pb2 as pb
from tokenflow_studio.worker.v1.worker_pb2_grpc import WorkerServiceStub

_UNARY = 5.0  # seconds
_START = 30.0
_CHECK = 120.0  # a model's weights may lie on a slow disk, and torch may still be loading
_REPEATS = (0.05, 0.2, 0.8)  # seconds before a call is tried again
_CLOSED = "The worker was closed."
_LOST = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED})

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class WorkerClient:
    """A worker process and the channel to it. Safe to use from several threads.

    Every method that calls the worker raises WorkerLost when it is dead or does not answer.
    """

    def __init__(self, process: WorkerProcess, channel: grpc.Channel) -> None:
        """Use `launch`."""
        self._process = process
        self._channel = channel
        self._stub = WorkerServiceStub(channel)
        self._closing = threading.Lock()
        self._closed = False

    @classmethod
    def launch(cls, command: Sequence[str] | None = None, transport: str | None = None) -> Self:
        """Start a worker process and wait until it can be called, at most 20 s.

        command: another worker's command line; transport: "unix" or "tls", None for what this
        system offers. Raises WorkerLost when the worker does not come up.
        """
        started = time.monotonic()
        identity = None
        if (transport := transport or default_transport()) == TLS:
            from tokenflow_studio.worker.certificates import make_identity

            identity = make_identity()
        certificate = identity.certificate.decode() if identity else ""
        process = WorkerProcess(command or worker_command(), transport, certificate)
        try:
            answer = process.answer
            channel = connect(answer.address, process.token, answer.certificate, identity)
        except BaseException:
            process.end(0.0)
            raise
        _log.info("worker %d is up after %.2f s", process.pid, time.monotonic() - started)
        return cls(process, channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the worker process runs and this client is open."""
        return not self._closed and self._process.alive

    @property
    def pid(self) -> int:
        """The worker's process number."""
        return self._process.pid

    def info(self, wait: float = 120.0) -> WorkerInfo:
        """What the worker runs on; waits up to `wait` seconds until the engine is ready."""
        request = pb.GetInfoRequest(wait_seconds=wait)
        return info_from_message(self._call(self._stub.GetInfo, request, wait + _UNARY))

    def start(self, order: JobOrder) -> None:
        """Queue the order; repeating this changes nothing. Raises BadInput for a bad order."""
        self._call(self._stub.StartJob, order_to_message(order), _START)

    def states(self) -> dict[str, JobState]:
        """The jobs of this worker by id, oldest first."""
        jobs = self._call(self._stub.ListJobs, pb.ListJobsRequest()).jobs
        return {job.job_id: state_from_wire(job.state) for job in jobs}

    def watch(self, job_id: str, from_seq: int = 0) -> Iterator[JobEvent]:
        """The job's events numbered `from_seq` and above; blocks, ends after the final event.

        Leaving the iterator early leaves the job running. Raises JobFailed for an unknown job.
        """
        with self._open():
            stream = self._stub.WatchJob(pb.WatchJobRequest(job_id=job_id, from_seq=from_seq))
        try:
            for response in stream:
                event = event_from_message(response.event)
                yield event
                if event.kind in FINAL:
                    return
        except grpc.RpcError as error:
            self._translate(error)
        finally:
            stream.cancel()
        raise WorkerLost("The worker ended while the job ran; start the job again to go on.")

    def run(self, order: JobOrder) -> Iterator[JobEvent]:
        """Queue the order and give its events, the final one last."""
        self.start(order)
        yield from self.watch(order.id)

    def cancel(self, job_id: str) -> None:
        """Stop a job: its events end with CANCELLED. Raises JobFailed for an unknown job."""
        self._call(self._stub.CancelJob, pb.CancelJobRequest(job_id=job_id))

    def check_model(self, name: str, base: str = "", download: bool = False) -> ModelReport:
        """What the model is: a name of the list, a path or a hub id.

        download: fetch from the hub what is missing here, without a limit of time. Raises BadInput,
        with the reason, when the model cannot be used.
        """
        request = pb.CheckModelRequest(name=name, base=base, download=download)
        found = self._call(self._stub.CheckModel, request, None if download else _CHECK)
        return ModelReport(found.location, found.summary)

    def score(self, clip: str, prompt: str, scorer: str = "") -> Iterator[ClipScores]:
        """How well a clip fits a text: the scores of the frames so far, at last those of all.

        scorer: folder of a CLIP model, empty for the one beside the demo model. Leaving the
        iterator early stops the work. Raises BadInput for a clip or scorer that cannot be used.
        """
        request = pb.ScoreClipRequest(clip=clip, prompt=prompt, scorer=scorer)
        with self._open():
            stream = self._stub.ScoreClip(request)
        try:
            for response in stream:
                yield scores_from_message(response)
        except grpc.RpcError as error:
            self._translate(error)
        finally:
            stream.cancel()

    def close(self) -> None:
        """End the worker, also in the middle of a job, within 2 s; repeating this is harmless."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            with suppress(grpc.RpcError):
                self._stub.Shutdown(pb.ShutdownRequest(), timeout=0.3)
                self._process.wait(0.8)
            self._process.end(0.3)
            self._channel.close()
            remove_socket(self._process.answer.address)

    def kill(self) -> None:
        """End the worker without asking it."""
        self._process.kill()
        self.close()

    def ending(self) -> str:
        """How the worker process ended, as the beginning of a sentence."""
        return self._process.ending()

    def _call(
        self, method: Callable[..., _Answer], request: Any, timeout: float | None = _UNARY
    ) -> _Answer:
        """One call; each of them may be repeated without harm, so it is."""
        for pause in (*_REPEATS, None):
            with self._open():
                try:
                    return method(request, timeout=timeout)
                except grpc.RpcError as error:
                    unreached = error.code() is grpc.StatusCode.UNAVAILABLE and self.alive
                    if pause is None or not unreached:
                        self._translate(error)
            time.sleep(pause)
        raise AssertionError("the last attempt answers or raises")

    @contextmanager
    def _open(self) -> Iterator[None]:
        """gRPC raises ValueError for a call on a channel that `close` has closed meanwhile."""
        if self._closed:
            raise WorkerLost(_CLOSED)
        try:
            yield
        except ValueError as error:
            raise WorkerLost(_CLOSED) from error

    def _translate(self, error: grpc.RpcError) -> NoReturn:
        code, details = error.code(), error.details()
        match code:
            case grpc.StatusCode.INVALID_ARGUMENT:
                raise BadInput(details) from None
            case grpc.StatusCode.NOT_FOUND:
                raise JobFailed(details) from None
            case grpc.StatusCode.UNAUTHENTICATED:
                raise WorkerLost(f"The worker refused the call: {details}") from error
        if self._closed:
            raise WorkerLost(_CLOSED) from None
        if code in _LOST:
            self._process.wait(1.0)  # the exit code follows the broken channel
        if self._process.alive and code not in _LOST:
            raise WorkerLost(f"The worker did not answer as it should ({code.name}).") from error
        raise WorkerLost(
            f"{self._process.ending()}; what was computed is kept: start the job again."
        ) from error
