"""The menu of the projects and clips that were opened lately."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from tokenflow_studio.project.recent import Recent
from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.state.recent_files import RecentFiles
from tokenflow_studio.ui.threads.naming import clip_name


class RecentMenu(QMenu):
    """Signal: `chosen(str)` with the path of a project or the spec of a clip."""

    chosen = Signal(str)

    def __init__(self, recent: RecentFiles, parent: QWidget | None = None) -> None:
        super().__init__("Open Recent", parent)
        self.setObjectName("recentMenu")
        self.setToolTipsVisible(True)
        recent.changed.connect(self._show)
        self._show(recent.value)

    @Slot(object)
    def _show(self, recent: Recent) -> None:
        self.clear()
        for path in recent.projects:
            self._offer(Path(path).name, path, "logo")
        if recent.projects and recent.clips:
            self.addSeparator()
        for spec in recent.clips:
            self._offer(clip_name(spec), spec, "film")
        self.setEnabled(bool(recent.projects or recent.clips))

    def _offer(self, title: str, path: str, picture: str) -> None:
        folder = str(Path(path).parent)
        home = str(Path.home())
        place = f"~{folder.removeprefix(home)}" if folder.startswith(home) else folder
        action = self.addAction(f"{title}  –  {place}".replace("&", "&&"))
        action.setIcon(icon(picture, "text-dim"))
        action.setToolTip(path)
        action.triggered.connect(partial(self._choose, path))

    def _choose(self, path: str, _checked: bool = False) -> None:
        self.chosen.emit(path)
