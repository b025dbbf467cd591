"""What the viewer shows at the playhead, resolved from clip, takes, keyframes and comparison."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtGui import QImage

from tokenflow_studio.ui.state.marks import KeyframeMarks, MarkState
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.takes import TakesModel
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.threads.frame_store import FrameStore

_AHEAD = 48  # frames decoded beyond the playhead while nothing else is to do


@dataclass(frozen=True, slots=True)
class Picture:
    """One side of the viewer: the image, what it is called, and the frame it belongs to.

    `label` is the name with side and version, as the viewer writes it. `key` is what it should be;
    while that is not decoded, `image` still is the one before, and `held` says so.
    """

    key: FrameKey
    name: str
    image: QImage | None = None
    held: bool = False
    label: str = ""


class Display(QObject):
    """Keeps the pictures of both sides. `changed()` follows every change of either.

    Side A (`source`) is the clip, or the take that others are compared with, frame number by frame
    number. Side B (`edit`) is a finished frame of the take shown; without a take, the keyframe
    preview on that frame; otherwise there is none.
    """

    changed = Signal()

    def __init__(
        self,
        session: Session,
        takes: TakesModel,
        marks: KeyframeMarks,
        store: FrameStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._takes = takes
        self._marks = marks
        self._store = store
        self._forward = True
        self._frame = 0
        self.source: Picture | None = None
        self.edit: Picture | None = None
        session.playhead_changed.connect(self._on_playhead)
        session.compare_changed.connect(self.refresh)
        session.view_changed.connect(self.refresh)
        takes.current_changed.connect(self.refresh)
        takes.reference_changed.connect(self.refresh)
        takes.frames_added.connect(self.refresh)
        marks.changed.connect(self.refresh)
        store.ready.connect(self._on_ready)
        store.fitted_ready.connect(self._on_fitted)
        store.light_ready.connect(self._on_fitted)
        store.opened.connect(self._on_opened)

    @property
    def edit_missing(self) -> str:
        """Why there is no edited picture at the playhead, in a few words."""
        if self._takes.current is not None:
            return "Not propagated yet"
        return "No edit on this frame" if self._marks.pictured else "No edit yet"

    def is_complete(self) -> bool:
        """Whether the pictures of this very frame are up, and not still those before it."""
        return all(self._store.image(key) is not None for key in self._keys(self._frame))

    def fitted(self, picture: Picture, size: QSize) -> QImage | None:
        """The side's image in that size of device pixels, or as it is while that is not ready.

        An empty size is the picture's own. What is decoded next comes in this size as well.
        """
        self._store.fit_to(size)
        if picture.image is None or picture.held or size.isEmpty():
            return picture.image
        return self._store.fitted(picture.key, size) or picture.image

    def light_at(self, picture: Picture, x: int, y: int) -> tuple[float, ...] | None:
        """What a pixel of a side holds before it is seen: empty until it was read, None where the
        picture is all there is."""
        clip = self._session.clip
        if clip is None or not clip.is_scene_linear:
            return None
        return self._store.light_at(picture.key, x, y)

    @Slot()
    def refresh(self) -> None:
        """Resolve both sides anew and wish for what they need."""
        clip = self._session.clip
        if clip is None:
            self.source = self.edit = None
            self.changed.emit()
            return
        frame = self._session.playhead
        self.source = self._side(self._reference_at(clip.spec, frame), self.source)
        found = self._edit_at(frame)
        self.edit = None if found is None else self._side(found, self.edit)
        self._store.want(self._keys(frame), self._ahead(frame))
        self.changed.emit()

    def _side(self, picture: Picture, before: Picture | None) -> Picture:
        """That side with its image, as far as there is one."""
        image = self._store.image(picture.key)
        if image is None and before is not None and before.key.layer == picture.key.layer:
            # Hold the last one: a flash of nothing would be worse.
            return replace(picture, image=before.image, held=True)
        return replace(picture, image=image)

    def _reference_at(self, spec: str, frame: int) -> Picture:
        """What side A is, without its image."""
        take = self._takes.reference
        if take is None:
            return Picture(self._key(spec, frame), "Source", label="A · Source")
        if self._takes.has_frame(take, frame):
            return Picture(self._key(take.frames, frame), take.name, label=f"A · {take.label}")
        lacking = f"A · Source ({take.label} lacks this frame)"
        return Picture(self._key(spec, frame), "Source", label=lacking)

    def _edit_at(self, frame: int) -> Picture | None:
        """What side B is, without its image."""
        take = self._takes.current
        if take is not None and take.frames and self._takes.has_frame(take, frame):
            return Picture(self._key(take.frames, frame), take.name, label=f"B · {take.label}")
        mark = self._marks.at(frame)
        # A running take has no frames yet: until they come, its preview is the best there is.
        if mark is not None and mark.folder and (take is None or take.count == 0):
            stale = ", stale" if mark.state is MarkState.STALE else ""
            name = f"Keyframe preview{stale}"
            return Picture(self._key(mark.folder, frame), name, label=f"B · {name}")
        return None

    def _key(self, layer: str, frame: int) -> FrameKey:
        return FrameKey(layer, frame, self._session.view)

    def _ahead(self, frame: int) -> list[FrameKey]:
        """What comes after this frame in the direction of the last move."""
        span, clip = self._session.span, self._session.clip
        if span is None or clip is None:
            return []
        # Both sides, and as much again of what was just seen, must fit beside each other.
        count = max(2, min(_AHEAD, self._store.room(clip.width, clip.height) // 4))
        step = 1 if self._forward else -1
        numbers = range(frame + step, frame + step * count, step)
        return [key for number in numbers if number in span for key in self._keys(number)]

    def _keys(self, frame: int) -> list[FrameKey]:
        clip = self._session.clip
        found = self._edit_at(frame)
        source = [] if clip is None else [self._reference_at(clip.spec, frame).key]
        edit = [] if found is None else [found.key]
        match self._session.compare:
            case Compare.SOURCE:
                return source
            case Compare.EDIT:
                return edit or source
        return source + edit

    @Slot(int)
    def _on_playhead(self, frame: int) -> None:
        self._forward = frame >= self._frame
        self._frame = frame
        self.refresh()

    @Slot(object)
    def _on_ready(self, key: FrameKey) -> None:
        image = self._store.image(key)
        if self.source is not None and key == self.source.key:
            self.source = replace(self.source, image=image, held=False)
            self.changed.emit()
        if self.edit is not None and key == self.edit.key:
            self.edit = replace(self.edit, image=image, held=False)
            self.changed.emit()

    @Slot(object)
    def _on_fitted(self, key: FrameKey) -> None:
        if key in [side.key for side in (self.source, self.edit) if side is not None]:
            self.changed.emit()

    @Slot(object)
    def _on_opened(self, _info: object) -> None:
        self.source = self.edit = None
