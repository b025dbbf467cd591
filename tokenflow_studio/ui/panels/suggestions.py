"""Prompts that suit the clip, as a few flat buttons."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from tokenflow_studio.ui.panels.flow import FlowLayout
from tokenflow_studio.ui.state.demo import Suggestion


class Suggestions(QWidget):
    """Shows prompts to start from; hidden while there are none. `chosen(str)` on a click."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestions")
        self._flow = FlowLayout(self, 4)
        self._buttons: list[QPushButton] = []
        self.hide()

    @Slot(object)
    def show_suggestions(self, found: tuple[Suggestion, ...]) -> None:
        """Offer these prompts."""
        for old in self._buttons:
            self._flow.removeWidget(old)
            old.deleteLater()
        self._buttons = [self._button(suggestion) for suggestion in found]
        self.setVisible(bool(found))
        self.updateGeometry()

    def _button(self, suggestion: Suggestion) -> QPushButton:
        made = QPushButton(suggestion.title, self)
        made.setProperty("kind", "chip")
        made.setToolTip(suggestion.prompt)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(partial(self._choose, suggestion.prompt))
        self._flow.addWidget(made)
        return made

    def _choose(self, prompt: str, _checked: bool = False) -> None:
        self.chosen.emit(prompt)
