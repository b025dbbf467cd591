"""The badge in the status line: device, free memory, and how the worker is."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget, QWidgetAction

from tokenflow_studio.ui.panels.building import label
from tokenflow_studio.ui.state.system import SystemState, SystemView, WorkerState, memory_text
from tokenflow_studio.ui.theme import theme

_COLOURS = {
    WorkerState.STOPPED: "text-off",
    WorkerState.STARTING: "stale",
    WorkerState.IDLE: "propagated",
    WorkerState.BUSY: "accent",
    WorkerState.LOST: "error",
}
_DOT = 8  # logical pixels
_LEFT = 9
_ROOM = "      "  # for the dot, in front of the text


class SystemBadge(QToolButton):
    """Says how the machine is; its menu checks the device and restarts the worker."""

    def __init__(self, system: SystemState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("systemBadge")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._system = system
        self._facts = QMenu(self)
        self._lines = [label("", "dim", self._facts) for _ in range(3)]
        for line in self._lines:
            line.setMargin(6)
            line.setIndent(20)
            shown = QWidgetAction(self._facts)
            shown.setDefaultWidget(line)
            self._facts.addAction(shown)
        self._facts.addSeparator()
        self.check = self._facts.addAction("Check Device")
        self.restart = self._facts.addAction("Restart Worker")
        self.setMenu(self._facts)
        self.check.triggered.connect(system.check)
        self.restart.triggered.connect(system.restart)
        system.changed.connect(self._show)
        self._show(system.view)

    @Slot(object)
    def _show(self, view: SystemView) -> None:
        self.setText(_ROOM + (view.summary or "System"))
        self.setMinimumWidth(self.sizeHint().width())  # the status line would take its room
        state = f"Worker: {view.worker}"
        self.setToolTip(state)
        self.setAccessibleName(f"System: {view.summary or 'not known yet'}. {state}")
        whose = "device memory" if view.own else "main memory"
        torch = f", torch {view.torch}" if view.torch else ""
        for line, text in zip(
            self._lines,
            (
                state,
                f"Device: {view.device or 'known once a worker has started'}{torch}",
                f"{memory_text(view.free)} of {memory_text(view.total)} {whose} free",
            ),
            strict=True,
        ):
            line.setText(text)
        self.check.setVisible(not view.device)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(_COLOURS[self._system.view.worker]))
        painter.drawEllipse(_LEFT, (self.height() - _DOT) // 2, _DOT, _DOT)
