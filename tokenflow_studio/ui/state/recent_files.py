"""The projects and clips that were opened lately, as the menu shows them."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.project.recent import Recent, read_recent, write_recent
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.media_search import is_there

_ERRAND = "recent"


class RecentFiles(QObject):
    """`value` holds them, without those that are gone; `changed(Recent)` follows it.

    Other windows write the same list, so it is read anew at each change.
    """

    changed = Signal(object)

    def __init__(self, disk: DiskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._disk = disk
        self.value = Recent()
        disk.done.connect(self._on_errand)

    @Slot()
    def look_again(self) -> None:
        """Read the list, and see what of it is still there."""
        self._disk.submit(_ERRAND, _present)

    def note_project(self, path: str) -> None:
        """A project was opened or saved."""
        self._disk.submit(_ERRAND, partial(_noted, path, True))

    def note_clip(self, spec: str) -> None:
        """A clip was opened."""
        self._disk.submit(_ERRAND, partial(_noted, spec, False))

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _ERRAND and isinstance(result, Recent) and result != self.value:
            self.value = result
            self.changed.emit(result)


def _noted(path: str, project: bool) -> Recent:
    recent = read_recent()
    write_recent(recent.with_project(path) if project else recent.with_clip(path))
    return _present()


def _present() -> Recent:
    recent = read_recent()
    gone = [path for path in recent.projects if not Path(path).is_file()]
    gone += [spec for spec in recent.clips if not is_there(spec)]
    for path in gone:
        recent = recent.without(path)
    return recent
