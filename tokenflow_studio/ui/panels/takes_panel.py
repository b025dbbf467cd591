"""The takes at the left: every version of the clip, newest first, and what to look for."""

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.core.review import Status
from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.panels.building import frame, label, tool
from tokenflow_studio.ui.panels.take_delegate import TakeDelegate
from tokenflow_studio.ui.panels.take_details import TakeDetails, reveal
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.takes import TAKE_ROLE, Take, TakeState
from tokenflow_studio.ui.state.takes_filter import TakesFilter


class TakesList(QListView):
    """The takes. Signals: `picked(QModelIndex)` when the user goes to one, `removal_wanted()`.

    A current row that changes because another one went is no choice of the user's.
    """

    picked = Signal(QModelIndex)
    removal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self.picked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
            return
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.picked.emit(self.currentIndex())


class TakesPanel(QFrame):
    """Shows the takes and which one is in view. `export_wanted()` when the button is pressed."""

    export_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._studio = studio
        self.filter = TakesFilter(studio.takes, self)
        self.list = TakesList(self)
        self.list.setObjectName("takesList")
        self.list.setAccessibleName("Takes")
        self.list.setModel(self.filter)
        self._delegate = TakeDelegate(studio.frames, studio.takes, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.search = QLineEdit(self)
        self.search.setObjectName("takesSearch")
        self.search.setAccessibleName("Search takes")
        self.search.setPlaceholderText("Search prompts and notes")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search", "text-dim"), QLineEdit.ActionPosition.LeadingPosition)
        self.starred = tool("takesStarredButton", "Favourites only", "star", self)
        self.starred.setCheckable(True)
        self.status = tool("takesStatusButton", "Takes of one status only", "filter", self)
        self.details = TakeDetails(studio, self)
        self.export = self.details.export
        self._stack = QStackedWidget(self)
        self._fill_statuses()
        self._lay_out()
        self._bind()

    def _fill_statuses(self) -> None:
        menu = QMenu(self.status)
        group = QActionGroup(menu)
        for title, status in (("All", None), *((s.capitalize(), s) for s in Status)):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(status is None)
            action.triggered.connect(partial(self._on_status, status))
            group.addAction(action)
        self.status.setMenu(menu)
        self.status.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.status.setCheckable(True)

    def _lay_out(self) -> None:
        head = frame("header", self)
        head.setFixedHeight(36)
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(2)
        row.addWidget(label("Takes", "heading", head))
        row.addStretch()
        row.addWidget(self.starred)
        row.addWidget(self.status)
        self._searching = QWidget(self)
        row = QHBoxLayout(self._searching)
        row.setContentsMargins(12, 8, 12, 6)
        row.addWidget(self.search)
        for text in (
            "A take appears here for\neach propagated prompt.",
            "No take fits.\nClear the search or the filters.",
        ):
            empty = label(text, "small", self)
            empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._stack.addWidget(empty)
        self._stack.addWidget(self.list)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self._searching)
        whole.addWidget(self._stack, 1)
        whole.addWidget(self.details)

    def _bind(self) -> None:
        takes, shelf = self._studio.takes, self._studio.shelf
        self.list.picked.connect(self._on_picked)
        self.list.removal_wanted.connect(self._on_removal)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self._delegate.star_clicked.connect(shelf.toggle_star)
        self.search.textChanged.connect(self.filter.set_text)
        self.starred.toggled.connect(self._on_starred)
        self.details.export_wanted.connect(self.export_wanted)
        self.details.answered.connect(self.list.setFocus)
        takes.current_changed.connect(self._show_current)
        takes.reference_changed.connect(self.list.viewport().update)
        rows = self.filter
        for signal in (rows.rowsInserted, rows.rowsRemoved, rows.modelReset, takes.rowsInserted,
                       takes.rowsRemoved, takes.modelReset):  # fmt: skip
            signal.connect(self._show_current)
        self._studio.frames.thumbnail_ready.connect(self.list.viewport().update)
        self._show_current()

    @Slot(QModelIndex)
    def _on_picked(self, index: QModelIndex) -> None:
        take = index.data(TAKE_ROLE)
        if isinstance(take, Take):
            self._studio.show_take(take)

    @Slot()
    def _show_current(self) -> None:
        takes = self._studio.takes
        take = takes.current
        row = takes.row_of(take.id) if take else -1
        index = self.filter.mapFromSource(takes.index(row))
        if index != self.list.currentIndex():
            self.list.setCurrentIndex(index)
        if not index.isValid():
            self.list.clearSelection()
        self._searching.setVisible(bool(takes.all))
        shown = 2 if self.filter.rowCount() else int(bool(takes.all))
        self._stack.setCurrentIndex(shown)

    @Slot(bool)
    def _on_starred(self, starred: bool) -> None:
        name, colour = ("star-on", "stale") if starred else ("star", "text")
        self.starred.setIcon(icon(name, colour))
        self.filter.set_starred(starred)
        self._show_current()

    def _on_status(self, status: Status | None, _checked: bool = False) -> None:
        self.status.setChecked(status is not None)
        self.filter.set_status(status)
        self._show_current()

    @Slot()
    def _on_removal(self) -> None:
        take = self.list.currentIndex().data(TAKE_ROLE)
        if isinstance(take, Take) and take.home and take.state is not TakeState.RUNNING:
            self.details.ask_to_delete(take)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        take = self.list.indexAt(place).data(TAKE_ROLE)
        if not isinstance(take, Take):
            return
        shelf, there = self._studio.shelf, bool(take.home)
        reference = self._studio.takes.reference
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if reference is not None and reference.id == take.id:
            menu.addAction("Compare With Source").triggered.connect(_call(shelf.compare_with, None))
        else:
            menu.addAction("Compare With This").triggered.connect(_call(shelf.compare_with, take))
        menu.addAction("Restore Recipe").triggered.connect(_call(self._studio.restore, take))
        menu.addSeparator()
        star = "No Favourite Any More" if take.review.starred else "Favourite"
        _add(menu, star, there, _call(shelf.toggle_star, take))
        for status in Status:
            _add(menu, status.capitalize(), there, _call(shelf.set_status, take, status))
        menu.addSeparator()
        _add(menu, "Show in Folder", there, _call(reveal, take))
        deletable = there and take.state is not TakeState.RUNNING
        _add(menu, "Delete…", deletable, _call(self.details.ask_to_delete, take))
        menu.popup(self.list.viewport().mapToGlobal(place))


def _add(menu: QMenu, title: str, enabled: bool, run: partial[None]) -> None:
    action = menu.addAction(title)
    action.setEnabled(enabled)
    action.triggered.connect(run)


def _call(function: object, *args: object) -> partial[None]:
    """A slot that drops what `triggered` carries."""
    return partial(_run, function, args)


def _run(function: object, args: tuple[object, ...], _checked: bool = False) -> None:
    function(*args)  # pyright: ignore[reportCallIssue]
