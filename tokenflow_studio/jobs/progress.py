"""What a running job tells: stage, step, an honest time to go; and where it can be cancelled."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from tokenflow_studio.core.errors import Cancelled
from tokenflow_studio.core.job import EventKind, JobEvent, Stage

_log = logging.getLogger(__name__)

_SETTLED = 2.0  # seconds of work before an estimate is worth showing


@dataclass(slots=True)
class _Current:
    stage: Stage
    total: int
    cost: float
    since: float
    step: int = 0


class Progress:
    """Counts the work of a job.

    costs: expected cost of each stage in network rows, whatever is cached; what turns out to be
    cached is skipped and does not count for the speed.
    """

    def __init__(
        self,
        costs: dict[Stage, float],
        emit: Callable[[JobEvent], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._costs = costs
        self._emit = emit
        self._cancelled = cancelled
        self._done = 0.0
        self._worked = 0.0
        self._start = time.monotonic()
        self._current: _Current | None = None
        self.seconds: dict[str, float] = {}

    def check(self) -> None:
        """Raise Cancelled if the user stopped the job."""
        if self._cancelled():
            raise Cancelled("The job was cancelled: what it computed is kept for the next start.")

    def enter(self, stage: Stage, total: int) -> None:
        """A stage of `total` steps begins."""
        self.leave()
        _log.info("%s: %d steps", stage, total)
        self._current = _Current(stage, total, self._costs.get(stage, 0.0), time.monotonic())
        self._tell()

    def leave(self) -> None:
        """The stage ends, whatever was left of it was cached."""
        if self._current is None:
            return
        current, self._current = self._current, None
        left = 1 - current.step / current.total if current.total else 1.0
        self._done += current.cost * left
        spent = time.monotonic() - current.since
        self.seconds[current.stage] = self.seconds.get(current.stage, 0.0) + spent

    def advance(self, steps: int = 1, *, cached: bool = False) -> None:
        """Some steps of the stage are done. Raises Cancelled."""
        current = self._current
        if current is not None and current.total:
            share = current.cost * steps / current.total
            current.step += steps
            self._done += share
            self._worked += 0.0 if cached else share
            self._tell()
        self.check()

    def notice(self, message: str) -> None:
        """Tell the user something; the job goes on."""
        self._emit(JobEvent(kind=EventKind.NOTICE, message=message))

    def frames(self, frames: tuple[int, ...], folder: str) -> None:
        """Finished picture files, by frame number."""
        self._emit(JobEvent(kind=EventKind.FRAMES, frames=frames, folder=folder))

    def _tell(self) -> None:
        current = self._current
        if current is None:
            return
        elapsed = time.monotonic() - self._start
        whole = sum(self._costs.values()) or 1.0
        eta = None
        if self._worked and elapsed > _SETTLED:
            eta = max(0.0, whole - self._done) * elapsed / self._worked
        self._emit(
            JobEvent(
                kind=EventKind.PROGRESS,
                stage=current.stage,
                step=current.step,
                total=current.total,
                fraction=min(1.0, self._done / whole),
                elapsed=elapsed,
                eta=eta,
            )
        )
