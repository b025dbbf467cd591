"""The button above the viewer that chooses the display and view for light."""

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from tokenflow_studio.ui.state.session import Session
from tokenflow_studio.ui.state.views import Views

_PLAIN = "sRGB, no view"


class ViewButton(QToolButton):
    """Its menu has one list for each display, the viewer names what was chosen. Only for light."""

    def __init__(self, session: Session, views: Views, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewButton")
        self.setText("View")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._session = session
        self._views = views
        views.changed.connect(self._fill)
        session.view_changed.connect(self._show)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        before, menu = self.menu(), QMenu(self)
        self._choices = QActionGroup(menu)
        self._add(menu, _PLAIN, "")
        menu.addSeparator()
        lists: dict[str, QMenu] = {}
        for view in self._views.offered:
            display = lists.get(view.display) or lists.setdefault(
                view.display, menu.addMenu(view.display)
            )
            self._add(display, view.view, str(view))
        self.setMenu(menu)
        if before is not None:
            before.deleteLater()
        clip = self._session.clip
        self.setVisible(clip is not None and clip.is_scene_linear)
        self._show()

    def _add(self, menu: QMenu, title: str, view: str) -> None:
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setData(view)
        action.triggered.connect(partial(self._choose, view))
        self._choices.addAction(action)

    def _choose(self, view: str, _checked: bool = False) -> None:
        self._session.set_view(view)

    @Slot(object)
    def _show(self, _view: object = None) -> None:
        view = self._session.view
        for action in self._choices.actions():
            action.setChecked(action.data() == view)
        told = f"Display and view: {view or _PLAIN}; the take stays as it is"
        self.setToolTip(told)
        self.setAccessibleName(told)
