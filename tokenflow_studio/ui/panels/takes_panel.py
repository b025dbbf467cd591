"""The takes at the left: every version of the clip, newest first."""

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
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

from tokenflow_studio.ui.panels.building import button, frame, label
from tokenflow_studio.ui.panels.take_delegate import TakeDelegate
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.takes import TAKE_ROLE, Take, TakeState


class TakesPanel(QFrame):
    """Shows the takes and which one is in view. `export_wanted()` when the button is pressed."""

    export_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._studio = studio
        self.list = QListView(self)
        self.list.setObjectName("takesList")
        self.list.setAccessibleName("Takes")
        self.list.setModel(studio.takes)
        self.list.setItemDelegate(TakeDelegate(studio.frames, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.export = button("exportButton", "Export take…", "export", self)
        self.export.setToolTip("Copy the take's frames to a sequence or a movie  (Ctrl+E)")
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._bind()

    def _lay_out(self) -> None:
        head = frame("header", self)
        head.setFixedHeight(36)
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 0, 8, 0)
        row.addWidget(label("Takes", "heading", head))
        empty = label("A take appears here for\neach propagated prompt.", "small", self)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(empty)
        self._stack.addWidget(self.list)
        foot = frame("bar", self)
        column = QVBoxLayout(foot)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.export)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self._stack, 1)
        whole.addWidget(foot)

    def _bind(self) -> None:
        takes = self._studio.takes
        self.list.clicked.connect(self._on_clicked)
        self.list.selectionModel().currentChanged.connect(self._on_clicked)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.export.clicked.connect(self.export_wanted)
        takes.current_changed.connect(self._on_current)
        takes.rowsInserted.connect(self._on_count)
        takes.rowsRemoved.connect(self._on_count)
        takes.modelReset.connect(self._on_count)
        self._studio.frames.thumbnail_ready.connect(self.list.viewport().update)
        self._on_current(takes.current)
        self._on_count()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        take = index.data(TAKE_ROLE)
        if isinstance(take, Take):
            self._studio.show_take(take)

    @Slot(object)
    def _on_current(self, take: Take | None) -> None:
        row = self._studio.takes.row_of(take.id) if take else -1
        index = self._studio.takes.index(row)
        if index != self.list.currentIndex():
            self.list.setCurrentIndex(index)
        if not index.isValid():
            self.list.clearSelection()
        self.export.setEnabled(take is not None and take.state is TakeState.DONE)

    @Slot()
    def _on_count(self) -> None:
        self._stack.setCurrentIndex(1 if self._studio.takes.all else 0)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        take = self.list.indexAt(place).data(TAKE_ROLE)
        if not isinstance(take, Take):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        restore = menu.addAction("Restore Recipe")
        restore.triggered.connect(partial(self._studio.restore, take))
        reveal = menu.addAction("Show in Folder")
        reveal.setEnabled(bool(take.folder))
        reveal.triggered.connect(partial(_reveal, take.folder))
        menu.popup(self.list.viewport().mapToGlobal(place))


def _reveal(folder: str, _checked: bool = False) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(folder))
