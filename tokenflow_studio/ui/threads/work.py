"""The thread that talks to the worker process: it runs orders and relays what they say."""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from tokenflow_studio.core.errors import StudioError, WorkerLost
from tokenflow_studio.core.job import FINAL, EventKind, JobEvent, JobOrder

log = logging.getLogger("tokenflow.ui.work")


class Client(Protocol):
    """What the window needs of `worker.client.WorkerClient`."""

    def run(self, order: JobOrder) -> Iterator[JobEvent]: ...
    def cancel(self, job_id: str) -> object: ...
    def close(self) -> None: ...


def connect_worker() -> Client:
    """Start a worker process and connect to it."""
    # Imported here: gRPC would cost the window's start a fifth of a second.
    from tokenflow_studio.worker.client import WorkerClient

    return WorkerClient.launch()


class WorkThread(QObject):
    """Runs one order after the other; the worker starts with the first, and anew when it was lost.

    Signal, sent from the thread: `reported(JobEvent)`; every order ends with exactly one final
    event, whatever happens to the worker.
    """

    reported = Signal(object)

    def __init__(
        self, connect: Callable[[], Client] = connect_worker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._connect = connect
        self._orders: queue.SimpleQueue[JobOrder | None] = queue.SimpleQueue()
        self._client: Client | None = None
        self._closing = threading.Event()
        self._cancelled: set[str] = set()
        self._helpers: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._serve, name="work", daemon=True)

    def submit(self, order: JobOrder) -> None:
        """Run that order after those before it."""
        if self._thread.ident is None:
            self._thread.start()
        self._orders.put(order)

    def cancel(self, job_id: str) -> None:
        """Ask the worker to stop that job; its last event tells when it has."""
        self._cancelled.add(job_id)
        self._start_helper(self._cancel, job_id)

    def close(self) -> None:
        """End the worker and the thread."""
        self._closing.set()
        self._orders.put(None)
        if self._client is not None:
            with contextlib.suppress(StudioError):
                self._client.close()
        for thread in (self._thread, *self._helpers):
            if thread.ident is not None:
                thread.join(timeout=10)

    def _start_helper(self, target: Callable[[str], None], argument: str) -> None:
        self._helpers = [thread for thread in self._helpers if thread.is_alive()]
        thread = threading.Thread(target=target, args=(argument,), name="cancel", daemon=True)
        self._helpers.append(thread)
        thread.start()

    def _cancel(self, job_id: str) -> None:
        # On a thread of its own: the serving one waits for the job's events meanwhile.
        client = self._client
        if client is None:
            return
        try:
            client.cancel(job_id)
        except StudioError as error:
            log.info("cancel: %s", error)

    def _serve(self) -> None:
        while (order := self._orders.get()) is not None and not self._closing.is_set():
            self._run(order)

    def _run(self, order: JobOrder) -> None:
        ended = False
        try:
            for event in self._events(order):
                ended = event.kind in FINAL
                self.reported.emit(event)
            if not ended:
                raise WorkerLost("The worker stopped answering: start the job again.")
        except StudioError as error:
            self._lose(order, error)
        except Exception:
            # The edge of the thread: an unforeseen error must end the job, not the thread.
            log.exception("job %s", order.id)
            self._lose(order, WorkerLost("The job broke off for an unknown reason: see the log."))

    def _events(self, order: JobOrder) -> Iterator[JobEvent]:
        if self._client is None:
            self._client = self._connect()
        if self._closing.is_set():
            self._client.close()
            return
        if order.id in self._cancelled:
            yield JobEvent(kind=EventKind.CANCELLED, job=order.id, exit_code=3)
            return
        yield from self._client.run(order)

    def _lose(self, order: JobOrder, error: StudioError) -> None:
        if isinstance(error, WorkerLost) and self._client is not None:
            client, self._client = self._client, None
            with contextlib.suppress(StudioError):
                client.close()
        if not self._closing.is_set():
            self.reported.emit(
                JobEvent(
                    kind=EventKind.FAILED,
                    job=order.id,
                    message=str(error),
                    exit_code=error.exit_code,
                )
            )
