"""The queue above the job bar: every job, its place and its state."""

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.ui.panels.building import button, frame, label, tool
from tokenflow_studio.ui.panels.queue_delegate import QueueDelegate
from tokenflow_studio.ui.state.jobs import Jobs
from tokenflow_studio.ui.state.queue import ENTRY_ROLE, EntryState, QueueEntry

_HEIGHT = 208  # header and four jobs
_LEAST = 100  # header and one
_AGAIN = (EntryState.FAILED, EntryState.CANCELLED)


class QueueList(QListView):
    """The jobs. Signals: `move_wanted(int)` by Alt and the arrows, `removal_wanted()` by Del."""

    move_wanted = Signal(int)
    removal_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_wanted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)


class QueuePanel(QFrame):
    """Shows the queue and lets the user order, retry and remove its jobs."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setMinimumHeight(_LEAST)
        self._jobs = jobs
        self.list = QueueList(self)
        self.list.setObjectName("queueList")
        self.list.setAccessibleName("Job queue")
        self.list.setModel(jobs.queue)
        self.list.setItemDelegate(QueueDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.counts = label("", "small", self)
        self.up = tool("queueUpButton", "Run earlier  (Alt+Up)", "move-up", self)
        self.down = tool("queueDownButton", "Run later  (Alt+Down)", "move-down", self)
        self.retry = tool("queueRetryButton", "Try this job again", "retry", self)
        self.remove = tool("queueRemoveButton", "Remove from the queue  (Del)", "cancel", self)
        self.pause = button("queuePauseButton", "", "pause", self)
        self.clear = button("queueClearButton", "Clear finished", "", self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._bind()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _HEIGHT)

    @property
    def chosen(self) -> QueueEntry | None:
        """The job that the buttons act on."""
        entry = self.list.currentIndex().data(ENTRY_ROLE)
        return entry if isinstance(entry, QueueEntry) else None

    def _lay_out(self) -> None:
        head = frame("header", self)
        head.setFixedHeight(38)
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(label("Queue", "heading", head))
        row.addSpacing(6)
        row.addWidget(self.counts)
        row.addStretch()
        for widget in (self.up, self.down, self.retry, self.remove):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.clear)
        row.addWidget(self.pause)
        empty = label("No jobs: a preview or a take that you order waits here.", "small", self)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.list)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self._stack, 1)

    def _bind(self) -> None:
        queue = self._jobs.queue
        self.list.move_wanted.connect(self._move)
        self.list.removal_wanted.connect(self._remove)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.list.selectionModel().currentChanged.connect(self._on_chosen)
        self.up.clicked.connect(partial(self._move, -1))
        self.down.clicked.connect(partial(self._move, 1))
        self.retry.clicked.connect(self._retry)
        self.remove.clicked.connect(self._remove)
        self.clear.clicked.connect(queue.clear_ended)
        self.pause.clicked.connect(self._on_pause)
        queue.edited.connect(self._show)
        self._show()

    @Slot(QModelIndex, QModelIndex)
    def _on_chosen(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._show()

    @Slot()
    def _show(self) -> None:
        queue, chosen = self._jobs.queue, self.chosen
        self._stack.setCurrentIndex(1 if queue.all else 0)
        running, waiting = int(queue.running is not None), len(queue.waiting)
        parts = [f"{running} running"] * running + [f"{waiting} waiting"] * bool(waiting)
        parts += ["paused"] * queue.paused
        self.counts.setText(", ".join(parts))
        movable = chosen is not None and chosen.state is EntryState.WAITING
        self.up.setEnabled(movable and chosen != queue.waiting[0])
        self.down.setEnabled(movable and chosen != queue.waiting[-1])
        self.retry.setEnabled(chosen is not None and chosen.state in _AGAIN)
        self.remove.setEnabled(chosen is not None and not chosen.runs)
        self.clear.setEnabled(bool(queue.ended))
        self.pause.setText("Resume" if queue.paused else "Pause after this job")
        self.pause.setEnabled(queue.paused or bool(running or waiting))

    @Slot()
    def _on_pause(self) -> None:
        if self._jobs.queue.paused:
            self._jobs.resume()
        else:
            self._jobs.pause()

    @Slot(int)
    def _move(self, by: int, _checked: bool = False) -> None:
        chosen = self.chosen
        if chosen is not None:
            self._jobs.queue.move(chosen.id, self._jobs.queue.row_of(chosen.id) + by)

    @Slot()
    def _retry(self) -> None:
        chosen = self.chosen
        if chosen is not None and chosen.state in _AGAIN:
            self._jobs.retry(chosen.id)

    @Slot()
    def _remove(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self._jobs.queue.remove(chosen.id)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        index = self.list.indexAt(place)
        if not index.isValid():
            return
        self.list.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, source, run in (
            ("Run Earlier", self.up, partial(self._move, -1)),
            ("Run Later", self.down, partial(self._move, 1)),
            ("Try Again", self.retry, self._retry),
            ("Remove", self.remove, self._remove),
        ):
            action = menu.addAction(title)
            action.setEnabled(source.isEnabled())
            action.triggered.connect(run)
        menu.popup(self.list.viewport().mapToGlobal(place))
