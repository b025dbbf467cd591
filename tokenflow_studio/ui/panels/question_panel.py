"""A question above the viewer, with its answers as buttons; work goes on under it."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from tokenflow_studio.ui.icons import pixmap
from tokenflow_studio.ui.panels.building import button, label


@dataclass(frozen=True, slots=True)
class Answer:
    """name: the button's object name, and what `answered` tells; kind "main" for the one that the
    user is expected to give."""

    name: str
    title: str
    kind: str = ""


class QuestionPanel(QFrame):
    """Hidden while there is nothing to ask. Signal: `answered(str)` with the answer's name."""

    answered = Signal(str)

    def __init__(
        self, name: str, answers: tuple[Answer, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("kind", "question")
        picture = QLabel(self)
        picture.setPixmap(pixmap("notice", "accent", 18, self.devicePixelRatioF()))
        self.text = label("", "number", self)
        self.text.setObjectName(f"{name}Text")
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(picture)
        row.addWidget(self.text, 1)
        self._row = row
        self.buttons = {}
        for answer in answers:
            made = button(answer.name, answer.title, "", self, answer.kind)
            made.clicked.connect(partial(self._answer, answer.name))
            row.addWidget(made)
            self.buttons[answer.name] = made
        self._first = self.buttons[answers[0].name]
        self.hide()

    def insert(self, field: QWidget) -> None:
        """Put a field between the question and its answers."""
        self._row.insertWidget(self._row.indexOf(self._first), field)

    def ask(self, text: str) -> None:
        """Show the question; an empty one hides the panel."""
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def take_focus(self) -> None:
        """Let the keyboard answer: the first answer has the focus."""
        self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, name: str, _checked: bool = False) -> None:
        self.answered.emit(name)
