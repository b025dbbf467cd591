"""The line above the viewer: what is open, how it is compared, how large it is shown."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QWidget,
)

from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.panels.building import ElidedLabel, label, tool
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.viewing import GAINS, Viewing
from tokenflow_studio.ui.state.views import Views
from tokenflow_studio.ui.viewer.rate_box import RateBox
from tokenflow_studio.ui.viewer.view_menu import ViewButton
from tokenflow_studio.ui.viewer.viewer import Viewer

_ICONS = {
    Compare.SOURCE: "source",
    Compare.EDIT: "edit",
    Compare.SIDE_BY_SIDE: "side-by-side",
    Compare.WIPE: "wipe",
    Compare.DIFFERENCE: "difference",
    Compare.ONION: "onion",
}


class ViewerHeader(QFrame):
    """Shows the clip's facts; chooses the comparison; lights and fits the picture."""

    def __init__(
        self,
        session: Session,
        viewing: Viewing,
        views: Views,
        viewer: Viewer,
        rate: RateBox,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(36)
        self._session = session
        self._viewing = viewing
        self.rate = rate
        self.title = ElidedLabel("number", self)
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.facts = ElidedLabel("small", self)
        self.compare = QComboBox(self)
        self.compare.setObjectName("compareModeBox")
        self.compare.setAccessibleName("Compare source and edit")
        self.compare.setToolTip(
            "1 source, 2 edited keyframes, 3 take, 4 take before, W wipe, Shift+W side by side, "
            "D difference, N onion"
        )
        self.compare.setIconSize(QSize(16, 16))
        self.compare.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for mode, name in _ICONS.items():
            self.compare.addItem(icon(name, "text-dim"), mode.value, mode)
        self.blend = self._make_blend()
        self.gain = self._make_gain()
        self.exposure = _number("exposureBox", "Exposure of the viewer", "EV ", self)
        self.exposure.setRange(-8.0, 8.0)
        self.exposure.setSingleStep(0.25)
        self.gamma = _number("gammaBox", "Gamma of the viewer", "γ ", self)
        self.gamma.setRange(0.2, 5.0)
        self.gamma.setSingleStep(0.05)
        self.view = ViewButton(session, views, self)
        self.zoom = label("", "small", self)
        self.fit = tool("fitButton", "Fit  (F)", "fit", self)
        self._lay_out()
        self._bind(viewer)

    def _bind(self, viewer: Viewer) -> None:
        session, viewing = self._session, self._viewing
        self.compare.currentIndexChanged.connect(self._on_chosen)
        self.blend.valueChanged.connect(self._on_blend)
        self.gain.activated.connect(self._on_gain)
        self.exposure.valueChanged.connect(viewing.set_exposure)
        self.gamma.valueChanged.connect(viewing.set_gamma)
        viewing.changed.connect(self._show_grade)
        session.blend_changed.connect(self._show_blend)
        self.fit.clicked.connect(viewer.fit)
        viewer.zoom_changed.connect(self._show_zoom)
        session.compare_changed.connect(self._show_mode)
        session.clip_changed.connect(self._show_clip)
        self._show_clip(session.clip)
        self._show_mode(session.compare)
        self._show_grade()

    def _make_blend(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName("blendSlider")
        slider.setAccessibleName("Share of the edit in the onion view")
        slider.setToolTip("How much of the edit lies over the source")
        slider.setRange(0, 100)
        slider.setValue(round(self._session.blend * 100))
        slider.setFixedWidth(90)
        slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return slider

    def _make_gain(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("gainBox")
        box.setAccessibleName("Gain of the difference")
        box.setToolTip("What the difference is multiplied by  (Shift+D)")
        for gain in GAINS:
            box.addItem(f"× {gain}", gain)
        box.setFixedWidth(72)
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return box

    def _lay_out(self) -> None:
        left, right = QHBoxLayout(), QHBoxLayout()
        left.setSpacing(10)
        right.setSpacing(6)
        left.addWidget(self.title)
        left.addWidget(self.facts, 1)
        left.addWidget(self.rate)
        right.addWidget(self.blend)
        right.addWidget(self.gain)
        right.addStretch()
        right.addWidget(self.view)
        right.addWidget(self.exposure)
        right.addWidget(self.gamma)
        right.addWidget(self.zoom)
        right.addWidget(self.fit)
        self.compare.setFixedWidth(150)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 0, 8, 0)
        grid.addLayout(left, 0, 0)
        grid.addWidget(self.compare, 0, 1)
        grid.addLayout(right, 0, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)

    @Slot(object)
    def _show_clip(self, _clip: object) -> None:
        clip = self._session.clip
        for widget in (self.compare, self.fit, self.exposure, self.gamma):
            widget.setEnabled(clip is not None)
        if clip is None:
            self.title.setText("")
            self.facts.setText("")
            self.setToolTip("")
            return
        rate = "" if clip.rate is None or self.rate.wanted else f"   {float(clip.rate):.6g} fps"
        count = len(clip.frames)
        self.title.setText(clip.name)
        plural = "" if count == 1 else "s"
        self.facts.setText(f"{clip.width} × {clip.height}{rate}   {count} frame{plural}")
        self.setToolTip(f"{clip.spec}\n{self.facts.text()}")

    @Slot(int)
    def _on_chosen(self, row: int) -> None:
        self._session.set_compare(Compare(self.compare.itemData(row)))

    @Slot(object)
    def _show_mode(self, mode: Compare) -> None:
        self.compare.setCurrentIndex(list(_ICONS).index(mode))
        self.blend.setVisible(mode is Compare.ONION)
        self.gain.setVisible(mode is Compare.DIFFERENCE)

    @Slot(int)
    def _on_blend(self, share: int) -> None:
        self._session.set_blend(share / 100)

    @Slot(int)
    def _on_gain(self, row: int) -> None:
        self._viewing.set_gain(self.gain.itemData(row))

    @Slot(float)
    def _show_blend(self, share: float) -> None:
        self.blend.setValue(round(share * 100))

    @Slot()
    def _show_grade(self) -> None:
        self.exposure.setValue(self._viewing.grade.exposure)
        self.gamma.setValue(self._viewing.grade.gamma)
        self.gain.setCurrentIndex(GAINS.index(self._viewing.gain))

    @Slot(float)
    def _show_zoom(self, zoom: float) -> None:
        self.zoom.setText(f"{zoom * 100:.0f} %" if self._session.clip else "")


def _number(name: str, title: str, prefix: str, parent: QWidget) -> QDoubleSpinBox:
    box = QDoubleSpinBox(parent)
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setToolTip(f"{title}; the take stays as it is  (Ctrl+R resets)")
    box.setPrefix(prefix)
    box.setFixedWidth(84)
    box.lineEdit().setTextMargins(5, 0, 0, 0)  # the style sheet's padding stops at the frame
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
