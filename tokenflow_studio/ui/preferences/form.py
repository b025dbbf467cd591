"""The rows of a page: a title at the left, the field at the right, a small note under it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.ui.panels.building import label

_FIELD = 260  # and of a box with a value
_TITLES = 132  # logical pixels of the column of titles


class Page(QScrollArea):
    """A page of the preferences, which scrolls where it is higher than the window."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.title = title
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body = QWidget(self)
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(10)
        self.column.addWidget(label(title, "title", self.body))
        self.column.addSpacing(4)
        self.setWidget(self.body)

    def add_form(self) -> QFormLayout:
        """Rows under what is there."""
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(6)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.column.addLayout(form)
        return form

    def add_heading(self, text: str) -> None:
        """The name of a group."""
        self.column.addSpacing(10)
        self.column.addWidget(label(text, "heading", self.body))

    def add_note(self, text: str) -> QLabel:
        """Small text over the whole width."""
        made = note(text, self.body)
        self.column.addWidget(made)
        return made


def add_row(form: QFormLayout, title: str, field: QWidget, text: str = "") -> QLabel:
    """One row; returns its note, which is hidden while it is empty."""
    parent = field.parentWidget()
    assert parent is not None, "a field lies on its page"
    if isinstance(field, QComboBox | QSpinBox):
        field.setFixedWidth(_FIELD)
    if isinstance(field, QSpinBox):
        field.lineEdit().setTextMargins(5, 0, 0, 0)  # the style sheet's padding stops at the frame
    name = label(title, "dim", parent)
    name.setMinimumWidth(_TITLES)
    name.setMinimumHeight(26)
    name.setBuddy(field)
    form.addRow(name, field)
    made = note(text, parent)
    made.setVisible(bool(text))
    form.addRow("", made)
    return made


def note(text: str, parent: QWidget) -> QLabel:
    """Small text that breaks its lines."""
    made = label(text, "small", parent)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made


def show_decided(field: QWidget, made: QLabel, variable: str, otherwise: str = "") -> None:
    """Grey a field that an environment variable decides, and say so."""
    field.setEnabled(not variable)
    made.setText(f"Decided by the environment variable {variable}." if variable else otherwise)
    made.setVisible(bool(made.text()))
