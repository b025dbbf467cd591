"""The takes of the open clip, newest first, as a list model."""

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from tokenflow_studio.core.measures import readable
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.review import Review

TAKE_ROLE = Qt.ItemDataRole.UserRole


class TakeState(StrEnum):
    """How far a take is."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One version of the clip. frames: the folder that holds its finished pictures; folder: the
    take's own folder, once it is done; poster: a frame for the thumbnail; seconds: how long it
    took; warp_error (x 10^-3) and prompt_match: its report's measures, and measures: all of them;
    size: bytes on disk. What is not known is None."""

    id: str
    version: int
    request: EditRequest
    state: TakeState = TakeState.RUNNING
    folder: str = ""
    frames: str = ""
    count: int = 0
    poster: int | None = None
    seconds: float | None = None
    warp_error: float | None = None
    prompt_match: float | None = None
    measures: tuple[tuple[str, float | None], ...] = ()
    size: int | None = None
    review: Review = field(default_factory=Review)

    @property
    def name(self) -> str:
        """What the list calls it."""
        return f"Take {self.version}"

    @property
    def label(self) -> str:
        """What the viewer calls it: its name, and the version that files bear."""
        return f"{self.name} · v{self.version:03d}"

    @property
    def home(self) -> str:
        """The folder that everything of it lies in; empty before its first frame."""
        return self.folder or (str(Path(self.frames).parent) if self.frames else "")


class TakesModel(QAbstractListModel):
    """All takes of the open clip, which of them is shown (B), and what it is compared with (A).

    Signals: `current_changed(Take | None)`, `reference_changed(Take | None)`, where None stands for
    the source, `frames_added(str)` with the take's id.
    """

    current_changed = Signal(object)
    reference_changed = Signal(object)
    frames_added = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._takes: list[Take] = []
        self._done: dict[str, set[int]] = {}
        self._current = ""
        self._reference = ""

    @property
    def all(self) -> tuple[Take, ...]:
        """Newest first."""
        return tuple(self._takes)

    @property
    def current(self) -> Take | None:
        """The take that the viewer shows."""
        return self.find(self._current)

    @property
    def reference(self) -> Take | None:
        """The take at the viewer's side A; None while that is the source."""
        return self.find(self._reference)

    @property
    def running(self) -> bool:
        """Whether one of them is being made."""
        return any(take.state is TakeState.RUNNING for take in self._takes)

    def find(self, take_id: str) -> Take | None:
        """The take with that id."""
        return next((take for take in self._takes if take.id == take_id), None)

    def finished_frames(self, take: Take | None) -> frozenset[int]:
        """The frame numbers that the take has so far."""
        return frozenset(self._done.get(take.id, ())) if take else frozenset()

    def has_frame(self, take: Take, frame: int) -> bool:
        """Whether that frame of the take is finished."""
        return frame in self._done.get(take.id, ())

    def clear(self) -> None:
        """Forget all of them: another clip was opened."""
        self.beginResetModel()
        self._takes.clear()
        self._done.clear()
        self.endResetModel()
        self.select("")
        self.refer_to("")

    def add(self, take_id: str, request: EditRequest) -> Take:
        """A new take begins, above the others; its number may still change."""
        return self.insert(Take(id=take_id, version=self.next_version, request=request), ())

    @property
    def next_version(self) -> int:
        """The number that no take of the clip has yet."""
        return max((take.version for take in self._takes), default=0) + 1

    def insert(self, take: Take, done: tuple[int, ...]) -> Take:
        """Put a take in its place by version."""
        row = next((i for i, t in enumerate(self._takes) if t.version < take.version), None)
        row = len(self._takes) if row is None else row
        self.beginInsertRows(QModelIndex(), row, row)
        self._takes.insert(row, take)
        self._done[take.id] = set(done)
        self.endInsertRows()
        return take

    def add_frames(self, take_id: str, frames: tuple[int, ...], folder: str) -> None:
        """Some frames of a take have appeared in a folder."""
        take = self.find(take_id)
        if take is None or not frames:
            return
        done = self._done[take_id]
        done.update(frames)
        poster = frames[0] if take.poster is None else take.poster
        self.update(take_id, frames=folder, count=len(done), poster=poster)
        self.frames_added.emit(take_id)

    def update(self, take_id: str, **fields: object) -> None:
        """Change some fields of a take."""
        for row, take in enumerate(self._takes):
            if take.id == take_id:
                self._takes[row] = dataclasses.replace(take, **fields)  # pyright: ignore[reportArgumentType]
                self.dataChanged.emit(self.index(row), self.index(row))
                if take_id == self._current:
                    self.current_changed.emit(self._takes[row])
                if take_id == self._reference:
                    self.reference_changed.emit(self._takes[row])

    def remove(self, take_id: str) -> None:
        """Take it off the list; its files stay."""
        row = next((i for i, take in enumerate(self._takes) if take.id == take_id), None)
        if row is None:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._takes[row]
        self._done.pop(take_id, None)
        self.endRemoveRows()
        if take_id == self._reference:
            self.refer_to("")
        if take_id == self._current:
            self.select(self._takes[0].id if self._takes else "")

    def select(self, take_id: str) -> None:
        """Show that take; an empty id shows none."""
        if take_id != self._current:
            self._current = take_id
            self.current_changed.emit(self.current)

    def refer_to(self, take_id: str) -> None:
        """Put that take at side A; an empty id puts the source there."""
        if take_id != self._reference:
            self._reference = take_id
            self.reference_changed.emit(self.reference)

    def row_of(self, take_id: str) -> int:
        """Its row, or -1."""
        return next((row for row, take in enumerate(self._takes) if take.id == take_id), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._takes)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._takes):
            return None
        take = self._takes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return take.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            star = ", starred" if take.review.starred else ""
            status = take.review.status if take.state is TakeState.DONE else take.state
            return f"{take.name}, {status}{star}: {take.request.prompt}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return recipe_text(take)
        return take if role == TAKE_ROLE else None


def recipe_text(take: Take) -> str:
    """What the take was made with, its note, and what was measured of it, in a few lines."""
    request = take.request
    steps = "" if request.steps is None else f", {request.steps} steps"
    lines = [
        request.prompt,
        f"Without: {request.negative_prompt}" if request.negative_prompt else "",
        f"{request.model}, {request.technique}, seed {request.seed}{steps}, "
        f"keyframe every {request.keyframe_interval} frames",
        f"Frames {request.frames}" if request.frames else "",
        f"Note: {take.review.note}" if take.review.note else "",
        *(f"{title}: {value}" for title, value in readable(dict(take.measures))),
    ]
    return "\n".join(filter(None, lines))
