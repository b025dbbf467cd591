"""First steps, while no clip is open: what this machine can do, the demo, adding a model."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from tokenflow_studio.ui.panels.building import button, label, tool
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.system import SystemView, memory_text
from tokenflow_studio.ui.wording import file_size

_SLOW = (
    "The demo takes minutes on a processor. Stable Diffusion takes hours there: it wants a GPU "
    "with 8 GB or more."
)
_QUICK = "The demo takes seconds, and Stable Diffusion works here too."
_UNKNOWN = "Check the device once: a worker starts and tells what it runs on."
_LITTLE_DISK = 20 * 10**9  # bytes


class FirstSteps(QFrame):
    """A card that waits for nothing and can be put away. `models_wanted()`, `demo_wanted()`."""

    models_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("firstSteps")
        self.setProperty("kind", "card")
        self.setFixedWidth(560)
        self._studio = studio
        self.facts = {name: label("", "number", self) for name in ("Device", "Memory", "Disk")}
        self.verdict = label("", "small", self)
        self.verdict.setObjectName("firstVerdict")
        self.verdict.setWordWrap(True)
        self.check = button("firstCheckButton", "Check the device", "", self)
        self.demo = button("firstDemoButton", "Run the demo", "play", self)
        self.models = button("firstModelsButton", "Add a model…", "", self)
        self.hide_button = tool(
            "firstHideButton", "Do not show the first steps again", "cancel", self
        )
        self._lay_out()
        self._bind()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 12, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(label("First steps", "heading", self))
        head.addStretch()
        head.addWidget(self.hide_button)
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        for row, (name, shown) in enumerate(self.facts.items()):
            shown.setObjectName(f"first{name}")
            grid.addWidget(label(name, "dim", self), row, 0)
            grid.addWidget(shown, row, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addWidget(self.verdict)
        column.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.check)
        row.addWidget(self.demo)
        row.addWidget(self.models)
        row.addStretch()
        column.addLayout(row)

    def _bind(self) -> None:
        studio = self._studio
        self.check.clicked.connect(studio.system.check)
        self.demo.clicked.connect(self.demo_wanted)
        self.models.clicked.connect(self.models_wanted)
        self.hide_button.clicked.connect(self._put_away)
        studio.system.changed.connect(self._show_system)
        studio.folders.free_found.connect(self._show_disk)
        self._show_system(studio.system.view)

    @property
    def wanted(self) -> bool:
        """Whether the user has not put it away yet."""
        return self._studio.settings.value.welcome

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._studio.folders.look_at_free()

    @Slot(object)
    def _show_system(self, view: SystemView) -> None:
        info = self._studio.system.info
        known = bool(view.device)
        self.facts["Device"].setText(view.device or "not known yet")
        whose = "of the device" if view.own else "of the machine"
        memory = f"{memory_text(view.free)} of {memory_text(view.total)} free, {whose}"
        self.facts["Memory"].setText(memory if view.total else "not known yet")
        self.check.setVisible(not known)
        quick = info is not None and not view.device.startswith("CPU")
        self.verdict.setText((_QUICK if quick else _SLOW) if known else _UNKNOWN)

    @Slot(object)
    def _show_disk(self, free: int) -> None:
        little = ", which is little" if free < _LITTLE_DISK else ""
        self.facts["Disk"].setText(f"{file_size(free)} free for takes{little}")

    @Slot()
    def _put_away(self) -> None:
        self._studio.settings.set(welcome=False)
