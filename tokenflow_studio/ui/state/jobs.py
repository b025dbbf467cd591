"""Running the queue: one job after the other goes to the worker, and what it says comes back."""

import dataclasses
import logging
import uuid
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from tokenflow_studio.core.job import EventKind, JobEvent, JobOrder
from tokenflow_studio.ui.state.job import JobState
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.queue import EntryState, JobQueue, QueueEntry
from tokenflow_studio.ui.state.queue_file import read_queue, write_queue
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.work import WorkThread

log = logging.getLogger(__name__)

_READ, _SAVE = "queue.read", "queue.save"
_STATES = {
    EventKind.DONE: EntryState.DONE,
    EventKind.FAILED: EntryState.FAILED,
    EventKind.CANCELLED: EntryState.CANCELLED,
}


class Jobs(QObject):
    """The queue, the job that runs, and the way to the worker.

    Signals: `began(QueueEntry)` when a job goes to the worker, `frames_came(QueueEntry, JobEvent)`
    for finished pictures, `ended(QueueEntry, JobEvent)` with the final event.
    """

    began = Signal(object)
    frames_came = Signal(object, object)
    ended = Signal(object, object)

    def __init__(
        self, work: WorkThread, disk: DiskThread, notices: Notices, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.queue = JobQueue(self)
        self.running = JobState(self)
        self._work = work
        self._disk = disk
        self._notices = notices
        self._made: dict[str, set[int]] = {}  # finished frames of the jobs of this start
        self._kept = False  # whether changes are written: not before the old file was read
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.timeout.connect(self._save)
        work.reported.connect(self.take_in)
        disk.done.connect(self._on_errand)
        disk.failed.connect(self._on_errand_failed)
        self.queue.edited.connect(self._saving.start)

    @Slot()
    def restore(self) -> None:
        """Bring back the jobs of the last start, and keep the queue on disk from now on."""
        self._disk.submit(_READ, read_queue)

    def add(self, order: JobOrder, clip: str) -> bool:
        """Put a job at the end of the queue; whether it began at once.

        One that is in the queue already, waiting or running, is not added a second time.
        """
        for entry in self.queue.all:
            same = (entry.order.request, entry.order.kind) == (order.request, order.kind)
            if same and not entry.ended:
                self._warn("This job is in the queue already.")
                return False
        self.queue.add(QueueEntry(order=order, clip=clip))
        self._advance()
        if self.running.order is order:
            return True
        if self.queue.paused:
            text = "The queue is paused: the job waits until you resume it."
            self._notices.show(Notice(text, Level.WARNING, "queue.resume", "Resume"))
        else:
            place = len(self.queue.waiting)
            self._notices.say(
                "The job comes next." if place == 1 else f"The job waits in the queue: {place}."
            )
        return False

    def frames_of(self, entry: QueueEntry) -> tuple[int, ...]:
        """The frames that a job has finished, in this start of the program."""
        return tuple(sorted(self._made.get(entry.id, ())))

    @Slot()
    def cancel(self) -> None:
        """Stop the running job; what it computed is kept for the next."""
        order = self.running.order
        if order is not None and self.queue.find(order.id) is not None:
            self.running.cancel()
            self.queue.update(order.id, state=EntryState.CANCELLING, eta=None)
            self._work.cancel(order.id)

    @Slot()
    def pause(self) -> None:
        """Let the running job end and begin no other."""
        self.queue.set_paused(True)
        self._notices.say("The queue pauses after this job." if self.running.order else "Paused.")

    @Slot()
    def resume(self) -> None:
        """Go on with the jobs that wait."""
        self.queue.set_paused(False)
        self._advance()

    def retry(self, entry_id: str) -> None:
        """Run a job again that failed or was cancelled: it comes next, and goes on where it was."""
        entry = self.queue.find(entry_id)
        if entry is None or not entry.ended:
            return
        # The worker takes an id once: to it, this is another job.
        order = dataclasses.replace(entry.order, id=uuid.uuid4().hex)
        first = self.queue.waiting
        self.queue.remove(entry_id)
        self.queue.add(QueueEntry(order=order, clip=entry.clip))
        if first:
            self.queue.move(order.id, self.queue.row_of(first[0].id))
        self._advance()

    @Slot()
    def retry_last(self) -> None:
        """Run the job again that failed last, also in a queue that paused because of it."""
        failed = [entry for entry in self.queue.ended if entry.state is EntryState.FAILED]
        if failed:
            self.retry(failed[-1].id)
            self.resume()

    def close(self) -> None:
        """Keep what is still to do, and end the worker."""
        self._saving.stop()
        self._save()
        self._work.close()

    @Slot(object)
    def take_in(self, event: JobEvent) -> None:
        """Follow what the running job says."""
        entry = self.queue.find(event.job)
        if entry is None or not entry.runs:
            return
        match event.kind:
            case EventKind.PROGRESS:
                self.running.progress(event)
                self._show_progress(entry)
            case EventKind.NOTICE:
                self._notices.show(Notice(event.message, Level.INFO))
            case EventKind.FRAMES:
                made = self._made.setdefault(entry.id, set())
                made.update(event.frames)
                self.queue.update(entry.id, count=len(made), folder=event.folder)
                self.frames_came.emit(entry, event)
            case EventKind.DONE | EventKind.FAILED | EventKind.CANCELLED:
                self._finish(entry, event)

    def _show_progress(self, entry: QueueEntry) -> None:
        view = self.running.view
        self.queue.update(
            entry.id,
            stage=view.stage,
            step=view.step,
            total=view.total,
            fraction=view.fraction,
            elapsed=view.elapsed,
            eta=view.eta,
        )

    def _finish(self, entry: QueueEntry, event: JobEvent) -> None:
        self.queue.update(entry.id, state=_STATES[event.kind], eta=None, message=event.message)
        self.running.end()
        if event.kind is EventKind.CANCELLED:
            self._notices.say("Cancelled. What was computed is kept and used again.")
        elif event.kind is EventKind.FAILED:
            self._fail(entry, event)
        self.ended.emit(entry, event)
        self._advance()

    def _fail(self, entry: QueueEntry, event: JobEvent) -> None:
        message, waiting = event.message, len(self.queue.waiting)
        # A BadInput will not go away by itself; anything else may be tried again.
        again = event.exit_code != 2
        if again and entry.stage is None and waiting:
            # It never began, so there is no working worker: the others would meet the same.
            self.queue.set_paused(True)
            message += f" The queue is paused, {_jobs(waiting)} still waiting."
        action = "queue.retry" if again else ""
        self._notices.show(Notice(message, action=action, label="Try again"))

    def _advance(self) -> None:
        """Begin the next job, if there is one and none runs."""
        waiting = self.queue.waiting
        if self.queue.paused or not waiting or self.running.order is not None:
            return
        entry = waiting[0]
        self.running.begin(entry.order)
        self.queue.update(entry.id, state=EntryState.RUNNING)
        self.began.emit(entry)
        self._work.submit(entry.order)

    @Slot()
    def _save(self) -> None:
        if self._kept:
            self._disk.submit(_SAVE, partial(write_queue, self.queue.all))

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _READ and isinstance(result, tuple):
            self._kept = True
            self.queue.restore(result)
            waiting = sum(1 for entry in result if entry.state is EntryState.WAITING)
            if waiting:
                self.queue.set_paused(True)
                verb = "was" if waiting == 1 else "were"
                text = f"{_jobs(waiting)} {verb} waiting when the program ended."
                self._notices.show(Notice(text, Level.INFO, "queue.resume", "Resume"))

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == _READ:
            self._kept = True
            self._warn(sentence)
        elif name == _SAVE:
            self._warn(f"The queue will not survive a restart: {sentence}")

    def _warn(self, sentence: str) -> None:
        self._notices.show(Notice(sentence, Level.WARNING))


def _jobs(count: int) -> str:
    return "1 job" if count == 1 else f"{count} jobs"
