"""A worker that is there when it is needed: started at the first job, and again when it dies.

Jobs resume from their checkpoints, so a job whose worker died is simply started again.
"""

import dataclasses
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

from tokenflow_studio.core.errors import Cancelled, JobFailed, StudioError, WorkerLost
from tokenflow_studio.core.job import EventKind, JobEvent, JobOrder, Stage
from tokenflow_studio.worker.client import WorkerClient
from tokenflow_studio.worker.info import ModelReport, WorkerInfo
from tokenflow_studio.worker.phase import WorkerPhase

_PAUSES = (0.5, 2.0, 8.0)  # seconds before the first, second and third restart
_WINDOW = 300.0  # seconds in which no more restarts than that are tried
_PATIENCE = 15.0  # seconds that a cancelled job may take to stop before its worker is killed

_CANCELLED = "The job was cancelled; what was computed is kept."

_log = logging.getLogger(__name__)
_Place = tuple[Stage | None, int]


class RestartPolicy:
    """How often a dead worker is started again: three times in five minutes, ever later."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._deaths: deque[float] = deque()

    def pause(self) -> float | None:
        """Count one death; seconds to wait before the restart, None when it is to be given up."""
        now = self._clock()
        while self._deaths and now - self._deaths[0] > _WINDOW:
            self._deaths.popleft()
        self._deaths.append(now)
        died = len(self._deaths)
        return _PAUSES[died - 1] if died <= len(_PAUSES) else None

    def forgive(self) -> None:
        """Forget the deaths so far."""
        self._deaths.clear()


class WorkerSession:
    """One worker at a time, replaced when it dies. Safe to use from several threads."""

    def __init__(
        self,
        launch: Callable[[], WorkerClient] = WorkerClient.launch,
        policy: RestartPolicy | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        self._launch = launch
        self._policy = policy or RestartPolicy()
        self._patience = patience
        self._lock = threading.Lock()
        self._client: WorkerClient | None = None
        self._stops: dict[str, threading.Event] = {}
        self._closed = threading.Event()
        self._hurry = threading.Event()  # someone waits for the end of a pause
        self._starting = False

    @property
    def phase(self) -> WorkerPhase:
        """Where the session stands now; never waits."""
        client = self._client
        if self._starting:
            return WorkerPhase.STARTING
        if client is None or self._closed.is_set():
            return WorkerPhase.STOPPED
        return WorkerPhase.UP if client.alive else WorkerPhase.LOST

    def client(self) -> WorkerClient:
        """The running worker; starts one where there is none yet, or no more.

        Raises WorkerLost when it does not come up, or died too often.
        """
        with self._lock:
            if self._client is not None and not self._client.alive:
                self._bury(self._client)
            if self._client is None and not self._closed.is_set():
                self._starting = True
                try:
                    self._client = self._launch()
                finally:
                    self._starting = False
            if self._client is None or self._closed.is_set():
                if self._client is not None:  # it came up after `close` had looked for it
                    self._client.close()
                raise WorkerLost("The worker was closed.")
            return self._client

    def run(self, order: JobOrder) -> Iterator[JobEvent]:
        """Compute the order; its events, numbered throughout, always end with a final one.

        A death of the worker appears as a NOTICE, and the job goes on in the next worker.
        """
        stop = self._stops.setdefault(order.id, threading.Event())
        seq = 0
        try:
            for event in self._attempts(order, stop):
                seq += 1
                yield dataclasses.replace(event, job=order.id, seq=seq)
        except StudioError as error:
            cancelled = isinstance(error, Cancelled)
            yield JobEvent(
                kind=EventKind.CANCELLED if cancelled else EventKind.FAILED,
                job=order.id,
                seq=seq + 1,
                message=str(error),
                exit_code=error.exit_code,
            )
        finally:
            self._stops.pop(order.id, None)

    def cancel(self, job_id: str) -> None:
        """Stop a job that `run` computes, within one step; harmless for any other.

        A job that does not stop in time loses its worker: what it computed lies on disk.
        """
        stop = self._stops.get(job_id)
        client = self._client
        if stop is None:
            return
        stop.set()
        self._hurry.set()
        if client is None:
            return
        timer = threading.Timer(self._patience, self._end_stuck, (job_id, stop, client))
        timer.daemon = True
        timer.start()
        try:
            client.cancel(job_id)
        except (JobFailed, WorkerLost) as error:  # `run` looks at `stop` before the next start
            _log.info("job %s could not be cancelled in this worker: %s", job_id, error)

    def info(self, wait: float = 120.0) -> WorkerInfo:
        """What the worker runs on; starts one where there is none. Raises WorkerLost."""
        return self.client().info(wait)

    def check_model(self, name: str, base: str = "") -> ModelReport:
        """Whether a model can be used; starts a worker where there is none.

        Raises BadInput with the reason when it cannot be used, WorkerLost without a worker.
        """
        return self.client().check_model(name, base)

    def restart(self) -> None:
        """End the worker and start another one; a job that runs goes on in it.

        Raises WorkerLost when it does not come up.
        """
        self._policy.forgive()
        client = self._client
        if client is not None:
            client.kill()
            with self._lock:
                if self._client is client:
                    self._client = None  # it did not die, so there is nothing to wait for
        self.client()

    def close(self) -> None:
        """End the worker, also in the middle of a job, within 2 s."""
        self._closed.set()
        self._hurry.set()
        client = self._client
        if client is not None:
            client.close()

    def kill(self) -> None:
        """End the worker without asking it."""
        self._closed.set()
        self._hurry.set()
        client = self._client
        if client is not None:
            client.kill()

    def _attempts(self, order: JobOrder, stop: threading.Event) -> Iterator[JobEvent]:
        """The events of one worker after the other. Raises StudioError when nothing helps."""
        last_death: _Place | None = None
        while True:
            place: _Place | None = None
            client = self.client()
            if stop.is_set():
                raise Cancelled(_CANCELLED)
            try:
                client.start(order)
                if stop.is_set():  # `cancel` came before the worker knew the job
                    client.cancel(order.id)
                for event in client.watch(order.id):
                    place = _place(event) or place
                    yield event
                return
            except WorkerLost as error:
                if self._closed.is_set():
                    raise
                if stop.is_set():
                    raise Cancelled(_CANCELLED) from error
                if place is not None and place == last_death:
                    raise JobFailed(_poison(place)) from error
                last_death = place
                client.kill()  # one that is alive but answers no more is of no use either
                _log.warning("the worker was lost", exc_info=error)
                notice = f"{client.ending()}; the job goes on in a new one."
                yield JobEvent(kind=EventKind.NOTICE, message=notice)

    def _end_stuck(self, job_id: str, stop: threading.Event, client: WorkerClient) -> None:
        if self._stops.get(job_id) is stop:
            _log.warning("job %s did not stop in time", job_id)
            client.kill()

    def _bury(self, client: WorkerClient) -> None:
        """Take leave of a dead worker and wait as long as the policy wants."""
        self._client = None
        client.close()
        pause = self._policy.pause()
        if pause is None:
            raise WorkerLost(
                f"{client.ending()}, for the fourth time within five minutes: it is not started "
                "again by itself."
            )
        _log.warning("the worker died; the next one starts in %.1f s", pause)
        self._hurry.clear()
        if not self._closed.is_set():
            self._hurry.wait(pause)


def _place(event: JobEvent) -> _Place | None:
    return (event.stage, event.step) if event.kind is EventKind.PROGRESS else None


def _poison(place: _Place) -> str:
    stage, step = place
    return (
        f"The worker died twice at step {step} of stage {stage}: "
        "close other programs to free memory, or work at a smaller size."
    )
