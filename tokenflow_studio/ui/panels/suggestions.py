"""Prompts that suit the clip, as a few flat buttons."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget


class Suggestions(QWidget):
    """Shows prompts to start from; hidden while there are none. `chosen(str)` on a click."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestions")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._buttons: list[QPushButton] = []
        self.hide()

    @Slot(object)
    def set_prompts(self, prompts: tuple[str, ...]) -> None:
        """Offer these prompts."""
        for old in self._buttons:
            self._column.removeWidget(old)
            old.deleteLater()
        self._buttons = [self._button(prompt) for prompt in prompts]
        self.setVisible(bool(prompts))

    def _button(self, prompt: str) -> QPushButton:
        made = QPushButton(prompt, self)
        made.setProperty("kind", "chip")
        made.setToolTip("Use this prompt")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(partial(self._choose, prompt))
        self._column.addWidget(made)
        return made

    def _choose(self, prompt: str, _checked: bool = False) -> None:
        self.chosen.emit(prompt)
