"""The recipe at the right: prompts, model, technique, seed, keyframes, and the two ways to run."""

import random
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.panels.building import button, frame, label, restyle, rule, tool
from tokenflow_studio.ui.panels.suggestions import Suggestions
from tokenflow_studio.ui.state.marks import MarkState
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.studio import Studio

TECHNIQUES = (("pnp", "PnP: keeps structure"), ("sdedit", "SDEdit: looser"))
_SEED_MAX = 2**31 - 1  # what a spin box can hold


class RecipePanel(QFrame):
    """Edits the studio's recipe and starts its jobs."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._studio = studio
        self.prompt = _text("promptEdit", "Prompt", "What the clip should become", 4, self)
        self.negative = _text("negativePromptEdit", "Negative prompt", "What to keep out", 2, self)
        self.source = _text("sourcePromptEdit", "Source prompt", "What the clip shows now", 2, self)
        self.suggestions = Suggestions(self)
        self.model = _choice("modelBox", "Model", self)
        self.technique = _choice("techniqueBox", "Technique", self)
        self.seed = _number("seedBox", "Seed", 0, _SEED_MAX, self)
        self.dice = tool("seedDice", "Random seed", "dice", self)
        self.steps = _number("stepsBox", "Steps", 0, 1000, self)
        self.interval = _number("keyframeIntervalBox", "Keyframe interval", 1, 1000, self)
        self.summary = label("", "small", self)
        self.preview = button("previewKeyframesButton", "Preview keyframes", "keyframes", self)
        self.propagate = button("propagateButton", "Propagate", "propagate", self)
        self._fill()
        self._lay_out()
        self._bind()

    def set_models(self, models: tuple[tuple[str, str], ...]) -> None:
        """Offer these models: (title, location) each."""
        for title, location in models:
            if self.model.findData(location) < 0:
                self.model.addItem(title, location)

    def _fill(self) -> None:
        self.model.addItem("Demo model", "demo")
        for name, title in TECHNIQUES:
            self.technique.addItem(title, name)
        self.preview.setToolTip("Edit the keyframes only, to judge the prompt  (Ctrl+Enter)")
        self.propagate.setToolTip("Make a take: every frame of the range  (Ctrl+Shift+Enter)")

    def _lay_out(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(5)
        for title, field in (
            ("Prompt", self.prompt),
            ("", self.suggestions),
            ("Negative prompt", self.negative),
            ("Source prompt", self.source),
        ):
            if title:
                column.addSpacing(6)
                column.addWidget(label(title, "heading", body))
            column.addWidget(field)
        column.addSpacing(12)
        column.addWidget(rule(body))
        column.addSpacing(7)
        column.addLayout(self._grid(body))
        column.addStretch()
        scroll = QScrollArea(self)
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self._foot())

    def _grid(self, parent: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        seed = QHBoxLayout()
        seed.setSpacing(4)
        seed.addWidget(self.seed, 1)
        seed.addWidget(self.dice)
        rows = (
            ("Model", self.model),
            ("Technique", self.technique),
            ("Seed", seed),
            ("Steps", self.steps),
            ("Keyframe every", self.interval),
        )
        for row, (title, field) in enumerate(rows):
            grid.addWidget(label(title, "dim", parent), row, 0)
            if isinstance(field, QHBoxLayout):
                grid.addLayout(field, row, 1)
            else:
                grid.addWidget(field, row, 1)
        self.steps.setSpecialValueText("Model’s default")
        self.interval.setSuffix(" frames")
        return grid

    def _foot(self) -> QWidget:
        foot = frame("bar", self)
        column = QVBoxLayout(foot)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addWidget(self.preview)
        column.addWidget(self.propagate)
        return foot

    def _bind(self) -> None:
        recipe, studio = self._studio.recipe, self._studio
        texts = (
            (self.prompt, "prompt"),
            (self.negative, "negative_prompt"),
            (self.source, "source_prompt"),
        )
        for edit, field in texts:
            edit.textChanged.connect(partial(self._on_text, edit, field))
        self.model.activated.connect(self._on_model)
        self.technique.currentIndexChanged.connect(self._on_technique)
        self.seed.valueChanged.connect(self._on_seed)
        self.steps.valueChanged.connect(self._on_steps)
        self.interval.valueChanged.connect(self._on_interval)
        self.dice.clicked.connect(self._on_dice)
        self.suggestions.chosen.connect(self._on_suggestion)
        self.preview.clicked.connect(studio.preview)
        self.propagate.clicked.connect(studio.propagate)
        recipe.changed.connect(self._show)
        studio.suggestions_changed.connect(self.suggestions.show_suggestions)
        studio.marks.changed.connect(self._show_plan)
        studio.session.range_changed.connect(self._show_plan)
        self._show(recipe.value)
        self._show_plan()

    @Slot(object)
    def _show(self, recipe: Recipe) -> None:
        for edit, text in (
            (self.prompt, recipe.prompt),
            (self.negative, recipe.negative_prompt),
            (self.source, recipe.source_prompt),
        ):
            _set_text(edit, text)
        if self.model.findData(recipe.model) < 0:
            self.model.addItem(recipe.model, recipe.model)
        self.model.setCurrentIndex(self.model.findData(recipe.model))
        self.technique.setCurrentIndex(max(self.technique.findData(recipe.technique), 0))
        self.seed.setValue(min(recipe.seed, _SEED_MAX))
        self.steps.setValue(recipe.steps or 0)
        self.interval.setValue(recipe.keyframe_interval)

    @Slot()
    def _show_plan(self, _range: object = None) -> None:
        studio = self._studio
        frames = studio.session.in_out
        self.preview.setEnabled(frames is not None)
        self.propagate.setEnabled(frames is not None)
        count = len(studio.marks.planned)
        plural = "" if count == 1 else "s"
        text = "" if frames is None else f"{count} keyframe{plural} for {len(frames)} frames"
        if frames is not None and studio.marks.by_hand:
            text += ", placed by hand"
        self.summary.setText(text or "No clip is open")
        # The button that comes next is the bright one: first look, then propagate.
        seen = any(mark.state is MarkState.PREVIEWED for mark in studio.marks.all)
        restyle(self.preview, "" if seen else "main")
        restyle(self.propagate, "main" if seen else "")
        self.preview.setIcon(icon("keyframes", "text" if seen else "on-accent"))
        self.propagate.setIcon(icon("propagate", "on-accent" if seen else "text"))

    def _on_text(self, edit: QPlainTextEdit, field: str) -> None:
        self._studio.recipe.set(**{field: edit.toPlainText()})

    @Slot(int)
    def _on_model(self, _row: int) -> None:
        self._studio.recipe.set(model=self.model.currentData())

    @Slot(int)
    def _on_technique(self, row: int) -> None:
        self._studio.recipe.set(technique=self.technique.itemData(row))

    @Slot(int)
    def _on_seed(self, value: int) -> None:
        if value != min(self._studio.recipe.value.seed, _SEED_MAX):
            self._studio.recipe.set(seed=value)

    @Slot(int)
    def _on_steps(self, value: int) -> None:
        self._studio.recipe.set(steps=value or None)

    @Slot(int)
    def _on_interval(self, value: int) -> None:
        if value != self._studio.recipe.value.keyframe_interval:
            self._studio.recipe.set(keyframe_interval=value, keyframes=None)

    @Slot()
    def _on_dice(self) -> None:
        self._studio.recipe.set(seed=random.randrange(_SEED_MAX))

    @Slot(str)
    def _on_suggestion(self, prompt: str) -> None:
        self._studio.recipe.set(prompt=prompt)
        self.prompt.setFocus()


def _text(name: str, title: str, hint: str, lines: int, parent: QWidget) -> QPlainTextEdit:
    edit = QPlainTextEdit(parent)
    edit.setObjectName(name)
    edit.setAccessibleName(title)
    edit.setPlaceholderText(hint)
    edit.setTabChangesFocus(True)
    edit.setUndoRedoEnabled(False)  # the recipe's own history covers it
    edit.setFixedHeight(QFontMetrics(edit.font()).lineSpacing() * lines + 18)
    return edit


def _choice(name: str, title: str, parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setObjectName(name)
    box.setAccessibleName(title)
    return box


def _number(name: str, title: str, low: int, high: int, parent: QWidget) -> QSpinBox:
    box = QSpinBox(parent)
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setRange(low, high)
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(5, 0, 0, 0)  # the style sheet's padding stops at the frame
    return box


def _set_text(edit: QPlainTextEdit, text: str) -> None:
    if edit.toPlainText() == text:
        return
    place = edit.textCursor().position()
    edit.setPlainText(text)
    cursor = edit.textCursor()
    cursor.setPosition(min(place, len(text)))
    edit.setTextCursor(cursor)
