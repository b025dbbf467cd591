"""The queue of jobs as a list model: what ended above, what runs, what waits below."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from tokenflow_studio.core.job import JobKind, JobOrder, Stage

ENTRY_ROLE = Qt.ItemDataRole.UserRole
_MIME = "application/x-tokenflow-studio-queue-row"


class EntryState(StrEnum):
    """Where a job of the queue stands."""

    WAITING = "waiting"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({EntryState.DONE, EntryState.FAILED, EntryState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One job. clip: its name for people; elapsed and eta are seconds, fraction is the whole job's
    share; count: how many frames are finished, and `folder` holds their pictures; message: why it
    ended.
    """

    order: JobOrder
    clip: str
    state: EntryState = EntryState.WAITING
    stage: Stage | None = None
    step: int = 0
    total: int = 0
    fraction: float = 0.0
    elapsed: float = 0.0
    eta: float | None = None
    count: int = 0
    folder: str = ""
    message: str = ""

    @property
    def id(self) -> str:
        """The order's own id."""
        return self.order.id

    @property
    def title(self) -> str:
        """What is made of which clip."""
        made = "Keyframes" if self.order.kind is JobKind.KEYFRAMES else "Take"
        return f"{made} of {self.clip}"

    @property
    def runs(self) -> bool:
        """Whether it holds the worker."""
        return self.state in (EntryState.RUNNING, EntryState.CANCELLING)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in ENDED


class JobQueue(QAbstractListModel):
    """All jobs of this window, in the order in which they run.

    Signals: `edited()` when jobs came, went, changed places or states, or the queue was paused;
    progress alone does not count.
    """

    edited = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[QueueEntry] = []
        self._paused = False

    @property
    def all(self) -> tuple[QueueEntry, ...]:
        """From the one that ended first to the one that waits longest."""
        return tuple(self._entries)

    @property
    def paused(self) -> bool:
        """Whether no further job begins."""
        return self._paused

    @property
    def running(self) -> QueueEntry | None:
        """The job that holds the worker."""
        return next((entry for entry in self._entries if entry.runs), None)

    @property
    def waiting(self) -> tuple[QueueEntry, ...]:
        """Those that have not begun, the next one first."""
        return tuple(entry for entry in self._entries if entry.state is EntryState.WAITING)

    @property
    def ended(self) -> tuple[QueueEntry, ...]:
        """Those that are over, one way or another."""
        return tuple(entry for entry in self._entries if entry.ended)

    def find(self, entry_id: str) -> QueueEntry | None:
        """The job with that id."""
        return next((entry for entry in self._entries if entry.id == entry_id), None)

    def row_of(self, entry_id: str) -> int:
        """Its row, or -1."""
        return next((row for row, entry in enumerate(self._entries) if entry.id == entry_id), -1)

    def set_paused(self, paused: bool) -> None:
        """Begin no further job, or go on."""
        if paused != self._paused:
            self._paused = paused
            self.edited.emit()

    def add(self, entry: QueueEntry) -> None:
        """A job at the end of the queue."""
        self._insert(len(self._entries), (entry,))

    def restore(self, entries: Iterable[QueueEntry]) -> None:
        """Jobs of an earlier day: those that ended go above all, those that wait before the
        waiting ones. What is there already is not added again."""
        new = tuple(entry for entry in entries if self.find(entry.id) is None)
        self._insert(0, tuple(entry for entry in new if entry.ended))
        self._insert(self._first_waiting(), tuple(entry for entry in new if not entry.ended))

    def update(self, entry_id: str, **fields: object) -> None:
        """Change some fields of a job."""
        row = self.row_of(entry_id)
        if row < 0:
            return
        before = self._entries[row]
        after = dataclasses.replace(before, **fields)  # pyright: ignore[reportArgumentType]
        if after != before:
            self._entries[row] = after
            self.dataChanged.emit(self.index(row), self.index(row))
        if after.state is not before.state:
            self.edited.emit()

    def move(self, entry_id: str, to: int) -> None:
        """Put a waiting job into another row; it stays among the waiting ones."""
        row = self.row_of(entry_id)
        if row < 0 or self._entries[row].state is not EntryState.WAITING:
            return
        to = min(max(to, self._first_waiting()), len(self._entries) - 1)
        if to == row:
            return
        # Qt counts the destination before the row is taken out.
        self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), to + 1 if to > row else to)
        self._entries.insert(to, self._entries.pop(row))
        self.endMoveRows()
        self.edited.emit()

    def remove(self, entry_id: str) -> None:
        """Take a job that does not run off the list; what it computed stays on disk."""
        row = self.row_of(entry_id)
        if row < 0 or self._entries[row].runs:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._entries[row]
        self.endRemoveRows()
        self.edited.emit()

    def clear_ended(self) -> None:
        """Take off all that are over."""
        for entry in self.ended:
            self.remove(entry.id)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.title}, {entry.state}: {entry.order.request.prompt}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (entry.order.request.prompt, entry.message)))
        return entry if role == ENTRY_ROLE else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid():
            return flags | Qt.ItemFlag.ItemIsDropEnabled  # between the rows and below them
        if self._entries[index.row()].state is EntryState.WAITING:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:  # pyright: ignore[reportIncompatibleMethodOverride]
        data = QMimeData()
        rows = (str(index.row()) for index in indexes)
        data.setData(_MIME, ",".join(rows).encode())
        return data

    def moveRows(
        self,
        source_parent: QModelIndex | QPersistentModelIndex,
        source_row: int,
        count: int,
        destination_parent: QModelIndex | QPersistentModelIndex,
        destination_child: int,
    ) -> bool:
        """What a list view calls for a dragged row; the destination counts it as still there."""
        if count != 1 or not 0 <= source_row < len(self._entries):
            return False
        to = destination_child - 1 if destination_child > source_row else destination_child
        self.move(self._entries[source_row].id, to)
        return True

    def _first_waiting(self) -> int:
        """The row where the waiting jobs begin."""
        return len(self._entries) - len(self.waiting)

    def _insert(self, row: int, entries: tuple[QueueEntry, ...]) -> None:
        if not entries:
            return
        self.beginInsertRows(QModelIndex(), row, row + len(entries) - 1)
        self._entries[row:row] = entries
        self.endInsertRows()
        self.edited.emit()
