"""The thread that talks to the worker process: it runs orders and relays what they say."""

import contextlib
import logging
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from tokenflow_studio.core.errors import StudioError, WorkerLost
from tokenflow_studio.core.job import FINAL, EventKind, JobEvent, JobOrder
from tokenflow_studio.worker.phase import WorkerPhase

if TYPE_CHECKING:
    from tokenflow_studio.worker.client import WorkerClient
    from tokenflow_studio.worker.info import ModelReport, WorkerInfo

log = logging.getLogger(__name__)

_BEHIND = 5  # niceness: a third of the weight of what the user works with


class Worker(Protocol):
    """What the window needs of `worker.session.WorkerSession`."""

    def run(self, order: JobOrder) -> Iterator[JobEvent]: ...
    def cancel(self, job_id: str) -> None: ...
    def close(self) -> None: ...
    @property
    def phase(self) -> WorkerPhase: ...
    def info(self, wait: float = 120.0) -> "WorkerInfo": ...
    def check_model(self, name: str, base: str = "") -> "ModelReport": ...
    def restart(self) -> None: ...


def worker_session() -> Worker:
    """A worker that starts with the first order, and anew when it dies."""
    # Imported here: gRPC would cost the window's start a fifth of a second.
    from tokenflow_studio.worker.session import WorkerSession

    return WorkerSession(launch_behind)


def launch_behind() -> "WorkerClient":
    """A worker that lets the window go first: it may take every core, never the next paint."""
    import psutil

    from tokenflow_studio.worker.client import WorkerClient

    client = WorkerClient.launch()
    with contextlib.suppress(psutil.Error):  # it has died: whoever calls it finds out
        # Before the engine loads: its threads take this from the one that starts them.
        process = psutil.Process(client.pid)
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(min(process.nice() + _BEHIND, 19))
    return client


class WorkThread(QObject):
    """Runs one order after the other; the worker is made when the first one comes.

    Signal, sent from the thread: `reported(JobEvent)`; every order ends with exactly one final
    event, whatever happens to the worker, unless the thread is closed meanwhile.
    """

    reported = Signal(object)

    def __init__(
        self, make_worker: Callable[[], Worker] = worker_session, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_worker = make_worker
        self._worker: Worker | None = None
        self._orders: queue.SimpleQueue[JobOrder | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._cancelled: set[str] = set()
        self._cancels: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._serve, name="work", daemon=True)

    @property
    def phase(self) -> WorkerPhase:
        """Where the worker stands; never waits."""
        worker = self._worker
        return WorkerPhase.STOPPED if worker is None else worker.phase

    def worker(self) -> Worker:
        """The worker, made now if need be: for calls from other threads than the window's.

        Raises WorkerLost once the thread is closed.
        """
        with self._lock:
            if self._worker is None and not self._closed:
                self._worker = self._make_worker()
            if self._worker is None or self._closed:
                raise WorkerLost("The window closes: the worker was ended.")
            return self._worker

    def submit(self, order: JobOrder) -> None:
        """Run that order after those before it."""
        if self._thread.ident is None:
            self._thread.start()
        self._orders.put(order)

    def cancel(self, job_id: str) -> None:
        """Ask the worker to stop that job; its last event tells when it has."""
        self._cancelled.add(job_id)
        # On a thread of its own: the serving one waits for the job's events meanwhile.
        self._cancels = [thread for thread in self._cancels if thread.is_alive()]
        thread = threading.Thread(target=self._cancel, args=(job_id,), name="cancel", daemon=True)
        self._cancels.append(thread)
        thread.start()

    def close(self) -> None:
        """End the worker and the thread."""
        with self._lock:
            self._closed = True
            worker = self._worker
        self._orders.put(None)
        if worker is not None:
            worker.close()
        for thread in (self._thread, *self._cancels):
            if thread.ident is not None:
                thread.join(timeout=10)

    def _cancel(self, job_id: str) -> None:
        worker = self._worker
        if worker is None:
            return
        try:
            worker.cancel(job_id)
        except StudioError as error:
            log.info("cancel: %s", error)

    def _serve(self) -> None:
        while (order := self._orders.get()) is not None and not self._closed:
            final = self._run(order)
            if not self._closed:
                self.reported.emit(final)

    def _run(self, order: JobOrder) -> JobEvent:
        """Relay the order's events; gives the final one."""
        try:
            for event in self._events(order):
                if event.kind in FINAL:
                    return event
                self.reported.emit(event)
        except StudioError as error:
            return _failed(order, str(error), error.exit_code)
        except Exception:
            # The edge of the thread: an unforeseen error must end the job, not the thread.
            log.exception("job %s", order.id)
        return _failed(order, "The job broke off for an unknown reason: see the log.", 1)

    def _events(self, order: JobOrder) -> Iterator[JobEvent]:
        if order.id in self._cancelled or self._closed:
            yield JobEvent(kind=EventKind.CANCELLED, job=order.id, exit_code=3)
            return
        passed_on = False
        for event in self.worker().run(order):
            yield event
            if order.id in self._cancelled and not passed_on:
                # Again: the first time may have come before the worker knew the order.
                passed_on = True
                self._cancel(order.id)


def _failed(order: JobOrder, message: str, exit_code: int) -> JobEvent:
    return JobEvent(kind=EventKind.FAILED, job=order.id, message=message, exit_code=exit_code)
