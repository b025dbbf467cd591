"""A prompt's field with its title, the count of its tokens, and weights by key."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from tokenflow_studio.ui.panels.building import label, restyle
from tokenflow_studio.ui.state.emphasis import STEP, reweighted

_WEIGH = {Qt.Key.Key_Up: STEP, Qt.Key.Key_Down: -STEP}


class PromptEdit(QPlainTextEdit):
    """The text itself. Ctrl+Up and Ctrl+Down weigh the selection or the word at the cursor."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _WEIGH.get(Qt.Key(event.key()))
        # The pad's arrows come with a modifier of their own on macOS.
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if step is None or modifiers != Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        cursor = self.textCursor()
        text = self.toPlainText()
        edited = reweighted(text, cursor.selectionStart(), cursor.selectionEnd(), step)
        if edited is not None:
            self.setPlainText(edited.text)
            cursor = self.textCursor()
            cursor.setPosition(edited.start)
            cursor.setPosition(edited.end, cursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)

    def show_text(self, text: str) -> None:
        """Show the recipe's text; the cursor stays where it is."""
        if self.toPlainText() == text:
            return
        place = self.textCursor().position()
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(place, len(text)))
        self.setTextCursor(cursor)


class PromptBox(QWidget):
    """Title, count and field. `edited(str)` when the text changes."""

    edited = Signal(str)

    def __init__(self, name: str, title: str, hint: str, lines: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.count = label("", "small", self)
        self.count.setObjectName(f"{name}Count")
        self.edit = PromptEdit(self)
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(title)
        self.edit.setPlaceholderText(hint)
        self.edit.setTabChangesFocus(True)
        self.edit.setUndoRedoEnabled(False)  # the recipe's own history covers it
        self.edit.setFixedHeight(QFontMetrics(self.edit.font()).lineSpacing() * lines + 18)
        row = QHBoxLayout()
        row.addWidget(label(title, "heading", self))
        row.addStretch()
        row.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(5)
        column.addLayout(row)
        column.addWidget(self.edit)
        self.edit.textChanged.connect(self._on_text)

    def show_count(self, tokens: int | None, room: int) -> None:
        """How many tokens the prompt has, of those that the model reads; None: not known."""
        if tokens is None or not self.edit.toPlainText():
            self.count.clear()
            return
        over = tokens - room
        self.count.setText(f"{tokens} / {room} tokens")
        restyle(self.count, "small" if over <= 0 else "alarm")
        told = f"The model reads {room} tokens."
        if over > 0:
            told += f" The last {over} of this prompt do not count: make it shorter."
        self.count.setToolTip(told)

    @Slot()
    def _on_text(self) -> None:
        self.edited.emit(self.edit.toPlainText())
