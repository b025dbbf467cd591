"""Pictures of the viewer, kept beside the clip's takes."""

from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from tokenflow_studio.ui.state.notices import Notice, Notices
from tokenflow_studio.ui.state.session import Session
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.snapshot import write_snapshot

_ERRAND = "snapshot"


class Snapshots(QObject):
    """Writes them off the window's thread, and tells where they lie."""

    def __init__(
        self, session: Session, notices: Notices, disk: DiskThread, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._notices = notices
        self._disk = disk
        disk.done.connect(self._on_done)
        disk.failed.connect(self._on_failed)

    def keep(self, image: QImage) -> None:
        """Write a picture of the frame at the playhead; none is ever replaced."""
        clip = self._session.clip
        if clip is not None:
            name = f"{clip.name}_{self._session.playhead:04d}"
            self._disk.submit(_ERRAND, partial(write_snapshot, image, clip.name, name))

    @Slot(str, object)
    def _on_done(self, name: str, result: object) -> None:
        if name == _ERRAND:
            self._notices.say(f"Snapshot: {result}")

    @Slot(str, str)
    def _on_failed(self, name: str, sentence: str) -> None:
        if name == _ERRAND:
            self._notices.show(Notice(sentence, action="view.snapshot", label="Try again"))
