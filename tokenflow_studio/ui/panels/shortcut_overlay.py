"""All shortcuts at a glance, drawn over the window until a key or a click puts them away."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tokenflow_studio.ui.actions import Command
from tokenflow_studio.ui.key_presets import PRESET_TITLES
from tokenflow_studio.ui.panels.building import frame, label
from tokenflow_studio.ui.state.shortcuts import Shortcuts, shown
from tokenflow_studio.ui.theme import theme

_KEYS = 2  # of a command; Preferences list them all
_COLUMN = 330  # logical pixels that a group needs
_HEAD = 2  # rows' worth of height of a group's title
_HINT = "Esc closes  ·  keys are set in Preferences"


class ShortcutOverlay(QWidget):
    """Covers its parent while it is shown. `closed()` when it goes, so the focus can return."""

    closed = Signal()

    def __init__(self, shortcuts: Shortcuts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutOverlay")
        self.setAccessibleName("Keyboard shortcuts")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._window = parent
        self._shortcuts = shortcuts
        self._card = frame("card", self)
        self._title = label("", "title", self._card)
        self._scroll = QScrollArea(self._card)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(28, 22, 28, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._scroll, 1)
        column.addWidget(label(_HINT, "small", self._card))
        parent.installEventFilter(self)
        self.hide()

    @Slot()
    def toggle(self) -> None:
        """Show it, or put it away."""
        if self.isVisible():
            self.put_away()
            return
        self._cover()
        self._rebuild()
        self.show()
        self.raise_()
        self.setFocus()

    @Slot()
    def put_away(self) -> None:
        """Hide it."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
            self._rebuild()
        return False

    def event(self, event: QEvent) -> bool:
        # Escape is a shortcut of the window as well: here it means this overlay.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self._scroll.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_Escape:
                self.put_away()
            case Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                bar.setValue(bar.value() + bar.pageStep() // 2)
            case Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - bar.pageStep() // 2)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.put_away()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("overlay"))
        # The style leaves a background out that is the palette's own.
        painter.fillRect(self._card.geometry(), theme().colour("panel"))

    def _cover(self) -> None:
        self.setGeometry(self._window.rect())
        room = self.rect().adjusted(40, 40, -40, -40)
        width = min(room.width(), 4 * _COLUMN + 60)
        self._card.resize(width, room.height())

    def _shrink(self, body: QWidget) -> None:
        """Make the card no higher than what stands on it, and as wide, where there is room."""
        around = 110  # title, hint and margins
        sides = 72  # margins, and the bar that scrolls
        height = min(self.height() - 80, body.sizeHint().height() + around)
        wanted = max(self._card.width(), body.sizeHint().width() + sides)
        width = min(self.width() - 80, wanted)
        self._card.setGeometry(
            (self.width() - width) // 2, (self.height() - height) // 2, width, height
        )

    def _rebuild(self) -> None:
        self._title.setText(f"Keyboard shortcuts: {PRESET_TITLES[self._shortcuts.preset]}")
        body = QWidget(self._scroll)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(28)
        count = max(1, min(4, (self._card.width() - 60) // _COLUMN))
        for groups in _columns(_groups(self._shortcuts), count):
            column = QVBoxLayout()
            column.setSpacing(18)
            for title, commands in groups:
                column.addWidget(self._group(title, commands, body))
            column.addStretch()
            row.addLayout(column, 1)
        self._scroll.setWidget(body)
        self._shrink(body)

    def _group(self, title: str, commands: Sequence[Command], parent: QWidget) -> QWidget:
        group = QWidget(parent)
        grid = QGridLayout(group)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label(title, "heading", group), 0, 0, 1, 2)
        for at, command in enumerate(commands, 1):
            grid.addWidget(label(command.title, "number", group), at, 0)
            keys = label(shown(self._shortcuts.keys(command.id)[:_KEYS]), "key", group)
            keys.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(keys, at, 1)
        return group


_Group = tuple[str, list[Command]]


def _groups(shortcuts: Shortcuts) -> list[_Group]:
    """Commands that have keys, by menu."""
    found: dict[str, list[Command]] = {}
    for command in shortcuts.commands:
        if shortcuts.keys(command.id):
            found.setdefault(command.menu, []).append(command)
    return list(found.items())


def _columns(groups: list[_Group], count: int) -> list[list[_Group]]:
    """The groups in their order, in columns of about equal height; a long one may be cut."""
    heights = sum(len(commands) + _HEAD for _, commands in groups)
    limit = -(-heights // count) + 1
    columns: list[list[_Group]] = [[]]
    used = 0
    for title, commands in groups:
        rest = commands
        while rest:
            room = limit - used - _HEAD
            if room < min(3, len(rest)) and len(columns) < count:
                columns.append([])
                used, room = 0, limit - _HEAD
            part = rest[: max(room, 1)] if len(columns) < count else rest
            columns[-1].append((title if rest is commands else f"{title}, continued", part))
            used += len(part) + _HEAD
            rest = rest[len(part) :]
    return columns
