"""The running job, as the window shows it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from tokenflow_studio.core.job import EventKind, JobEvent, JobKind, JobOrder, Stage

STAGE_TITLES = {
    Stage.INGEST: "Reading the clip",
    Stage.INVERT: "Inverting the source",
    Stage.KEYFRAMES: "Editing keyframes",
    Stage.PROPAGATE: "Propagating to every frame",
    Stage.DECODE: "Decoding frames",
    Stage.DEFLICKER: "Taking flicker out",
    Stage.FINISH: "Finishing on the plate",
    Stage.WRITE: "Writing frames",
}


class Phase(StrEnum):
    """Where the job stands."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    CANCELLING = "cancelling"


@dataclass(frozen=True, slots=True)
class JobView:
    """What the job bar shows; elapsed and eta are seconds, fraction is the whole job's share."""

    phase: Phase = Phase.IDLE
    kind: JobKind = JobKind.EDIT
    stage: Stage | None = None
    step: int = 0
    total: int = 0
    fraction: float = 0.0
    elapsed: float = 0.0
    eta: float | None = None

    @property
    def busy(self) -> bool:
        """Whether a job holds the worker."""
        return self.phase is not Phase.IDLE

    @property
    def title(self) -> str:
        """One line about what goes on."""
        if self.phase is Phase.IDLE:
            return ""
        if self.phase is Phase.CANCELLING:
            return "Cancelling…"
        if self.phase is Phase.STARTING or self.stage is None:
            return "Starting the worker…"
        steps = f" · {self.step} of {self.total}" if self.total > 1 else ""
        return STAGE_TITLES[self.stage] + steps


class JobState(QObject):
    """The job that runs, if any. `changed(JobView)` follows every change."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = JobView()
        self._order: JobOrder | None = None

    @property
    def view(self) -> JobView:
        """The job as it stands."""
        return self._view

    @property
    def order(self) -> JobOrder | None:
        """The order being worked on."""
        return self._order

    def begin(self, order: JobOrder) -> None:
        """An order goes to the worker."""
        self._order = order
        self._set(JobView(Phase.STARTING, order.kind))

    def progress(self, event: JobEvent) -> None:
        """Take in a progress event."""
        if event.kind is not EventKind.PROGRESS or not self._view.busy:
            return
        phase = Phase.CANCELLING if self._view.phase is Phase.CANCELLING else Phase.RUNNING
        self._set(
            replace(
                self._view,
                phase=phase,
                stage=event.stage,
                step=event.step,
                total=event.total,
                fraction=max(event.fraction, self._view.fraction),
                elapsed=event.elapsed,
                eta=event.eta,
            )
        )

    def cancel(self) -> None:
        """The user wants it to stop."""
        if self._view.busy:
            self._set(replace(self._view, phase=Phase.CANCELLING, eta=None))

    def end(self) -> None:
        """The job is over, one way or another."""
        self._order = None
        self._set(JobView())

    def _set(self, view: JobView) -> None:
        if view != self._view:
            self._view = view
            self.changed.emit(view)
