"""The panel above the viewer that says what went wrong and offers what helps."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from tokenflow_studio.ui.icons import pixmap
from tokenflow_studio.ui.panels.building import button, label, tool
from tokenflow_studio.ui.state.notices import Level, Notice, Notices

_ICONS = {
    Level.ERROR: ("warning", "error"),
    Level.WARNING: ("warning", "stale"),
    Level.INFO: ("notice", "accent"),
}


class NoticePanel(QFrame):
    """Shows the notice in view; hidden while there is none. `remedy_wanted(str)`: a command's id.

    It never waits for the user: work goes on under it.
    """

    remedy_wanted = Signal(str)

    def __init__(
        self, notices: Notices, titles: dict[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._notices = notices
        self._titles = titles
        self.picture = QLabel(self)
        self.text = label("", "number", self)
        self.text.setObjectName("noticeText")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.remedy = button("remedyButton", "", "", self)
        self.close_button = tool("dismissButton", "Dismiss", "cancel", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self.picture)
        row.addWidget(self.text, 1)
        row.addWidget(self.remedy)
        row.addWidget(self.close_button)
        self.remedy.clicked.connect(self._on_remedy)
        self.close_button.clicked.connect(notices.dismiss)
        notices.changed.connect(self._show)
        self._show(notices.notice)

    @Slot(object)
    def _show(self, notice: Notice | None) -> None:
        self.setVisible(notice is not None)
        if notice is None:
            return
        self.setProperty("level", notice.level.value)
        self.style().unpolish(self)
        self.style().polish(self)
        name, colour = _ICONS[notice.level]
        self.picture.setPixmap(pixmap(name, colour, 18, self.devicePixelRatioF()))
        self.text.setText(notice.text)
        self.remedy.setText(notice.label or self._titles.get(notice.action, ""))
        self.remedy.setVisible(notice.action in self._titles)

    @Slot()
    def _on_remedy(self) -> None:
        notice = self._notices.notice
        self._notices.dismiss()
        if notice is not None:
            self.remedy_wanted.emit(notice.action)
