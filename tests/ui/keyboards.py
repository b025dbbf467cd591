"""What the character keys of two keyboards give without Shift and without a dead key."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

GERMAN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜß1234567890+#,.-<")
FRENCH = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ&É\"'(-È_ÇÀ)=$Ù*,;:!<²")
LAYOUTS = {"German": GERMAN, "French": FRENCH}


def works_on(layout: frozenset[str], key: str) -> bool:
    """Whether that key can be typed there just as it is written."""
    combination = QKeySequence(key)[0]
    code = combination.key().value
    character = chr(code) if code < 0x1000 else ""  # above: F1, arrows, Return …
    return not character.strip() or character.upper() in layout


def typed(key: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    """For QTest."""
    combination = QKeySequence(key)[0]
    return combination.key(), combination.keyboardModifiers()
