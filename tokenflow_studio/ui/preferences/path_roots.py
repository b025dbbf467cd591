"""The table of folders that two machines call by different names."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tokenflow_studio.core.settings import Settings
from tokenflow_studio.ui.panels.building import button, tool
from tokenflow_studio.ui.preferences.form import note
from tokenflow_studio.ui.state.settings import SettingsModel


class RootRow(QWidget):
    """One pair: the folder as the other machine names it, and as this one does."""

    def __init__(self, there: str, here: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.there = _edit("rootThereEdit", "There", r"There, such as Z:\show", there, self)
        self.here = _edit("rootHereEdit", "Here", "Here, such as /mnt/show", here, self)
        self.remove = tool("removeRootButton", "Remove this pair", "cancel", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.there, 1)
        row.addWidget(self.here, 1)
        row.addWidget(self.remove)

    @property
    def pair(self) -> tuple[str, str]:
        """What stands in the fields."""
        return self.there.text().strip(), self.here.text().strip()


class PathRoots(QWidget):
    """Edits `path_roots` of the settings; a pair counts once both of its fields are filled."""

    def __init__(self, settings: SettingsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.rows: list[RootRow] = []
        self.add = button("addRootButton", "Add Folder", "", self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        text = "Paths in packages that begin with the left one are looked for in the right one."
        self._column.addWidget(note(text, self))
        line = QHBoxLayout()
        line.addWidget(self.add)
        line.addStretch()
        self._column.addLayout(line)
        self.add.clicked.connect(self._on_add)
        settings.changed.connect(self._show)
        self._show(settings.value)

    @Slot(object)
    def _show(self, settings: Settings) -> None:
        if settings.path_roots != self._filled():
            for row in tuple(self.rows):
                self._drop(row)
            for there, here in settings.path_roots:
                self._append(there, here)

    def _filled(self) -> tuple[tuple[str, str], ...]:
        return tuple(row.pair for row in self.rows if all(row.pair))

    def _append(self, there: str = "", here: str = "") -> RootRow:
        row = RootRow(there, here, self)
        for edit in (row.there, row.here):
            edit.editingFinished.connect(self._store)
        row.remove.clicked.connect(partial(self._on_remove, row))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        return row

    def _drop(self, row: RootRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.deleteLater()

    @Slot()
    def _on_add(self) -> None:
        self._append().there.setFocus()

    def _on_remove(self, row: RootRow, _checked: bool = False) -> None:
        self._drop(row)
        self._store()

    @Slot()
    def _store(self) -> None:
        self._settings.set(path_roots=self._filled())


def _edit(name: str, title: str, hint: str, text: str, parent: QWidget) -> QLineEdit:
    made = QLineEdit(text, parent)
    made.setObjectName(name)
    made.setAccessibleName(title)
    made.setPlaceholderText(hint)
    return made
