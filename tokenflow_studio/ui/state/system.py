"""What the machine offers and what the worker does: for the badge, the first run, the estimate."""

import logging
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from tokenflow_studio.ui.state.job import JobState
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.work import WorkThread
from tokenflow_studio.worker.phase import WorkerPhase

if TYPE_CHECKING:
    from tokenflow_studio.worker.info import WorkerInfo

log = logging.getLogger(__name__)

_PERIOD = 2000  # milliseconds between two looks
_SOON = 200
_INFO, _RESTART = "info", "restart"


class WorkerState(StrEnum):
    """What the worker does, in the words of the window."""

    STOPPED = "stopped"
    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class SystemView:
    """The machine now. Sizes are in bytes, 0 while unknown; device and torch are empty until a
    worker has told; own: whether the device has memory of its own, which free and total are then
    about, in place of main memory."""

    worker: WorkerState = WorkerState.STOPPED
    device: str = ""
    torch: str = ""
    free: int = 0
    total: int = 0
    own: bool = False

    @property
    def summary(self) -> str:
        """Device and free memory in a few words."""
        memory = f"{memory_text(self.free)} free" if self.total else ""
        return "  ·  ".join(filter(None, (self.device, memory)))


class SystemState(QObject):
    """Looks at the machine and the worker every two seconds, without waiting for either.

    Signals: `changed(SystemView)`, `told(str)`: a sentence on how a call of the user's ended,
    `refused(str)`: the same where it failed.
    """

    changed = Signal(object)
    told = Signal(str)
    refused = Signal(str)

    def __init__(self, work: WorkThread, job: JobState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._job = job
        self._view = SystemView()
        self._asked = False
        self.info: WorkerInfo | None = None
        self.line = DiskThread(self)  # calls that wait for the worker
        self.line.done.connect(self._on_done)
        self.line.failed.connect(self._on_failed)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_SOON)
        job.changed.connect(self.look)

    @property
    def view(self) -> SystemView:
        """The machine as it was last seen."""
        return self._view

    @Slot()
    def check(self) -> None:
        """Ask the worker what it runs on; starts one where there is none."""
        self._ask(120.0)
        self.look()

    @Slot()
    def restart(self) -> None:
        """End the worker and start another one; a job that runs goes on in it."""
        self.told.emit("Restarting the worker…")
        self.info = None
        self.line.submit(_RESTART, self._restart)
        self._ask(120.0)
        QTimer.singleShot(_SOON, self.look)

    def close(self) -> None:
        """Look no more, and end the thread; the worker must have been closed before."""
        self._timer.stop()
        self.line.close()

    @Slot()
    def look(self, _changed: object = None) -> None:
        """See how things are now."""
        self._timer.setInterval(_PERIOD)
        phase = self._work.phase
        if phase is WorkerPhase.UP and (self.info is None or self.info.device_total):
            self._ask(0.0 if self.info else 120.0)
        self._set(replace(self._seen(), worker=_state(phase, self._job.view.busy)))

    def _seen(self) -> SystemView:
        # Imported here, after the first paint.
        import psutil

        memory, info = psutil.virtual_memory(), self.info
        seen = SystemView(free=memory.available, total=memory.total)
        if info is None or not info.engine_ready:
            return seen
        seen = replace(seen, device=info.device, torch=info.torch)
        if info.device_total:
            seen = replace(seen, free=info.device_free, total=info.device_total, own=True)
        return seen

    def _ask(self, wait: float) -> None:
        if not self._asked:
            self._asked = True
            self.line.submit(_INFO, lambda: self._work.worker().info(wait))

    def _restart(self) -> None:
        self._work.worker().restart()

    @Slot(str, object)
    def _on_done(self, name: str, result: object) -> None:
        if name == _INFO:
            self._asked = False
            self.info = result  # pyright: ignore[reportAttributeAccessIssue]
        elif name == _RESTART:
            self.told.emit("The worker was restarted.")
        self.look()

    @Slot(str, str)
    def _on_failed(self, name: str, sentence: str) -> None:
        if name == _INFO:
            self._asked = False
        if name in (_INFO, _RESTART):
            log.warning("%s: %s", name, sentence)
            self.refused.emit(sentence)
            self.look()

    def _set(self, view: SystemView) -> None:
        rounded = replace(view, free=view.free - view.free % (100 * 2**20))
        if rounded != self._view:
            self._view = rounded
            self.changed.emit(rounded)


def memory_text(number: float) -> str:
    """Bytes of memory, in units of 1024 as devices count it: 640 MB, 9.4 GB, 139 GB."""
    if number < 0.95 * 2**30:
        return f"{number / 2**20:.0f} MB"
    return f"{number / 2**30:.1f} GB" if number < 99.5 * 2**30 else f"{number / 2**30:.0f} GB"


def _state(phase: WorkerPhase, busy: bool) -> WorkerState:
    match phase:
        case WorkerPhase.STARTING:
            return WorkerState.STARTING
        case WorkerPhase.LOST:
            return WorkerState.LOST
        case WorkerPhase.UP:
            return WorkerState.BUSY if busy else WorkerState.IDLE
    return WorkerState.STARTING if busy else WorkerState.STOPPED
