"""The commands as a tree: their groups, under each the commands with their keys."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QFont

from tokenflow_studio.ui.state.shortcuts import Shortcuts, shown
from tokenflow_studio.ui.theme import theme

COMMAND_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_TOP = 0  # internal id of a group; a command's is its group's row + 1
_NOWHERE = QModelIndex()


class CommandTree(QAbstractItemModel):
    """Two columns, title and keys. Changed keys are bold; keys that two commands share are red."""

    def __init__(self, shortcuts: Shortcuts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shortcuts = shortcuts
        names = dict.fromkeys(command.menu for command in shortcuts.commands)
        self._groups = [
            (name, [command for command in shortcuts.commands if command.menu == name])
            for name in names
        ]
        shortcuts.changed.connect(self._on_changed)

    def index_of(self, command: str) -> QModelIndex:
        """Where that command stands."""
        for top, (_, commands) in enumerate(self._groups):
            for row, one in enumerate(commands):
                if one.id == command:
                    return self.createIndex(row, 0, top + 1)
        return QModelIndex()

    def index(self, row: int, column: int, parent: _Index = _NOWHERE) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TOP)

    def parent(self, index: _Index = _NOWHERE) -> QModelIndex:  # pyright: ignore[reportIncompatibleMethodOverride]
        group = index.internalId() if index.isValid() else _TOP
        return QModelIndex() if group == _TOP else self.createIndex(group - 1, 0, _TOP)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        if not parent.isValid():
            return len(self._groups)
        leaf = parent.internalId() != _TOP or parent.column() > 0
        return 0 if leaf else len(self._groups[parent.row()][1])

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        titles = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return ("Command", "Keys")[section] if titles else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if index.internalId() == _TOP:
            text = role == Qt.ItemDataRole.DisplayRole and index.column() == 0
            return self._groups[index.row()][0] if text else None
        command = self._groups[index.internalId() - 1][1][index.row()]
        keys = self._shortcuts.keys(command.id)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown(keys) if index.column() else command.title
            case Qt.ItemDataRole.FontRole if self._shortcuts.is_changed(command.id):
                return theme().font(weight=QFont.Weight.DemiBold)
            case Qt.ItemDataRole.ForegroundRole if self._shortcuts.rivals(command.id):
                return theme().colour("error")
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == 0:
                return f"{command.title}, {shown(keys) or 'no key'}"
            case _ if role == COMMAND_ROLE:
                return command
        return None

    @Slot()
    def _on_changed(self) -> None:
        for top, (_, commands) in enumerate(self._groups):
            last = self.createIndex(len(commands) - 1, 1, top + 1)
            self.dataChanged.emit(self.createIndex(0, 0, top + 1), last)
