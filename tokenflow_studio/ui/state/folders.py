"""The program's folders as the window shows them; the cache stays within its limit."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.ui.state.jobs import Jobs
from tokenflow_studio.ui.state.settings import SettingsModel
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.folders import (
    clear_cache,
    free_at,
    measure_folders,
    shrink_cache,
)
from tokenflow_studio.ui.wording import file_size

_MEASURE, _CLEAR, _SHRINK, _FREE = "measure", "clear", "shrink", "free"


class Folders(QObject):
    """Measures and clears on a thread of its own: a cache may hold very many files.

    Signals: `measured(tuple)` of FolderFacts, `free_found(int)`: bytes left for takes, `told(str)`
    and `refused(str)`: how clearing ended.
    """

    measured = Signal(object)
    free_found = Signal(object)
    told = Signal(str)
    refused = Signal(str)

    def __init__(self, settings: SettingsModel, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._jobs = jobs
        self._disk = DiskThread(self)
        self._disk.done.connect(self._on_done)
        self._disk.failed.connect(self._on_failed)
        jobs.ended.connect(self.keep_within_limit)

    def measure(self) -> None:
        """Find out sizes; `measured` answers."""
        self._disk.submit(_MEASURE, measure_folders)

    def look_at_free(self) -> None:
        """Find out how much room takes have; `free_found` answers."""
        from tokenflow_studio.core.paths import takes_folder

        self._disk.submit(_FREE, partial(free_at, takes_folder()))

    @Slot()
    def clear(self) -> None:
        """Empty the cache, unless a job works with it."""
        if self._is_in_use():
            self.refused.emit("A job works with the cache: clear it when the queue is done.")
        else:
            self._disk.submit(_CLEAR, clear_cache)

    @Slot()
    def keep_within_limit(self, _entry: object = None, _event: object = None) -> None:
        """Remove from the cache what was used longest ago, when it holds more than it may."""
        limit = self._settings.value.cache_limit
        if limit and not self._is_in_use():
            self._disk.submit(_SHRINK, partial(shrink_cache, limit * 10**9))

    def close(self) -> None:
        """End the thread."""
        self._disk.close()

    def _is_in_use(self) -> bool:
        return self._jobs.running.view.busy or bool(self._jobs.queue.waiting)

    @Slot(str, object)
    def _on_done(self, name: str, result: object) -> None:
        match name:
            case "measure":
                self.measured.emit(result)
            case "free":
                self.free_found.emit(result)
            case _:
                assert isinstance(result, int)
                if name == _CLEAR or result:
                    self.told.emit(f"{file_size(result)} of the cache were freed.")
                    self.measure()

    @Slot(str, str)
    def _on_failed(self, _name: str, sentence: str) -> None:
        self.refused.emit(sentence)
