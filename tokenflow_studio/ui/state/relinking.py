"""Media that has moved: one clip is shown where it lies now, and the others follow."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.project.relink import move_between
from tokenflow_studio.ui.state.shots import Shots
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.media_search import found_again, within

_FOLDER, _OTHERS = "relink.folder", "relink.others"


class Relinking(QObject):
    """`offered` holds the other clips that were found where the first one is now, by shot;
    `changed()` follows it."""

    changed = Signal()

    def __init__(self, shots: Shots, disk: DiskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shots = shots
        self._disk = disk
        self.offered: dict[str, str] = {}
        shots.relinked.connect(self._on_relinked)
        disk.done.connect(self._on_errand)

    def locate(self, spec: str) -> None:
        """The lost clip in view is that one."""
        shot = self._shots.current
        if shot is not None:
            self._shots.relink(shot.id, spec)

    def locate_in(self, folder: str) -> None:
        """The lost clip in view lies in that folder."""
        shot = self._shots.current
        if shot is not None:
            self._disk.submit(_FOLDER, partial(within, folder, shot.clip))

    @Slot()
    def accept(self) -> None:
        """Relink the offered clips as well."""
        clips = self.offered
        self.decline()
        if clips:
            self._shots.relink_all(clips)

    @Slot()
    def decline(self) -> None:
        """Leave the others as they are."""
        self._offer({})

    @Slot(str, str)
    def _on_relinked(self, before: str, after: str) -> None:
        """Look whether the same move finds the other clips."""
        move = move_between(before, after)
        clips = {shot.id: shot.clip for shot in self._shots.all}
        moved = {shot: there for shot, clip in clips.items() if (there := move.applied(clip))}
        self._disk.submit(_OTHERS, partial(found_again, clips, moved))

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _FOLDER and isinstance(result, str):
            self.locate(result)
        elif name == _OTHERS and isinstance(result, dict):
            there = {shot.id for shot in self._shots.all}
            self._offer({shot: clip for shot, clip in result.items() if shot in there})

    def _offer(self, clips: dict[str, str]) -> None:
        if clips != self.offered:
            self.offered = clips
            self.changed.emit()
