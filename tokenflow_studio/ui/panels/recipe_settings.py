"""The recipe's settings under the prompts: model, technique, structure, seed and the rest."""

import dataclasses
from functools import partial

from PySide6.QtCore import QRegularExpression, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from tokenflow_studio.ui.panels.building import button, tool
from tokenflow_studio.ui.panels.settings_grid import (
    SettingsGrid,
    choice,
    decimal,
    number,
    reading,
    share,
)
from tokenflow_studio.ui.state.model_facts import ModelFacts
from tokenflow_studio.ui.state.recipe import SEED_MAX, Recipe, RecipeModel
from tokenflow_studio.ui.state.sizes import SIZE_TYPED, offered_sizes, size_of, size_text
from tokenflow_studio.ui.state.structure import injection_of, strength_of, structure_of

TECHNIQUES = (("pnp", "PnP: keeps structure"), ("sdedit", "SDEdit: looser"),
              ("identity", "Identity: unchanged"))  # fmt: skip
_OWN = "Model’s default"


class RecipeSettings(QWidget):
    """Shows and changes all of the recipe but its prompts. What the recipe leaves to the model is
    shown with the model's own value."""

    def __init__(self, recipe: RecipeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe = recipe
        self._facts = ModelFacts("")
        self._shape = (16, 9)
        self.grid = SettingsGrid(self)
        self.advanced = SettingsGrid(self)
        self._make_boxes()
        self._make_seed()
        self._decimals = {
            "guidance": self.guidance,
            "pnp_attention": self.attention,
            "pnp_features": self.features,
            "strength": self.strength,
        }
        self._inputs: tuple[QWidget, ...] = (
            self.model, self.technique, self.structure, self.seed, self.steps, self.interval,
            self.variation, self.deflicker, self.working_size, *self._decimals.values(),
        )  # fmt: skip
        self._add_rows()
        self.fold = button("advancedFold", "▸  Advanced", "", self, "fold")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.grid)
        column.addWidget(self.fold)
        column.addWidget(self.advanced)
        self.advanced.hide()
        self._bind()

    def _make_boxes(self) -> None:
        grid, advanced = self.grid, self.advanced
        self.model = choice("modelBox", "Model", grid)
        self.model.addItem("Demo model", "demo")
        self.technique = choice("techniqueBox", "Technique", grid)
        for name, title in TECHNIQUES:
            self.technique.addItem(title, name)
        self.structure = share("structureSlider", "Structure preservation", grid)
        self.structure.setToolTip(
            "How much of the source's structure the edit keeps.\n"
            "PnP: how long attention and features are injected; SDEdit: what the noise leaves."
        )
        self.structure_share = reading(grid)
        self.guidance = decimal("guidanceBox", "Guidance", -0.5, 50.0, 0.5, grid)
        self.guidance.setToolTip("How strongly the prompt counts")
        self.variation = number("variationBox", "Variation", 0, 100, grid)
        self.variation.setSuffix(" %")
        self.variation.setToolTip("Share of fresh noise, drawn by the seed; 0 ignores the seed")
        self.steps = number("stepsBox", "Steps", 0, 1000, grid)
        self.working_size = choice("sizeBox", "Size that the model works at", grid)
        self.working_size.setEditable(True)
        self.working_size.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        typed = QRegularExpression(SIZE_TYPED)
        self.working_size.setValidator(QRegularExpressionValidator(typed, self.working_size))
        self.interval = number("keyframeIntervalBox", "Keyframe interval", 1, 1000, grid)
        self.interval.setSuffix(" frames")
        self.deflicker = share("deflickerSlider", "Deflicker", grid)
        self.deflicker.setToolTip("Steadies the finished frames along the source's motion")
        self.deflicker_share = reading(grid)
        self.attention = decimal("attentionBox", "Attention injection", -0.05, 1.0, 0.05, advanced)
        self.features = decimal("featuresBox", "Feature injection", -0.05, 1.0, 0.05, advanced)
        self.strength = decimal("strengthBox", "Strength of SDEdit", -0.05, 1.0, 0.05, advanced)

    def _make_seed(self) -> None:
        self.seed = number("seedBox", "Seed", 0, SEED_MAX, self.grid)
        self.lock = tool("seedLock", "Lock the seed  (Ctrl+L)", "lock", self.grid)
        self.lock.setCheckable(True)
        self.dice = tool("seedDice", "Roll another seed", "dice", self.grid)

    def _add_rows(self) -> None:
        grid = self.grid
        grid.add("Model", ("model",), self.model)
        grid.add("Technique", ("technique",), self.technique)
        structure = ("pnp_attention", "pnp_features", "strength")
        grid.add("Structure", structure, self.structure, self.structure_share)
        grid.add("Guidance", ("guidance",), self.guidance)
        grid.add("Seed", ("seed",), self.seed, self.lock, self.dice)
        grid.add("Variation", ("variation",), self.variation)
        grid.add("Steps", ("steps",), self.steps)
        grid.add("Size", ("size",), self.working_size)
        grid.add("Keyframe every", ("keyframe_interval",), self.interval)
        grid.add("Deflicker", ("deflicker",), self.deflicker, self.deflicker_share)
        self.advanced.add("Attention", ("pnp_attention",), self.attention)
        self.advanced.add("Features", ("pnp_features",), self.features)
        self.advanced.add("Strength", ("strength",), self.strength)

    def _bind(self) -> None:
        recipe = self._recipe
        self.model.activated.connect(self._on_model)
        self.technique.currentIndexChanged.connect(self._on_technique)
        self.structure.valueChanged.connect(self._on_structure)
        self.seed.valueChanged.connect(self._on_seed)
        self.steps.valueChanged.connect(self._on_steps)
        self.interval.valueChanged.connect(self._on_interval)
        self.variation.valueChanged.connect(self._on_variation)
        self.deflicker.valueChanged.connect(self._on_deflicker)
        self.working_size.activated.connect(self._on_size)
        line = self.working_size.lineEdit()
        assert line is not None  # it is editable
        line.editingFinished.connect(self._on_size)
        for field, box in self._decimals.items():
            box.valueChanged.connect(partial(self._on_decimal, field))
        self.dice.clicked.connect(recipe.roll_seed)
        self.lock.clicked.connect(recipe.toggle_seed_lock)
        recipe.lock_changed.connect(self._show_lock)
        self.fold.clicked.connect(self._on_fold)
        for grid in (self.grid, self.advanced):
            grid.reset_wanted.connect(self._on_reset)
        recipe.changed.connect(self.show_recipe)
        self.show_facts(self._facts)

    def set_models(self, models: tuple[tuple[str, str], ...]) -> None:
        """Offer these models, (title, location) each, and no others but the one that is chosen."""
        offered = {location for _, location in models}
        for row in reversed(range(self.model.count())):
            if self.model.itemData(row) not in offered and row != self.model.currentIndex():
                self.model.removeItem(row)
        for title, location in models:
            if self.model.findData(location) < 0:
                self.model.addItem(title, location)

    def set_shape(self, width: int, height: int) -> None:
        """The clip's size, which the offered working sizes follow."""
        self._shape = (width, height)
        self.show_facts(self._facts)

    @Slot(object)
    def show_facts(self, facts: ModelFacts) -> None:
        """The model's own values, for what the recipe leaves to it."""
        self._facts = facts
        self.steps.setSpecialValueText(f"{_OWN}: {facts.steps}")
        for field, box in self._decimals.items():
            box.setSpecialValueText(f"{_OWN}: {getattr(facts, field):g}")
        self.show_recipe(self._recipe.value)

    @Slot(object)
    def show_recipe(self, recipe: Recipe) -> None:
        """Show the values and mark what was changed."""
        for widget in self._inputs:
            widget.blockSignals(True)
        if self.model.findData(recipe.model) < 0:
            self.model.addItem(recipe.model, recipe.model)
        self.model.setCurrentIndex(self.model.findData(recipe.model))
        self.technique.setCurrentIndex(max(self.technique.findData(recipe.technique), 0))
        self.seed.setValue(min(recipe.seed, SEED_MAX))
        self.steps.setValue(recipe.steps or 0)
        self.interval.setValue(recipe.keyframe_interval)
        self.variation.setValue(round(100 * recipe.variation))
        self.deflicker.setValue(round(100 * recipe.deflicker))
        self.deflicker_share.setText(f"{recipe.deflicker:.0%}" if recipe.deflicker else "Off")
        for field, box in self._decimals.items():
            value = getattr(recipe, field)
            box.setValue(box.minimum() if value is None else value)
        self._show_size(recipe)
        self._show_structure(recipe)
        for widget in self._inputs:
            widget.blockSignals(False)
        self._show_rows(recipe.technique)

    def _show_rows(self, technique: str) -> None:
        """Only what counts for the technique; what was changed is marked."""
        self.grid.show_row("variation", technique == "pnp")
        self.grid.show_row("strength", technique in ("pnp", "sdedit"))
        for field in ("pnp_attention", "pnp_features"):
            self.advanced.show_row(field, technique == "pnp")
        self.advanced.show_row("strength", technique == "sdedit")
        for grid in (self.grid, self.advanced):
            grid.mark(self._recipe)

    def _show_size(self, recipe: Recipe) -> None:
        sizes = [None, *offered_sizes(self._shape, self._facts.native_size)]
        if recipe.size not in sizes:
            sizes.append(recipe.size)
        if [self.working_size.itemData(row) for row in range(self.working_size.count())] != sizes:
            self.working_size.clear()
            for size in sizes:
                self.working_size.addItem(size_text(size), size)
        self.working_size.setCurrentIndex(sizes.index(recipe.size))
        self.working_size.setEditText(size_text(recipe.size))

    def _show_structure(self, recipe: Recipe) -> None:
        facts = self._facts
        if recipe.technique == "sdedit":
            strength = facts.strength if recipe.strength is None else recipe.strength
            structure, exact = 1.0 - strength, True
        else:
            structure, exact = structure_of(
                facts.pnp_attention if recipe.pnp_attention is None else recipe.pnp_attention,
                facts.pnp_features if recipe.pnp_features is None else recipe.pnp_features,
            )
        self.structure.setValue(round(100 * structure))
        # The exact values are not on the slider's line: it shows where they are nearest.
        self.structure_share.setText(f"{structure:.0%}" if exact else f"≈ {structure:.0%}")

    @Slot(bool)
    def _show_lock(self, locked: bool) -> None:
        self.lock.setChecked(locked)
        self.seed.setEnabled(not locked)
        self.dice.setEnabled(not locked)

    @Slot(object)
    def _on_reset(self, fields: tuple[str, ...]) -> None:
        self._recipe.reset(*fields)

    @Slot()
    def _on_fold(self) -> None:
        shown = self.advanced.isHidden()
        self.advanced.setVisible(shown)
        self.fold.setText("▾  Advanced" if shown else "▸  Advanced")

    @Slot(int)
    def _on_model(self, _row: int) -> None:
        self._recipe.set(model=self.model.currentData())

    @Slot(int)
    def _on_technique(self, row: int) -> None:
        self._recipe.set(technique=self.technique.itemData(row))

    @Slot(int)
    def _on_structure(self, percent: int) -> None:
        recipe = self._recipe.value
        if recipe.technique == "sdedit":
            changed = dataclasses.replace(recipe, strength=strength_of(percent / 100))
        else:
            attention, features = injection_of(percent / 100)
            changed = dataclasses.replace(recipe, pnp_attention=attention, pnp_features=features)
        self._recipe.replace(changed, "Structure", "structure")

    @Slot(int)
    def _on_seed(self, value: int) -> None:
        self._recipe.set(seed=value)

    @Slot(int)
    def _on_steps(self, value: int) -> None:
        self._recipe.set(steps=value or None)

    @Slot(int)
    def _on_interval(self, value: int) -> None:
        self._recipe.set(keyframe_interval=value, keyframes=None)

    @Slot(int)
    def _on_variation(self, percent: int) -> None:
        self._recipe.set(variation=percent / 100)

    @Slot(int)
    def _on_deflicker(self, percent: int) -> None:
        self._recipe.set(deflicker=percent / 100)

    def _on_decimal(self, field: str, value: float) -> None:
        self._recipe.set(**{field: None if value < 0 else round(value, 4)})

    @Slot()
    def _on_size(self, _row: int = 0) -> None:
        self._recipe.set(size=size_of(self.working_size.currentText()))
        self._show_size(self._recipe.value)
