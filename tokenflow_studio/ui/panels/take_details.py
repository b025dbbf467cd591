"""Under the takes: what can be done with the one in view."""

from functools import partial

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tokenflow_studio.core.review import Status
from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.panels.building import button, label, tool
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.takes import Take, TakeState
from tokenflow_studio.ui.state.trash import DiskFigures
from tokenflow_studio.ui.wording import file_size


class TakeDetails(QFrame):
    """Judges, compares, restores, reveals, deletes and exports the take in view.

    Signals: `export_wanted()` when the button is pressed, `answered()` when the question whether to
    delete is out of the way.
    """

    export_wanted = Signal()
    answered = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._studio = studio
        self._asked: Take | None = None  # whether to delete it
        self._noted = ""  # the take that the note belongs to
        self.star = tool("takeStarButton", "Favourite", "star", self)
        self.status = _box("takeStatusBox", "Status of the take", self)
        self.restore = tool("takeRestoreButton", "Restore the recipe of this take", "reset", self)
        self.reveal = tool("takeRevealButton", "Show in the file manager", "folder", self)
        self.delete = tool("takeDeleteButton", "Delete this take…  (Del)", "trash", self)
        self.note = QLineEdit(self)
        self.note.setObjectName("takeNoteEdit")
        self.note.setAccessibleName("Note on the take")
        self.note.setPlaceholderText("Note")
        self.side_a = _box("takeABox", "Side A of the viewer", self)
        self.side_b = _box("takeBBox", "Side B of the viewer", self)
        self.swap = tool("takeSwapButton", "Swap A and B", "swap", self)
        self.question = label("", "number", self)
        self.question.setObjectName("takeDeleteQuestion")
        self.question.setWordWrap(True)
        self.yes = button("takeDeleteYes", "Delete", "trash", self)
        self.no = button("takeDeleteNo", "Keep", "", self)
        self.export = button("exportButton", "Export take…", "export", self)
        self.export.setToolTip("Copy the take's frames to a sequence or a movie  (Ctrl+E)")
        self.disk = label("", "small", self)
        self.disk.setObjectName("takesDisk")
        for status in Status:
            self.status.addItem(status.capitalize(), status)
        self._asking = QWidget(self)
        self._lay_out()
        self._bind()

    def ask_to_delete(self, take: Take | None) -> None:
        """Ask under the list, without stopping anything; None withdraws the question."""
        self._asked = take
        self._asking.setVisible(take is not None)
        if take is None:
            self.answered.emit()
        else:
            size = "" if take.size is None else f" ({file_size(take.size)})"
            self.question.setText(f"Delete {take.name}{size}?")
            self.yes.setFocus()

    def _lay_out(self) -> None:
        first, third = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(2)
        first.addWidget(self.star)
        first.addWidget(self.status, 1)
        first.addSpacing(4)
        for widget in (self.restore, self.reveal, self.delete):
            first.addWidget(widget)
        third.setSpacing(4)
        third.addWidget(label("A", "dim", self))
        third.addWidget(self.side_a, 1)
        third.addWidget(self.swap)
        third.addWidget(label("B", "dim", self))
        third.addWidget(self.side_b, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.no)
        row.addWidget(self.yes)
        asking = QVBoxLayout(self._asking)
        asking.setContentsMargins(0, 0, 0, 4)
        asking.setSpacing(6)
        asking.addWidget(self.question)
        asking.addLayout(row)
        self._asking.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self._asking)
        column.addLayout(first)
        column.addWidget(self.note)
        column.addLayout(third)
        column.addWidget(self.export)
        column.addWidget(self.disk)

    def _bind(self) -> None:
        studio, takes = self._studio, self._studio.takes
        self.star.clicked.connect(partial(self._with_take, studio.shelf.toggle_star))
        self.restore.clicked.connect(partial(self._with_take, studio.restore))
        self.reveal.clicked.connect(partial(self._with_take, reveal))
        self.delete.clicked.connect(partial(self._with_take, self.ask_to_delete))
        self.yes.clicked.connect(self._on_yes)
        self.no.clicked.connect(partial(self.ask_to_delete, None))
        self.status.activated.connect(self._on_status)
        self.note.editingFinished.connect(self._on_note)
        self.side_a.activated.connect(self._on_side_a)
        self.side_b.activated.connect(self._on_side_b)
        self.swap.clicked.connect(studio.shelf.swap)
        self.export.clicked.connect(self.export_wanted)
        studio.shelf.disk_changed.connect(self._show_disk)
        takes.current_changed.connect(self._show)
        takes.reference_changed.connect(self._show)
        for signal in (takes.rowsInserted, takes.rowsRemoved, takes.modelReset, takes.dataChanged):
            signal.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        takes = self._studio.takes
        take = takes.current
        if self._asked is not None and takes.find(self._asked.id) is None:
            self.ask_to_delete(None)
        there = take is not None and bool(take.home)
        running = take is not None and take.state is TakeState.RUNNING
        for widget in (self.star, self.status, self.note, self.reveal):
            widget.setEnabled(there)
        self.restore.setEnabled(take is not None)
        self.delete.setEnabled(there and not running)
        self.export.setEnabled(take is not None and take.state is TakeState.DONE)
        starred = take is not None and take.review.starred
        self.star.setIcon(icon("star-on" if starred else "star", "stale" if starred else "text"))
        self.star.setToolTip("No favourite any more" if starred else "Favourite")
        self.status.setCurrentIndex(self.status.findData(take.review.status) if take else -1)
        self._show_note(take)
        self._show_sides(take, takes.reference)

    def _show_note(self, take: Take | None) -> None:
        other = (take.id if take else "") != self._noted
        if other:
            self._on_note()  # what was typed belongs to the take that was in view
            self._noted = take.id if take else ""
        note = take.review.note if take else ""
        if (other or not self.note.hasFocus()) and self.note.text() != note:
            self.note.setText(note)
            self.note.setCursorPosition(0)

    def _show_sides(self, current: Take | None, reference: Take | None) -> None:
        pictured = [(take.name, take.id) for take in self._studio.takes.all if take.count]
        for box, shown, first in (
            (self.side_a, reference, "Source"),
            (self.side_b, current, "Preview"),
        ):
            offered = [(first, ""), *pictured]
            if offered != [(box.itemText(row), box.itemData(row)) for row in range(box.count())]:
                box.clear()
                for name, take_id in offered:
                    box.addItem(name, take_id)
            box.setCurrentIndex(max(box.findData(shown.id if shown else ""), 0))
            box.setEnabled(bool(pictured))
        self.swap.setEnabled(reference is not None and current is not None)

    def _with_take(self, do: object, _checked: bool = False) -> None:
        take = self._studio.takes.current
        if take is not None:
            do(take)  # pyright: ignore[reportCallIssue]

    @Slot(int)
    def _on_status(self, _row: int) -> None:
        take = self._studio.takes.current
        if take is not None:
            self._studio.shelf.set_status(take, self.status.currentData())

    @Slot()
    def _on_note(self) -> None:
        take = self._studio.takes.find(self._noted)
        if take is not None and self.note.isModified():
            self.note.setModified(False)
            self._studio.shelf.set_note(take, self.note.text())

    @Slot(int)
    def _on_side_a(self, _row: int) -> None:
        self._studio.shelf.compare_with(self._studio.takes.find(self.side_a.currentData()))

    @Slot(int)
    def _on_side_b(self, _row: int) -> None:
        take = self._studio.takes.find(self.side_b.currentData())
        if take is None:
            self._studio.takes.select("")
        else:
            self._studio.show_take(take)

    @Slot()
    def _on_yes(self) -> None:
        if self._asked is not None:
            take, self._asked = self._asked, None
            self.ask_to_delete(None)
            self._studio.shelf.delete(take)

    @Slot(object)
    def _show_disk(self, figures: DiskFigures) -> None:
        self.disk.setText(f"All takes {file_size(figures.takes)} · {file_size(figures.free)} free")


def reveal(take: Take) -> None:
    """Open the take's folder in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(take.home))


def _box(name: str, title: str, parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setToolTip(title)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    box.setMinimumContentsLength(4)
    return box
