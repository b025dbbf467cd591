"""What a job said, kept so that a client that comes back loses nothing."""

import dataclasses
import threading
from collections import deque
from collections.abc import Callable, Iterator

from tokenflow_studio.core.job import FINAL, EventKind, JobEvent, Stage

CAPACITY = 1000
_WAKE = 1.0  # seconds after which a watcher looks whether its client is still there


class EventLog:
    """The events of one job, numbered from 1.

    The newest 1000 are kept; of progress only the last event per stage, so that a slow reader
    catches up at once and never makes the log grow. Safe to use from several threads.
    """

    def __init__(self, job: str) -> None:
        self._job = job
        self._seq = 0
        self._kept: deque[JobEvent] = deque(maxlen=CAPACITY)
        self._progress: dict[Stage | None, JobEvent] = {}
        self._last: JobEvent | None = None
        self._changed = threading.Condition()

    @property
    def last(self) -> JobEvent | None:
        """The newest event."""
        return self._last

    def append(self, event: JobEvent) -> JobEvent:
        """Number the event, keep it, wake the watchers; events after the final one are dropped."""
        with self._changed:
            if self._last is not None and self._over():
                return self._last
            self._seq += 1
            self._last = dataclasses.replace(event, job=self._job, seq=self._seq)
            if event.kind is EventKind.PROGRESS:
                self._progress[event.stage] = self._last
            else:
                self._kept.append(self._last)
            self._changed.notify_all()
            return self._last

    def wake(self) -> None:
        """Let the watchers look at once whether they are still wanted."""
        with self._changed:
            self._changed.notify_all()

    def watch(self, from_seq: int, wanted: Callable[[], bool]) -> Iterator[JobEvent]:
        """Events numbered `from_seq` and above, until the final one or until not `wanted`."""
        following = from_seq
        while wanted():
            with self._changed:
                if not self._over() and self._seq < max(following, 1):
                    self._changed.wait(_WAKE)
                news, over = self._since(following), self._over()
            yield from news
            if over:
                return
            following = news[-1].seq + 1 if news else following

    def _over(self) -> bool:
        return self._last is not None and self._last.kind in FINAL

    def _since(self, seq: int) -> list[JobEvent]:
        kept = [*self._kept, *self._progress.values()]
        return sorted((event for event in kept if event.seq >= seq), key=lambda event: event.seq)
