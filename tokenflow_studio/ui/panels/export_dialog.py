"""Where a take goes: format, folder and name, range, colour, and the names that come of it."""

import dataclasses
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.ui.panels.building import button, label, restyle, tool
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.exporting import Export, ExportPreview, preview_export
from tokenflow_studio.ui.threads.views import offered_views

_FORMATS = (
    ("OpenEXR sequence", ".exr"),
    ("PNG sequence", ".png"),
    ("Movie, H.264", ".mp4"),
    ("Movie, ProRes", ".mov"),
)
_WIDE = 560
_MOST = 10_000_000


class ExportDialog(QDialog):
    """Asks where the take in view goes; it never waits, and writes nothing by itself."""

    def __init__(self, studio: Studio, planned: Export, name: str, parent: QWidget) -> None:
        """name: of the files, without their number and suffix."""
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDE)
        self._studio = studio
        self._planned = planned
        self._asked: Export | None = None  # what the thread looks at
        self._looker = DiskThread(self)
        self.format = QComboBox(self)
        self.folder = QLineEdit(str(Path.home()), self)
        self.browse = tool("exportBrowse", "Choose a folder", "folder", self)
        self.name = QLineEdit(name, self)
        self.first, self.last, self.start = QSpinBox(self), QSpinBox(self), QSpinBox(self)
        self.view = QComboBox(self)
        self.names = label("", "small", self)
        self.problem = label("", "small", self)
        self.cancel = button("exportCancel", "Cancel", "", self)
        self.go = button("exportGo", "Export", "export", self, "main")
        self._fill()
        self._lay_out()
        self._bind()

    def chosen(self) -> Export:
        """What the fields say."""
        suffix = self.format.currentData()
        numbered = "" if suffix in (".mp4", ".mov") else ".####"
        first, last = self.first.value(), self.last.value()
        return dataclasses.replace(
            self._planned,
            output=str(Path(self.folder.text(), f"{self.name.text()}{numbered}{suffix}")),
            frames=tuple(n for n in self._planned.frames if first <= n <= last),
            start=self.start.value(),
            view=self.view.currentData(),
        )

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # closed, by itself or with the window
            self._looker.close()

    def _fill(self) -> None:
        frames = self._planned.frames
        for title, suffix in _FORMATS:
            self.format.addItem(title, suffix)
        clip = self._studio.session.clip
        plates = clip is not None and clip.is_scene_linear
        self.format.setCurrentIndex(self.format.findData(".exr" if plates else ".png"))
        named = (
            (self.format, "exportFormatBox", "Format"),
            (self.folder, "exportFolderEdit", "Folder"),
            (self.name, "exportNameEdit", "Name"),
            (self.first, "exportFirstBox", "First frame"),
            (self.last, "exportLastBox", "Last frame"),
            (self.start, "exportStartBox", "Number of the first file"),
            (self.view, "exportViewBox", "View of the display"),
        )
        for widget, name, title in named:
            widget.setObjectName(name)
            widget.setAccessibleName(title)
        for box, value in ((self.first, frames[0]), (self.last, frames[-1])):
            box.setRange(frames[0], frames[-1])
            box.setValue(value)
        for box in (self.first, self.last, self.start):
            box.lineEdit().setTextMargins(5, 0, 0, 0)  # as every box of the window has them
        self.start.setRange(0, _MOST)
        self.start.setValue(frames[0])
        self.view.addItem("The configuration’s usual view", None)
        self.problem.setWordWrap(True)
        self.names.setWordWrap(True)
        self.names.setMinimumHeight(3 * self.names.fontMetrics().lineSpacing())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        rows = (
            ("Format", (self.format,)),
            ("Folder", (self.folder, self.browse)),
            ("Name", (self.name,)),
            ("Frames", (self.first, label("to", "dim", self), self.last)),
            ("First number", (self.start,)),
            ("Colour", (self.view,)),
            ("Files", (self.names,)),
        )
        for title, widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(6)
            for widget in widgets:
                small = isinstance(widget, QLabel) and widget is not self.names
                row.addWidget(widget, 0 if small or widget is self.browse else 1)
            form.addRow(label(title, "dim", self), row)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.problem, 1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(16)
        column.addLayout(form)
        column.addLayout(buttons)
        self.cancel.setAutoDefault(False)
        self.go.setDefault(True)

    def _bind(self) -> None:
        self.browse.clicked.connect(self._on_browse)
        self.format.currentIndexChanged.connect(self._look)
        self.view.currentIndexChanged.connect(self._look)
        for edit in (self.folder, self.name):
            edit.textChanged.connect(self._look)
        for box in (self.first, self.last, self.start):
            box.valueChanged.connect(self._look)
        self.cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._on_go)
        self._looker.done.connect(self._on_looked)
        clip = self._studio.session.clip
        if clip is not None and clip.is_scene_linear:
            self._looker.submit("views", partial(offered_views, clip.config))
        self._look()

    @Slot()
    def _look(self, _changed: object = None) -> None:
        """See what would be written; the latest wish counts."""
        suffix, clip = self.format.currentData(), self._studio.session.clip
        displayed = clip is not None and clip.is_scene_linear and suffix != ".exr"
        self.view.setEnabled(displayed)
        own = clip is not None and clip.kind == "movie" and suffix in (".mov", ".mp4")
        usual = "As it is, if that is deep enough" if own else "The configuration’s usual view"
        self.view.setItemText(0, usual if displayed else "As it is")
        self.view.setToolTip("" if displayed else "OpenEXR and display-referred clips stay as "
                             "they are")  # fmt: skip
        self.start.setEnabled(suffix in (".exr", ".png"))
        self.go.setEnabled(False)
        chosen = self.chosen()
        if not chosen.frames or not self.name.text().strip():
            self._show(ExportPreview((), 0, wrong="Give a name and a range with frames."))
            return
        if self._asked is None:
            self._asked = chosen
            self._looker.submit("look", partial(preview_export, chosen))

    @Slot(str, object)
    def _on_looked(self, name: str, result: object) -> None:
        if name == "views" and isinstance(result, tuple):
            for view in map(str, result):
                self.view.addItem(view, view)
            session = self._studio.session
            if session.clip is not None and session.clip.kind != "movie":  # else it stays as it is
                self.view.setCurrentIndex(max(0, self.view.findData(session.view)))
        elif isinstance(result, ExportPreview):
            asked, self._asked = self._asked, None
            if asked != self.chosen():
                self._look()
            else:
                self._show(result)

    def _show(self, found: ExportPreview) -> None:
        names = list(found.names)
        if found.count > len(names):
            names.insert(-1, "…")
        plural = "" if found.count == 1 else "s"
        self.names.setText("  ".join(names) + f"   ({found.count} file{plural})" if names else "")
        taken = f"{found.taken} is there already." if found.taken else ""
        self.problem.setText(found.wrong or taken)
        restyle(self.problem, "error" if self.problem.text() else "small")
        self.go.setEnabled(not self.problem.text())

    @Slot()
    def _on_browse(self) -> None:
        dialog = QFileDialog(self, "Export to", self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    @Slot()
    def _on_go(self) -> None:
        self._studio.export(self.chosen())
        self.accept()
