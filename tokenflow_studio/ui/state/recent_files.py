"""The projects and clips that were opened lately, with pictures."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from tokenflow_studio.project.recent import Recent, read_recent, write_recent
from tokenflow_studio.ui.state.session import Session
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.frame_store import FrameStore
from tokenflow_studio.ui.threads.media_search import is_there
from tokenflow_studio.ui.threads.recent_pictures import drop_pictures, keep_picture, read_pictures

_ERRAND = "recent"


@dataclass(frozen=True, slots=True)
class _Listed:
    recent: Recent
    pictures: dict[str, QImage]


class RecentFiles(QObject):
    """`value` holds them, without those that are gone, and `pictures` a frame of each that was
    seen; `changed(Recent)` follows both.

    Other windows write the same list, so it is read anew at each change.
    """

    changed = Signal(object)

    def __init__(
        self,
        session: Session,
        frames: FrameStore,
        disk: DiskThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._frames = frames
        self._disk = disk
        self._wanting: set[str] = set()  # those whose picture comes with the next frame
        self.value = Recent()
        self.pictures: dict[str, QImage] = {}
        frames.ready.connect(self._on_frame)
        disk.done.connect(self._on_errand)

    @Slot()
    def look_again(self) -> None:
        """Read the list, and see what of it is still there."""
        self._disk.submit(_ERRAND, _present)

    def note_project(self, path: str) -> None:
        """A project was opened or saved."""
        self._wanting.add(path)
        self._disk.submit(_ERRAND, partial(_noted, path, True))
        self._keep_picture()

    def note_clip(self, spec: str) -> None:
        """A clip was opened."""
        self._wanting.add(spec)
        self._disk.submit(_ERRAND, partial(_noted, spec, False))
        self._keep_picture()

    @Slot(object)
    def _on_frame(self, key: FrameKey) -> None:
        clip = self._session.clip
        if clip is not None and key.layer == clip.spec:
            self._keep_picture()

    def _keep_picture(self) -> None:
        """Keep the source under the playhead for those that want a picture, if it is there yet."""
        session, clip = self._session, self._session.clip
        if not self._wanting or clip is None:
            return
        image = self._frames.image(FrameKey(clip.spec, session.playhead, session.view))
        if image is not None:
            wanting, self._wanting = tuple(self._wanting), set()
            self._disk.submit(_ERRAND, partial(_pictured, image, wanting))

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name != _ERRAND or not isinstance(result, _Listed):
            return
        if result.recent != self.value or result.pictures != self.pictures:
            self.value, self.pictures = result.recent, result.pictures
            self.changed.emit(result.recent)


def _noted(path: str, project: bool) -> _Listed:
    recent = read_recent()
    write_recent(recent.with_project(path) if project else recent.with_clip(path))
    return _present()


def _pictured(image: QImage, paths: tuple[str, ...]) -> _Listed:
    for path in paths:
        keep_picture(image, path)
    return _present()


def _present() -> _Listed:
    recent = read_recent()
    drop_pictures((*recent.projects, *recent.clips))
    gone = [path for path in recent.projects if not Path(path).is_file()]
    gone += [spec for spec in recent.clips if not is_there(spec)]
    for path in gone:
        recent = recent.without(path)
    return _Listed(recent, read_pictures((*recent.projects, *recent.clips)))
