"""Rows of settings: a title, its control, and the way back to the default where it was changed."""

from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QWidget,
)

from tokenflow_studio.ui.panels.building import label, restyle, tool
from tokenflow_studio.ui.state.recipe import RecipeModel

Box = TypeVar("Box", QSpinBox, QDoubleSpinBox)


@dataclass(frozen=True, slots=True)
class _Row:
    title: QLabel
    controls: tuple[QWidget, ...]
    reset: QToolButton
    fields: tuple[str, ...]


class SettingsGrid(QWidget):
    """The rows. `reset_wanted(tuple)` of recipe fields when a row's arrow is pressed."""

    reset_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(8)
        self._grid.setHorizontalSpacing(6)
        self._grid.setColumnMinimumWidth(0, 96)
        self._grid.setColumnStretch(1, 1)

    def add(self, title: str, fields: tuple[str, ...], *controls: QWidget) -> None:
        """A row whose controls stand side by side; the first one takes the room."""
        name = label(title, "dim", self)
        reset = tool(f"reset-{fields[0]}", f"{title}: back to the default", "reset", self)
        reset.setIconSize(QSize(12, 12))
        reset.setProperty("kind", "small")
        reset.setFixedSize(20, 24)
        policy = reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        reset.setSizePolicy(policy)
        reset.clicked.connect(partial(self._on_reset, fields))
        number = len(self._rows)
        self._grid.addWidget(name, number, 0)
        self._grid.addLayout(_side_by_side(controls), number, 1)
        self._grid.addWidget(reset, number, 2)
        self._rows.append(_Row(name, controls, reset, fields))

    def show_row(self, field: str, shown: bool) -> None:
        """Show the row of a recipe's field, or not."""
        for row in self._rows:
            if field in row.fields:
                for widget in (row.title, *row.controls):
                    widget.setVisible(shown)
                policy = row.reset.sizePolicy()
                policy.setRetainSizeWhenHidden(shown)
                row.reset.setSizePolicy(policy)

    def mark(self, recipe: RecipeModel) -> None:
        """Mark the rows that differ from a new recipe."""
        for row in self._rows:
            changed = recipe.modified(*row.fields)
            restyle(row.title, "changed" if changed else "dim")
            row.reset.setVisible(changed and not row.title.isHidden())

    def _on_reset(self, fields: tuple[str, ...], _checked: bool = False) -> None:
        self.reset_wanted.emit(fields)


def _side_by_side(controls: tuple[QWidget, ...]) -> QLayout:
    row = QHBoxLayout()
    row.setSpacing(4)
    for place, control in enumerate(controls):
        row.addWidget(control, 0 if place else 1)
    return row


def choice(name: str, title: str, parent: QWidget) -> QComboBox:
    """A box to choose from."""
    box = QComboBox(parent)
    box.setObjectName(name)
    box.setAccessibleName(title)
    # A model's long name must not make the panel wide.
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box


def number(name: str, title: str, low: int, high: int, parent: QWidget) -> QSpinBox:
    """A box for a whole number."""
    box = QSpinBox(parent)
    box.setRange(low, high)
    return _dressed(box, name, title)


def decimal(
    name: str, title: str, low: float, high: float, step: float, parent: QWidget
) -> QDoubleSpinBox:
    """A box for a number with a fraction."""
    box = QDoubleSpinBox(parent)
    box.setRange(low, high)
    box.setSingleStep(step)
    return _dressed(box, name, title)


def share(name: str, title: str, parent: QWidget) -> QSlider:
    """A slider from 0 to 100 per cent."""
    slider = QSlider(Qt.Orientation.Horizontal, parent)
    slider.setObjectName(name)
    slider.setAccessibleName(title)
    slider.setRange(0, 100)
    slider.setPageStep(10)
    slider.setMinimumWidth(80)
    return slider


def reading(parent: QWidget) -> QLabel:
    """The value beside a slider, right-aligned and of one width."""
    made = label("", "small", parent)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    made.setFixedWidth(48)
    return made


def _dressed(box: Box, name: str, title: str) -> Box:
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(5, 0, 0, 0)  # the style sheet's padding stops at the frame
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(64)  # less than its longest text: the panel stays as wide as it is
    return box
