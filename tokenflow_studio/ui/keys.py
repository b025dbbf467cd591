"""Who gets a key: the focused widget where it needs it, the window's shortcuts elsewhere."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)

_TEXT = (QLineEdit, QPlainTextEdit, QAbstractSpinBox)
_VERTICAL = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_ENTRIES = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class KeyGuard(QObject):
    """Event filter of the application.

    Text fields keep what types into them, so single-letter shortcuts stay silent there; lists and
    boxes keep up and down; a button that has the focus keeps Space. Undo and redo always go to the
    window, whose history covers the text fields too, and so does Shift+Enter.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if _is_run(event) or any(event.matches(entry) for entry in _ENTRIES):
            event.ignore()
            return isinstance(watched, _TEXT)
        if _belongs_to(watched, event):
            event.accept()
            return True
        return False


def _is_run(event: QKeyEvent) -> bool:
    """Shift+Enter does what the prompt says, also while it is being typed."""
    shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
    return shift and event.key() == Qt.Key.Key_Return


def _belongs_to(widget: QObject, event: QKeyEvent) -> bool:
    key, modifiers = event.key(), event.modifiers()
    plain = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
    if isinstance(widget, _TEXT):
        # Escape leaves the field, and that is a shortcut.
        return plain and key != Qt.Key.Key_Escape
    if isinstance(widget, QAbstractItemView | QComboBox):
        return plain and key in _VERTICAL
    if isinstance(widget, QAbstractButton):
        return plain and key == Qt.Key.Key_Space
    return False
