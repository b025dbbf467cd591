"""The shots of the project, as tabs above the viewer."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from tokenflow_studio.ui.panels.building import tool
from tokenflow_studio.ui.state.shot_values import title_of
from tokenflow_studio.ui.state.shots import Shots


class ShotTabs(QTabBar):
    """One tab for each shot; hidden while there is only one. Closing a tab removes the shot."""

    def __init__(self, shots: Shots, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shotTabs")
        self.setAccessibleName("Shots")
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shots = shots
        self._ids: list[str] = []
        self._showing = False
        self.currentChanged.connect(self._on_chosen)
        shots.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        """Bring the tabs in step; what is the same stays, so nothing flickers."""
        self._showing = True
        shots = self._shots.all
        while self.count() > len(shots):
            self.removeTab(self.count() - 1)
        while self.count() < len(shots):
            self.setTabButton(self.addTab(""), QTabBar.ButtonPosition.RightSide, self._closer())
        self._ids = [shot.id for shot in shots]
        for place, shot in enumerate(shots):
            self.setTabText(place, title_of(shot).replace("&", "&&"))
            self.setTabToolTip(place, shot.clip)
        current = self._shots.current
        if current is not None and current.id in self._ids:
            self.setCurrentIndex(self._ids.index(current.id))
        self.setVisible(len(shots) > 1)
        self._showing = False

    @Slot(int)
    def _on_chosen(self, place: int) -> None:
        if not self._showing and 0 <= place < len(self._ids):
            self._shots.go_to(self._ids[place])

    def _closer(self) -> QToolButton:
        made = tool("removeShotButton", "Remove this shot from the project", "cancel", self)
        made.setProperty("kind", "tab")
        made.setIconSize(QSize(10, 10))
        made.clicked.connect(partial(self._on_close, made))
        return made

    def _on_close(self, pressed: QToolButton, _checked: bool = False) -> None:
        side = QTabBar.ButtonPosition.RightSide
        place = next(i for i in range(self.count()) if self.tabButton(i, side) is pressed)
        self._shots.remove(self._ids[place])
