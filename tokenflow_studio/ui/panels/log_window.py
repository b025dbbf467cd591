"""The logs of the window and the worker, filtered by weight, followed while they grow."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QFontDatabase, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.core.logs import LogEntry, Weight, last_entries
from tokenflow_studio.core.paths import log_folder
from tokenflow_studio.ui.panels.building import button, frame, label
from tokenflow_studio.ui.threads.disk import DiskThread

_LOGS = (
    ("Window", "window.log"),
    ("Worker", "worker.log"),
    ("Crashes", "crash.log"),
)
_LEVELS = (
    ("Everything", Weight.DEBUG),
    ("Warnings and errors", Weight.WARNING),
    ("Errors", Weight.ERROR),
)
_PERIOD = 1000  # milliseconds
_ERRAND = "log"


class LogWindow(QDialog):
    """Not modal. `diagnostics_wanted()` when the user wants them copied."""

    diagnostics_wanted = Signal()

    def __init__(self, disk: DiskThread, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logWindow")
        self.setWindowTitle("Log")
        self.resize(980, 560)
        self._disk = disk
        self._asked = False
        self._entries: tuple[LogEntry, ...] = ()
        self.log = _box("logBox", "Which log", self)
        self.level = _box("logLevelBox", "Which entries", self)
        self.follow = QCheckBox("Follow", self)
        self.text = QPlainTextEdit(self)
        self.empty = label("", "small", self)
        self.folder = button("logFolderButton", "Show in folder", "open", self)
        self.copy = button("copyDiagnosticsButton", "Copy diagnostics", "", self)
        self._timer = QTimer(self)
        self._timer.setInterval(_PERIOD)
        self._fill()
        self._lay_out()
        self._bind()

    def _fill(self) -> None:
        for title, name in _LOGS:
            self.log.addItem(title, name)
        for title, weight in _LEVELS:
            self.level.addItem(title, weight)
        self.follow.setObjectName("logFollowBox")
        self.follow.setChecked(True)
        self.follow.setToolTip("Read on while the log grows, and stay at its end")
        self.text.setObjectName("logText")
        self.text.setAccessibleName("Log")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(12)
        self.text.setFont(font)
        self.copy.setToolTip("Versions, machine, settings and the ends of the logs, as text")

    def _lay_out(self) -> None:
        head, foot = frame("header", self), frame("bar", self)
        top, bottom = QHBoxLayout(head), QHBoxLayout(foot)
        for row in (top, bottom):
            row.setContentsMargins(12, 8, 12, 8)
            row.setSpacing(8)
        for widget in (self.log, self.level, self.follow):
            top.addWidget(widget)
        top.addStretch()
        bottom.addWidget(self.empty, 1)
        bottom.addWidget(self.folder)
        bottom.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.text, 1)
        column.addWidget(foot)

    def _bind(self) -> None:
        self.log.currentIndexChanged.connect(self._read)
        self.level.currentIndexChanged.connect(self._show)
        self.follow.toggled.connect(self._on_follow)
        self.folder.clicked.connect(_reveal)
        self.copy.clicked.connect(self.diagnostics_wanted)
        self._timer.timeout.connect(self._read)
        self._disk.done.connect(self._on_read)
        self._disk.failed.connect(self._on_failed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()
        self._on_follow(self.follow.isChecked())

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    @Slot()
    def _read(self) -> None:
        if not self._asked:
            self._asked = True
            path = log_folder() / self.log.currentData()
            self._disk.submit(f"{_ERRAND} {path.name}", partial(last_entries, path))

    @Slot(bool)
    def _on_follow(self, on: bool) -> None:
        if on and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    @Slot(str, object)
    def _on_read(self, name: str, entries: object) -> None:
        if not name.startswith(_ERRAND):
            return
        self._asked = False
        if name != f"{_ERRAND} {self.log.currentData()}":
            self._read()  # another log was chosen meanwhile
            return
        if entries != self._entries or not entries:
            self._entries = entries  # pyright: ignore[reportAttributeAccessIssue]
            self._show()

    @Slot(str, str)
    def _on_failed(self, name: str, sentence: str) -> None:
        if name.startswith(_ERRAND):
            self._asked = False
            self._entries = ()
            self._show()
            self.empty.setText(sentence)

    @Slot()
    def _show(self) -> None:
        least = self.level.currentData()
        shown = [entry.text for entry in self._entries if entry.weight >= least]
        bar = self.text.verticalScrollBar()
        before = bar.value()
        self.text.setPlainText("\n".join(shown))
        bar.setValue(bar.maximum() if self.follow.isChecked() else before)
        plural = "y" if len(shown) == 1 else "ies"
        self.empty.setText(f"{len(shown)} entr{plural}" if shown else "Nothing of this kind.")


def _box(name: str, title: str, parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box


@Slot()
def _reveal() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))
