"""Unsaved work is written aside while the user works, and offered again after a crash."""

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from tokenflow_studio.project.recovery import (
    Recovered,
    drop_recovery,
    find_recoveries,
    new_recovery,
    write_recovery,
)
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.project import ProjectFile
from tokenflow_studio.ui.state.settings import SettingsModel
from tokenflow_studio.ui.state.shots import Shots
from tokenflow_studio.ui.threads.disk import DiskThread

_FIND, _KEEP = "recovery.find", "recovery.keep"
_PAUSE = 1000  # ms without a change after which the work is written aside


class Safekeeping(QObject):
    """Keeps unsaved work beside the project's file.

    `found` holds what earlier windows left, the newest first; `changed()` follows it. A crash loses
    at most what was typed since the last pause of a second, or since the time that the settings
    give; with 0 there nothing is written but at the end.
    """

    changed = Signal()

    def __init__(
        self,
        project: ProjectFile,
        shots: Shots,
        settings: SettingsModel,
        notices: Notices,
        disk: DiskThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project = project
        self._shots = shots
        self._settings = settings
        self._notices = notices
        self._disk = disk
        self._file = new_recovery()
        self._kept = False  # whether the file is there
        self._since: float | None = None  # when the oldest change that is not written was made
        self._replaced: Path | None = None  # what was restored and is not written anew yet
        self._warned = False
        self.found: tuple[Recovered, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._keep)
        shots.edited.connect(self._on_edited)
        project.changed.connect(self._on_project)
        disk.done.connect(self._on_errand)
        disk.failed.connect(self._on_errand_failed)

    @Slot()
    def look(self) -> None:
        """Find out what earlier windows left."""
        self._disk.submit(_FIND, find_recoveries)

    @Slot()
    def restore(self) -> None:
        """Go on with the newest of it; the user is asked about the present work first."""
        if self.found:
            self._project.leave(partial(self._restore, self.found[0]))

    @Slot()
    def discard(self) -> None:
        """Throw the newest of it away."""
        if self.found:
            self._disk.submit(_KEEP, partial(drop_recovery, self.found[0].file))
            self._pass_over()

    def end(self) -> None:
        """The window closes. Unsaved work without a name is kept for the next start."""
        self._soon.stop()
        if self._project.modified:
            self._submit(ended=True)
        else:
            self._drop()

    def _restore(self, recovered: Recovered) -> None:
        self._pass_over()
        self._replaced = recovered.file
        self._project.restore(recovered.project, recovered.path)

    def _pass_over(self) -> None:
        self.found = self.found[1:]
        self.changed.emit()

    @Slot()
    def _on_edited(self) -> None:
        longest = self._settings.value.autosave
        if not self._project.modified or not longest:
            return
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since >= longest:
            self._keep()
        else:
            self._soon.start()

    @Slot()
    def _on_project(self) -> None:
        if self._project.modified:
            self._on_edited()
        else:
            self._soon.stop()
            self._drop()

    @Slot()
    def _keep(self) -> None:
        if self._project.modified:
            self._submit()

    def _submit(self, ended: bool = False) -> None:
        self._kept, self._since = True, None
        work = partial(
            write_recovery, self._file, self._shots.gather(), self._project.path, ended=ended
        )
        self._disk.submit(_KEEP, work)
        self._drop_replaced()  # now our own file holds what it held

    def _drop_replaced(self) -> None:
        if self._replaced is not None:
            self._disk.submit(_KEEP, partial(drop_recovery, self._replaced))
            self._replaced = None

    def _drop(self) -> None:
        self._since = None
        self._drop_replaced()
        if self._kept:
            self._kept = False
            self._disk.submit(_KEEP, partial(drop_recovery, self._file))

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _FIND and isinstance(result, tuple):
            self.found = result
            self.changed.emit()

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == _KEEP and not self._warned:
            self._warned = True  # once: it would come with every change
            text = f"Unsaved work would not survive a crash: {sentence}"
            self._notices.show(Notice(text, Level.WARNING))
