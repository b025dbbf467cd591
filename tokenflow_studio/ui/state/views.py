"""The displays and views that the clip in view can be looked at through."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.ui.state.session import Session
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.views import offered_views

if TYPE_CHECKING:
    from tokenflow_studio.media.colour.views import View

_ERRAND = "views"


class Views(QObject):
    """What the clip's colour configuration offers; nothing for clips that are for a display.

    Signals: `changed()`.
    """

    changed = Signal()

    def __init__(self, session: Session, disk: DiskThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._disk = disk
        self._offered: tuple[View, ...] = ()
        session.clip_changed.connect(self._on_clip)
        disk.done.connect(self._on_done)

    @property
    def offered(self) -> "tuple[View, ...]":
        """Its default first; empty while nobody knows."""
        return self._offered

    @Slot(object)
    def _on_clip(self, _clip: object) -> None:
        clip = self._session.clip
        self._offered = ()
        if clip is not None and clip.is_scene_linear:
            self._disk.submit(_ERRAND, partial(offered_views, clip.config))
        self.changed.emit()

    @Slot(str, object)
    def _on_done(self, name: str, result: object) -> None:
        clip = self._session.clip
        if name == _ERRAND and isinstance(result, tuple) and clip and clip.is_scene_linear:
            self._offered = result
            self.changed.emit()
