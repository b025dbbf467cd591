"""Small pieces that every panel is built from."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from tokenflow_studio.ui.icons import icon


def label(text: str, kind: str, parent: QWidget) -> QLabel:
    """A line of text: kind is `heading`, `title`, `dim`, `small` or `number`."""
    made = QLabel(text, parent)
    made.setProperty("kind", kind)
    return made


def frame(name: str, parent: QWidget) -> QFrame:
    """A surface: `header` above something, `bar` below it, or `panel`."""
    made = QFrame(parent)
    made.setObjectName(name)
    return made


def rule(parent: QWidget) -> QFrame:
    """A thin line between groups."""
    return frame("rule", parent)


def button(name: str, text: str, picture: str, parent: QWidget, kind: str = "") -> QPushButton:
    """A push button; kind `main` is the one that the user is expected to press."""
    made = QPushButton(text, parent)
    made.setObjectName(name)
    made.setProperty("kind", kind)
    # A click does not take the focus: Space still plays afterwards.
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if picture:
        made.setIcon(icon(picture, "on-accent" if kind == "main" else "text"))
        made.setIconSize(QSize(16, 16))
    return made


def tool(name: str, tip: str, picture: str, parent: QWidget) -> QToolButton:
    """A flat button with an icon; the tip is its accessible name as well."""
    made = QToolButton(parent)
    made.setObjectName(name)
    made.setIcon(icon(picture))
    made.setIconSize(QSize(16, 16))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def restyle(widget: QWidget, kind: str) -> None:
    """Change the kind of a widget that is shown already."""
    if widget.property("kind") != kind:
        widget.setProperty("kind", kind)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Word(QLabel):
    """The line in which a window or page says what became of what was asked of it."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("kind", "small")

    @Slot(str)
    def tell(self, text: str) -> None:
        """Say it."""
        restyle(self, "small")
        self.setText(text)

    @Slot(str)
    def refuse(self, text: str) -> None:
        """Say that it could not be done, and why."""
        restyle(self, "error")
        self.setText(text)


class ElidedLabel(QLabel):
    """A line that gives way to its neighbours, and ends in dots where it is cut."""

    def __init__(self, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = self.contentsRect()
        right = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), right, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
