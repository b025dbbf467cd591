"""Timelines of editing programs: their shots are listed first, and opened after a yes."""

from fractions import Fraction
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.ui.state.notices import Notice, Notices
from tokenflow_studio.ui.state.settings import SettingsModel
from tokenflow_studio.ui.state.shots import Shots
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.timelines import TIMELINE_SUFFIXES, Cut, look_into_timeline

_LOOK = "timeline.look"


class Timelines(QObject):
    """`offered` holds a timeline that waits for the user's answer. Signal: `changed()` for it."""

    changed = Signal()

    def __init__(
        self,
        shots: Shots,
        settings: SettingsModel,
        notices: Notices,
        disk: DiskThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shots = shots
        self._settings = settings
        self._notices = notices
        self._disk = disk
        self._asked = ""
        self.offered: Cut | None = None
        disk.done.connect(self._on_errand)
        disk.failed.connect(self._on_errand_failed)

    def open(self, path: str) -> None:
        """Look what is in a timeline file; `offered` is the answer."""
        self._asked = path
        self._disk.submit(_LOOK, partial(look_into_timeline, path))

    def set_rate(self, rate: Fraction) -> None:
        """What is offered plays at that rate, which its file does not tell; look again."""
        cut = self.offered
        if cut is not None and rate in cut.rates and rate != cut.rate:
            self._settings.set(edl_rate=str(rate))
            self._disk.submit(_LOOK, partial(look_into_timeline, cut.path, rate))

    @Slot()
    def accept(self) -> None:
        """Open every shot of what is offered that can be opened."""
        cut = self.offered
        self._offer(None)
        if cut is not None and cut.ready:
            self._shots.open_cut(cut.ready)

    @Slot()
    def decline(self) -> None:
        """Open none of it."""
        self._offer(None)

    def _offer(self, cut: Cut | None) -> None:
        if cut != self.offered:
            self.offered = cut
            self.changed.emit()

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        # Another one may have been asked for meanwhile.
        if name == _LOOK and isinstance(result, Cut) and result.path == self._asked:
            self._offer(result)
            self._notices.say(f"{result.name} waits for your answer.")

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == _LOOK:
            self._notices.show(Notice(sentence, action="clip.open"))


def may_be_timeline(path: str) -> bool:
    """Whether that is a timeline by its name."""
    return Path(path).suffix.lower() in TIMELINE_SUFFIXES
