"""The recipe at the right: prompts, model, technique, seed, keyframes, and the two ways to run."""

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.panels.building import button, frame, label, restyle, rule
from tokenflow_studio.ui.panels.matte_settings import MatteSettings
from tokenflow_studio.ui.panels.presets_menu import PresetsButton
from tokenflow_studio.ui.panels.prompt_box import PromptBox
from tokenflow_studio.ui.panels.recipe_settings import RecipeSettings
from tokenflow_studio.ui.panels.suggestions import Suggestions
from tokenflow_studio.ui.state.marks import MarkState
from tokenflow_studio.ui.state.memory_need import memory_need
from tokenflow_studio.ui.state.model_facts import ModelFacts
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads.tokens import Counted

_MARGIN = 12
_SCROLL_BAR = 10  # of this width in the style sheet


class RecipePanel(QFrame):
    """Edits the studio's recipe and starts its jobs."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._studio = studio
        self.texts = {
            "prompt": PromptBox("promptEdit", "Prompt", "What the clip should become", 4, self),
            "negative_prompt": PromptBox(
                "negativePromptEdit", "Negative prompt", "What to keep out", 2, self
            ),
            "source_prompt": PromptBox(
                "sourcePromptEdit", "Source prompt", "What the clip shows now", 2, self
            ),
        }
        self.prompt = self.texts["prompt"].edit
        self.suggestions = Suggestions(self)
        self.settings = RecipeSettings(studio.recipe, self)
        self.matte = MatteSettings(studio.session, studio.recipe, studio.matte, self)
        self.seed, self.interval = self.settings.seed, self.settings.interval
        self.presets = PresetsButton(studio.presets, self)
        self.summary = label("", "small", self)
        self.memory = label("", "small", self)
        self.memory.setObjectName("memoryNeed")
        self.memory.setWordWrap(True)
        self._facts = ModelFacts("")
        self.preview = button("previewKeyframesButton", "Preview keyframes", "keyframes", self)
        self.propagate = button("propagateButton", "Propagate", "propagate", self)
        self.preview.setToolTip("Edit the keyframes only, to judge the prompt  (Ctrl+Enter)")
        self.propagate.setToolTip("Make a take: every frame of the range  (Ctrl+Shift+Enter)")
        self._lay_out()
        self._bind()

    def set_models(self, models: tuple[tuple[str, str], ...]) -> None:
        """Offer these models: (title, location) each."""
        self.settings.set_models(models)

    def _lay_out(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 4, _MARGIN, 12)
        column.setSpacing(5)
        for text in self.texts.values():
            column.addWidget(text)
            if text.edit is self.prompt:
                column.addWidget(self.suggestions)
        column.addSpacing(12)
        column.addWidget(rule(body))
        column.addSpacing(7)
        column.addWidget(self.settings)
        column.addSpacing(3)
        column.addWidget(self.matte)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.verticalScrollBar().rangeChanged.connect(self._on_scrollable)
        self._column = column
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head())
        whole.addWidget(scroll, 1)
        whole.addWidget(self._foot())

    def _head(self) -> QWidget:
        head = frame("header", self)
        head.setFixedHeight(36)
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 0, 8, 0)
        row.addWidget(label("Recipe", "heading", head))
        row.addStretch()
        row.addWidget(self.presets)
        return head

    def _foot(self) -> QWidget:
        foot = frame("bar", self)
        column = QVBoxLayout(foot)
        column.setContentsMargins(12, 10, _MARGIN, 12)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addWidget(self.memory)
        column.addWidget(self.preview)
        column.addWidget(self.propagate)
        return foot

    def _bind(self) -> None:
        recipe, studio = self._studio.recipe, self._studio
        for field, text in self.texts.items():
            text.edited.connect(partial(self._on_text, field))
        self.suggestions.chosen.connect(self._on_suggestion)
        self.preview.clicked.connect(studio.preview)
        self.propagate.clicked.connect(studio.propagate)
        studio.tokens.counted.connect(self._show_counted)
        studio.session.clip_changed.connect(self._on_clip)
        recipe.changed.connect(self._show)
        studio.suggestions_changed.connect(self.suggestions.show_suggestions)
        studio.marks.changed.connect(self._show_plan)
        studio.session.range_changed.connect(self._show_plan)
        studio.system.changed.connect(self._show_need)
        self._show(recipe.value)
        self._show_plan()

    @Slot(int, int)
    def _on_scrollable(self, _least: int, most: int) -> None:
        """The scroll bar stands in the margin: the fields stay as wide as they are."""
        margins = self._column.contentsMargins()
        margins.setRight(_MARGIN - (_SCROLL_BAR if most else 0))
        self._column.setContentsMargins(margins)

    @Slot(object)
    def _show(self, recipe: Recipe) -> None:
        for field, text in self.texts.items():
            text.edit.show_text(getattr(recipe, field))
        if self._studio.session.clip is not None:  # the counting thread shall not slow the start
            self._studio.tokens.ask(recipe.model, self._written())

    @Slot(object)
    def _show_counted(self, counted: Counted) -> None:
        self._facts = counted.facts
        self.settings.show_facts(counted.facts)
        self._show_need()
        if counted.texts == self._written():
            for place, text in enumerate(self.texts.values()):
                tokens = None if counted.tokens is None else counted.tokens[place]
                text.show_count(tokens, counted.room)

    def _written(self) -> tuple[str, ...]:
        return tuple(getattr(self._studio.recipe.value, field) for field in self.texts)

    @Slot(object)
    def _on_clip(self, _clip: object) -> None:
        clip = self._studio.session.clip
        if clip is not None:
            self.settings.set_shape(clip.width, clip.height)
            self._show(self._studio.recipe.value)

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
        self._show_need()

    @Slot()
    def _show_need(self, _view: object = None) -> None:
        studio = self._studio
        count = len(studio.marks.planned)
        need = memory_need(studio.recipe.value, self._facts, count, studio.system.view)
        self.memory.setVisible(bool(need.text))
        self.memory.setText(need.text)
        restyle(self.memory, need.kind)

    def _on_text(self, field: str, text: str) -> None:
        self._studio.recipe.set(**{field: text})

    @Slot(str)
    def _on_suggestion(self, prompt: str) -> None:
        self._studio.recipe.set(prompt=prompt)
        self.prompt.setFocus()
