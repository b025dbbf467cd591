"""Preferences, Shortcuts: every command with its keys, searched, changed, and kept apart."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTreeView,
    QWidget,
)

from tokenflow_studio.ui.actions import Command
from tokenflow_studio.ui.key_presets import PRESET_TITLES
from tokenflow_studio.ui.panels.building import button, frame, label
from tokenflow_studio.ui.preferences.command_tree import COMMAND_ROLE, CommandTree
from tokenflow_studio.ui.preferences.form import Page, note
from tokenflow_studio.ui.state.shortcuts import Shortcuts, shown

_SEQUENCES = 2  # keys that can be set for a command here


class ShortcutsPage(Page):
    """A tree of commands by group above, the keys of the chosen one under it."""

    def __init__(self, shortcuts: Shortcuts, parent: QWidget | None = None) -> None:
        super().__init__("shortcutsPage", "Shortcuts", parent)
        self._shortcuts = shortcuts
        self._command: Command | None = None
        self.preset = QComboBox(self.body)
        self.search = QLineEdit(self.body)
        self.reset_all = button("resetAllKeysButton", "Reset all", "reset", self.body)
        self.tree = QTreeView(self.body)
        self.model = CommandTree(shortcuts, self)
        self.found = QSortFilterProxyModel(self)
        self.name = label("", "number", self.body)
        self.edits = [QKeySequenceEdit(self.body) for _ in range(_SEQUENCES)]
        self.reset = button("resetKeysButton", "Reset", "reset", self.body)
        self.conflict = note("", self.body)
        self.conflict.setObjectName("keyConflict")
        self.conflict.setProperty("kind", "error")
        self.settle = button("settleKeysButton", "Take the key", "", self.body)
        self._fill()
        self._lay_out()
        self._bind()

    def choose(self, command: str) -> None:
        """Put that command up for change."""
        index = self.found.mapFromSource(self.model.index_of(command))
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _fill(self) -> None:
        self.preset.setObjectName("shortcutPresetBox")
        self.preset.setAccessibleName("Preset of keys")
        for name, title in PRESET_TITLES.items():
            self.preset.addItem(title, name)
        self.search.setObjectName("shortcutSearch")
        self.search.setAccessibleName("Search commands and keys")
        self.search.setPlaceholderText("Search commands and keys")
        self.search.setClearButtonEnabled(True)
        self.found.setSourceModel(self.model)
        self.found.setFilterKeyColumn(-1)
        self.found.setRecursiveFilteringEnabled(True)
        self.found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tree.setObjectName("shortcutTree")
        self.tree.setAccessibleName("Commands and their keys")
        self.tree.setModel(self.found)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.tree.setMinimumHeight(240)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.tree.header().resizeSection(1, 210)
        self.tree.header().setStretchLastSection(False)
        for number, edit in enumerate(self.edits, 1):
            edit.setObjectName(f"keyEdit{number}")
            edit.setAccessibleName("Key" if number == 1 else "Second key")
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label("Preset", "dim", self.body))
        top.addWidget(self.preset)
        top.addSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.reset_all)
        self.column.addLayout(top)
        self.column.addWidget(self.tree, 1)
        card = frame("card", self.body)
        grid = QGridLayout(card)
        grid.setContentsMargins(14, 10, 14, 12)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.name, 0, 0, 1, 5)
        for place, (title, edit) in enumerate(zip(("Key", "or"), self.edits, strict=True)):
            grid.addWidget(label(title, "dim", card), 1, 2 * place)
            grid.addWidget(edit, 1, 2 * place + 1)
            grid.setColumnStretch(2 * place + 1, 1)
        grid.addWidget(self.reset, 1, 4)
        grid.addWidget(self.conflict, 2, 0, 1, 4)
        grid.addWidget(self.settle, 2, 4)
        self.column.addWidget(card)

    def _bind(self) -> None:
        self.preset.activated.connect(self._on_preset)
        self.search.textChanged.connect(self._on_search)
        self.reset_all.clicked.connect(self._shortcuts.reset_all)
        self.reset.clicked.connect(self._on_reset)
        self.settle.clicked.connect(self._on_settle)
        self.tree.selectionModel().currentChanged.connect(self._on_chosen)
        for edit in self.edits:
            edit.editingFinished.connect(self._on_edited)
        self._shortcuts.changed.connect(self._show)
        self.tree.expandAll()
        self.choose(self._shortcuts.commands[0].id)
        self._show()

    @Slot()
    def _show(self) -> None:
        self.preset.setCurrentIndex(self.preset.findData(self._shortcuts.preset))
        self.reset_all.setEnabled(any(map(self._is_changed, self._shortcuts.commands)))
        command = self._command
        for widget in (*self.edits, self.reset):
            widget.setEnabled(command is not None)
        self.name.setText("" if command is None else f"{command.menu}: {plain(command.title)}")
        keys = () if command is None else self._shortcuts.keys(command.id)
        for edit, key in zip(self.edits, (*keys, *("",) * _SEQUENCES), strict=False):
            edit.setKeySequence(QKeySequence(key))
        self.reset.setEnabled(command is not None and self._is_changed(command))
        self._show_conflict()

    def _show_conflict(self) -> None:
        rivals = () if self._command is None else self._shortcuts.rivals(self._command.id)
        others = ", ".join(f"{shown([key])} also means {plain(o.title)}" for key, o in rivals)
        text = f"{others}: while two commands share a key, it does nothing." if others else ""
        self.conflict.setText(text)
        self.settle.setVisible(bool(rivals))

    def _is_changed(self, command: Command) -> bool:
        return self._shortcuts.is_changed(command.id)

    @Slot(int)
    def _on_preset(self, _row: int) -> None:
        self._shortcuts.set_preset(self.preset.currentData())

    @Slot(str)
    def _on_search(self, text: str) -> None:
        self.found.setFilterFixedString(text)
        self.tree.expandAll()

    @Slot(QModelIndex, QModelIndex)
    def _on_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._command = index.data(COMMAND_ROLE)
        self._show()

    @Slot()
    def _on_edited(self) -> None:
        if self._command is None:
            return
        form = QKeySequence.SequenceFormat.PortableText
        keys = tuple(edit.keySequence().toString(form) for edit in self.edits)
        rest = self._shortcuts.keys(self._command.id)[_SEQUENCES:]
        self._shortcuts.set_keys(self._command.id, (*keys, *rest))

    @Slot()
    def _on_reset(self) -> None:
        if self._command is not None:
            self._shortcuts.reset(self._command.id)

    @Slot()
    def _on_settle(self) -> None:
        if self._command is not None:
            self._shortcuts.settle(self._command.id)


def plain(title: str) -> str:
    """A command's title within a sentence."""
    return title.removesuffix("…")
