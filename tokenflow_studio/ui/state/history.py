"""One history of everything that the user changes: undo, redo, and what "saved" means."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

_PAUSE = 1.0  # seconds without a change that end one step of undo


class History(QObject):
    """The undo stack and the shot that new changes belong to.

    Signal: `elsewhere(shot, part, value)` when a step concerns a shot that is not in view; whoever
    holds the shots puts the value there. Its clean step is the saved state.
    """

    elsewhere = Signal(str, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.shot = ""

    def change(
        self,
        title: str,
        part: str,
        show: Callable[[Any], None],
        before: object,
        after: object,
        merge: str = "",
    ) -> None:
        """Take a change as one step: `show(after)` now and at redo, `show(before)` at undo.

        title: what the menu calls it; part: which part of the shot the values are, empty for a
        change of the whole project; merge: changes of the same name that follow each other quickly
        become one step, empty for never.
        """
        self.stack.push(_Change(self, title, part, show, before, after, merge))

    def show(self, shot: str, part: str, show: Callable[[Any], None], value: object) -> None:
        """Put a value where it belongs: into view, or into its shot."""
        if shot == self.shot or not part:
            show(value)
        else:
            self.elsewhere.emit(shot, part, value)


class _Change(QUndoCommand):
    def __init__(
        self,
        history: History,
        title: str,
        part: str,
        show: Callable[[Any], None],
        before: object,
        after: object,
        merge: str,
    ) -> None:
        super().__init__(title)
        self._history = history
        self._shot = history.shot
        self._part = part
        self._show = show
        self._before = before
        self._after = after
        self._merge = merge
        self._at = time.monotonic()

    def redo(self) -> None:
        self._history.show(self._shot, self._part, self._show, self._after)

    def undo(self) -> None:
        self._history.show(self._shot, self._part, self._show, self._before)

    def id(self) -> int:
        return 1 if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other._key != self._key:
            return False
        if other._at - self._at > _PAUSE:
            return False
        self._after, self._at = other._after, other._at
        # Back where it began: the step is none.
        self.setObsolete(self._after == self._before)
        return True

    @property
    def _key(self) -> tuple[str, str]:
        return self._shot, self._merge
