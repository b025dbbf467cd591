"""The thread for everything slow on disk that is no decoding: looking up takes, exporting."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from tokenflow_studio.core.errors import StudioError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Errand:
    name: str
    work: Callable[[], object]


class DiskThread(QObject):
    """Runs errands one after the other.

    Signals, sent from the thread: `done(name, result)`, `failed(name, sentence)`.
    """

    done = Signal(str, object)
    failed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands: queue.SimpleQueue[_Errand | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="disk", daemon=True)

    def submit(self, name: str, work: Callable[[], object]) -> None:
        """Run `work` after the errands before it; `name` comes back with the answer."""
        if self._thread.ident is None:
            self._thread.start()
        self._errands.put(_Errand(name, work))

    def close(self) -> None:
        """Finish what is begun and end the thread."""
        self._errands.put(None)
        if self._thread.ident is not None:
            self._thread.join(timeout=30)

    def _serve(self) -> None:
        while (errand := self._errands.get()) is not None:
            try:
                result = errand.work()
            except (StudioError, OSError) as error:
                self.failed.emit(errand.name, str(error))
            except Exception:
                log.exception("%s", errand.name)
                self.failed.emit(
                    errand.name, "This did not work for an unknown reason: see the log."
                )
            else:
                self.done.emit(errand.name, result)
