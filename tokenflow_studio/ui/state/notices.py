"""What the program has to tell the user: one sentence, and a remedy where there is one."""

import logging
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class Level(StrEnum):
    """How much it matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the panel above the viewer; `action` names a command that may help, and
    `label` what its button says, where that is not the command's own title."""

    text: str
    level: Level = Level.ERROR
    action: str = ""
    label: str = ""


class Notices(QObject):
    """The notice in view and the status line.

    Signals: `changed(Notice | None)`, `status_changed(str)`.
    """

    changed = Signal(object)
    status_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice: Notice | None = None
        self._status = ""

    @property
    def notice(self) -> Notice | None:
        """The one in view."""
        return self._notice

    @property
    def status(self) -> str:
        """The status line's text."""
        return self._status

    def show(self, notice: Notice) -> None:
        """Put a notice in view, in place of the one before; errors also stand in the status."""
        self._notice = notice
        self.changed.emit(notice)
        self.say(notice.text)

    def dismiss(self) -> None:
        """Take the notice away."""
        if self._notice is not None:
            self._notice = None
            self.changed.emit(None)

    def say(self, text: str) -> None:
        """Write the status line."""
        if text != self._status:
            self._status = text
            log.info("%s", text)
            self.status_changed.emit(text)
