"""The line at the bottom: what the program says, and the job with progress, ETA and cancel."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.ui.panels.building import button, label
from tokenflow_studio.ui.panels.system_badge import SystemBadge
from tokenflow_studio.ui.state.job import JobView, Phase
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.wording import time_left

_STEPS = 1000  # of the progress bar


class StatusLine(QLabel):
    """One line of status; too long a text is cut on screen and whole in the tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self.setAccessibleName("Status")
        self.setProperty("kind", "dim")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    @Slot(str)
    def show_status(self, text: str) -> None:
        """Write the line."""
        self.setText(text)
        self._tell()

    def _tell(self) -> None:
        text = self.text()
        cut = self.fontMetrics().horizontalAdvance(text) > self.width()
        self.setToolTip(text if cut else "")


class JobBar(QFrame):
    """Shows the status line, and the running job while there is one."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setFixedHeight(44)
        self._studio = studio
        self.status = StatusLine(self)
        self.title = label("", "number", self)
        self.left = label("", "small", self)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("jobProgress")
        self.progress.setAccessibleName("Job progress")
        self.progress.setTextVisible(False)
        self.progress.setRange(0, _STEPS)
        self.cancel = button("cancelButton", "Cancel", "cancel", self)
        self.cancel.setToolTip("Stop the job; what it computed is kept  (Ctrl+.)")
        self.queue = button("queueButton", "Queue", "queue", self)
        self.queue.setCheckable(True)
        self.queue.setToolTip("Show the jobs that run, wait and ended  (Ctrl+J)")
        self.system = SystemBadge(studio.system, self)
        self._job = QWidget(self)
        self._lay_out()
        self.cancel.clicked.connect(studio.cancel)
        studio.job.changed.connect(self._show)
        studio.notices.status_changed.connect(self.status.show_status)
        studio.jobs.queue.edited.connect(self._show_queue)
        self._show(studio.job.view)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title)
        top.addStretch()
        top.addWidget(self.left)
        column = QVBoxLayout(self._job)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addStretch()
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addStretch()
        self._job.setFixedWidth(420)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(14)
        row.addWidget(self.status, 1)
        row.addWidget(self._job)
        row.addWidget(self.cancel)
        row.addWidget(self.queue)
        row.addWidget(self.system)

    @Slot(object)
    def _show(self, view: JobView) -> None:
        self._job.setVisible(view.busy)
        self.cancel.setVisible(view.busy)
        self.cancel.setEnabled(view.busy and view.phase is not Phase.CANCELLING)
        self.title.setText(view.title)
        waiting = view.busy and view.fraction <= 0
        # A range without end shows that something goes on before there is a share to show.
        self.progress.setRange(0, 0 if waiting else _STEPS)
        if not waiting:
            self.progress.setValue(round(view.fraction * _STEPS))
        self.left.setText(_left(view))

    @Slot()
    def _show_queue(self) -> None:
        queue = self._studio.jobs.queue
        waiting = len(queue.waiting)
        paused = ", paused" if queue.paused else ""
        self.queue.setText(f"Queue: {waiting} waiting{paused}" if waiting else f"Queue{paused}")


def _left(view: JobView) -> str:
    if not view.busy or view.phase is Phase.CANCELLING:
        return ""
    share = f"{view.fraction:.0%}" if view.fraction > 0 else ""
    return f"{share}   {time_left(view.eta)}".strip()
