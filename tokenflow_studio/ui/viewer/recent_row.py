"""What was opened lately, as pictures in the empty window."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from tokenflow_studio.project.store import is_project
from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.state.recent_files import RecentFiles
from tokenflow_studio.ui.threads.naming import clip_name

_TILES, _PROJECTS = 4, 2  # at most, and of them projects where there are clips as well
_PICTURE = QSize(144, 81)  # the style sheet gives a tile room for it and a line


class RecentRow(QWidget):
    """Hidden while nothing was opened. Signal: `chosen(str)` with a project's path or a spec."""

    chosen = Signal(str)

    def __init__(self, recent: RecentFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recentRow")
        self._recent = recent
        self.tiles: list[QToolButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 20, 0, 0)
        self._row.setSpacing(10)
        recent.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self, _recent: object = None) -> None:
        for tile in self.tiles:
            self._row.removeWidget(tile)
            tile.deleteLater()
        recent = self._recent.value
        projects = recent.projects[: max(_PROJECTS, _TILES - len(recent.clips))]
        paths = (*projects, *recent.clips)[:_TILES]
        self.tiles = [self._tile(path) for path in paths]
        for tile in self.tiles:
            self._row.addWidget(tile)
            tile.show()  # at once: whoever measures the row now must not find it empty

    def _tile(self, path: str) -> QToolButton:
        project = is_project(path)
        name = Path(path).stem if project else clip_name(path)
        tile = QToolButton(self)
        tile.setObjectName("recentTile")
        tile.setProperty("kind", "tile")
        tile.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        tile.setIconSize(_PICTURE)
        metrics = tile.fontMetrics()
        tile.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _PICTURE.width()))
        tile.setToolTip(path)
        tile.setAccessibleName(f"{'Project' if project else 'Clip'} {name}")
        picture = self._recent.pictures.get(path)
        if picture is None:
            tile.setIcon(icon("logo" if project else "film", "line-strong"))
        else:
            tile.setIcon(QIcon(QPixmap.fromImage(picture)))
        tile.clicked.connect(partial(self._choose, path))
        return tile

    def _choose(self, path: str, _checked: bool = False) -> None:
        self.chosen.emit(path)
