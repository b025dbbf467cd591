"""Preferences, Cache & Folders: where things lie, how large they are, and making room."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.settings import Settings
from tokenflow_studio.ui.panels.building import Word, button, label, tool
from tokenflow_studio.ui.preferences.form import Page, add_row, show_decided
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads.folders import FolderFacts
from tokenflow_studio.ui.wording import file_size

_FIELDS = {"Cache": "cache_folder", "Takes": "takes_folder"}
_NOTES = {
    "Cache": "Inversions, features and checkpoints; safe to delete, and made again when needed.",
    "Takes": "Finished takes, one folder per clip; with a project they lie beside its file.",
}


class FoldersPage(Page):
    """Every change counts for the next job; nothing is moved."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__("foldersPage", "Cache & Folders", parent)
        self._studio = studio
        self.places: dict[str, QLineEdit] = {}
        self._choosers: dict[str, QToolButton] = {}
        self._notes: dict[str, QLabel] = {}
        self._sizes: dict[str, QLabel] = {}
        form = self.add_form()
        for name in _FIELDS:
            self._notes[name] = add_row(form, f"{name} folder", self._place(name))
        self.limit = QSpinBox(self.body)
        self.limit.setObjectName("cacheLimitBox")
        self.limit.setAccessibleName("Limit of the cache")
        self.limit.setRange(0, 100_000)
        self.limit.setSingleStep(10)
        self.limit.setSuffix(" GB")
        self.limit.setSpecialValueText("No limit")
        self.limit.setKeyboardTracking(False)
        add_row(
            form, "Cache limit", self.limit,
            "After each job, what was used longest ago is removed until the cache fits.",
        )  # fmt: skip
        self.clear = button("clearCacheButton", "Clear cache", "", self.body)
        self.word = Word("foldersWord", self.body)
        self._add_sizes()
        self.column.addStretch()
        self._bind()

    def _place(self, name: str) -> QWidget:
        """A field with the folder, and a button that chooses another."""
        whole = QWidget(self.body)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        field = self.places[name] = QLineEdit(whole)
        field.setObjectName(f"{name.lower()}FolderField")
        field.setAccessibleName(f"{name} folder")
        field.setPlaceholderText("The system’s own place")
        field.editingFinished.connect(partial(self._on_place, name))
        tip = f"Choose the {name.lower()} folder"
        choose = tool(f"{name.lower()}FolderButton", tip, "open", whole)
        choose.clicked.connect(partial(self._choose, name))
        self._choosers[name] = choose
        row.addWidget(field, 1)
        row.addWidget(choose)
        whole.setFocusProxy(field)
        return whole

    def _add_sizes(self) -> None:
        self.add_heading("On disk")
        form = self.add_form()
        for name in ("Cache", "Takes", "Models", "State"):
            whole = QWidget(self.body)
            row = QHBoxLayout(whole)
            row.setContentsMargins(0, 0, 0, 0)
            self._sizes[name] = label("Measuring…", "number", whole)
            self._sizes[name].setObjectName(f"{name.lower()}Size")
            row.addWidget(self._sizes[name])
            row.addStretch()
            if name == "Cache":
                row.addWidget(self.clear)
            add_row(form, name, whole)
        self.column.addWidget(self.word)

    def _bind(self) -> None:
        studio, folders = self._studio, self._studio.folders
        self.limit.valueChanged.connect(self._on_limit)
        self.clear.clicked.connect(folders.clear)
        folders.measured.connect(self._show_sizes)
        folders.told.connect(self.word.tell)
        folders.refused.connect(self.word.refuse)
        studio.settings.changed.connect(self._show)
        self._show(studio.settings.value)
        folders.measure()

    @Slot(object)
    def _show(self, settings: Settings) -> None:
        for name, field in _FIELDS.items():
            self.places[name].setText(getattr(settings, field))
            decided = self._studio.settings.decided_by(field)
            show_decided(self.places[name], self._notes[name], decided, _NOTES[name])
            self._choosers[name].setEnabled(not decided)
        self.limit.blockSignals(True)  # what is shown is not what the user chose
        self.limit.setValue(settings.cache_limit)
        self.limit.blockSignals(False)

    @Slot(object)
    def _show_sizes(self, found: tuple[FolderFacts, ...]) -> None:
        for facts in found:
            shown = self._sizes[facts.name]
            shown.setText(f"{file_size(facts.size)}, {file_size(facts.free)} free")
            shown.setToolTip(str(facts.path))

    def _choose(self, name: str, _checked: bool = False) -> None:
        dialog = QFileDialog(self, f"{name} folder", self.places[name].text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.places[name].setText)
        dialog.fileSelected.connect(partial(self._on_place, name))
        dialog.open()

    def _on_place(self, name: str, _chosen: str = "") -> None:
        text = self.places[name].text().strip()
        if text and not Path(text).is_absolute():
            self.word.refuse(f"'{text}' is no whole path: begin it with the disk or with /.")
            return
        try:
            self._studio.settings.set(**{_FIELDS[name]: text})
        except BadInput as error:
            self.word.refuse(str(error))
            return
        self.word.tell("")
        self._studio.folders.measure()

    @Slot(int)
    def _on_limit(self, value: int) -> None:
        self._studio.settings.set(cache_limit=value)
        self._studio.folders.keep_within_limit()
