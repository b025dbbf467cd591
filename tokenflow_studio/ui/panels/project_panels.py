"""What the project has to ask: recover, relink, save before leaving."""

import time
from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tokenflow_studio.project.recovery import Recovered
from tokenflow_studio.ui.panels.package_panel import PackagePanel
from tokenflow_studio.ui.panels.question_panel import Answer, QuestionPanel
from tokenflow_studio.ui.panels.timeline_panel import TimelinePanel
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads.naming import clip_name

_NAMED = 3  # clips that a sentence lists before it counts the others


class ProjectPanels(QWidget):
    """The questions that are open, one above the other.

    Signals: `file_wanted()` and `folder_wanted()` when the user wants to point at lost media.
    """

    file_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.recovery = QuestionPanel(
            "recoveryPanel",
            (Answer("restoreButton", "Restore", "main"), Answer("discardButton", "Discard")),
            self,
        )
        self.missing = QuestionPanel(
            "missingPanel",
            (
                Answer("locateButton", "Locate…", "main"),
                Answer("locateFolderButton", "Choose Folder…"),
            ),
            self,
        )
        self.others = QuestionPanel(
            "relinkPanel",
            (Answer("relinkButton", "Relink Them", "main"), Answer("leaveButton", "Leave Them")),
            self,
        )
        self.unsaved = QuestionPanel(
            "unsavedPanel",
            (
                Answer("saveButton", "Save", "main"),
                Answer("dontSaveButton", "Don’t Save"),
                Answer("stayButton", "Cancel"),
            ),
            self,
        )
        self.package = PackagePanel(studio.packages, self)
        self.cut = TimelinePanel(studio.timelines, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        asked = (self.unsaved, self.package, self.cut, self.recovery, self.missing, self.others)
        for panel in asked:
            column.addWidget(panel)
        self._bind()

    def _bind(self) -> None:
        studio = self._studio
        self._answers: dict[str, Callable[[], object]] = {
            "restoreButton": studio.safekeeping.restore,
            "discardButton": studio.safekeeping.discard,
            "locateButton": self.file_wanted.emit,
            "locateFolderButton": self.folder_wanted.emit,
            "relinkButton": studio.relinking.accept,
            "leaveButton": studio.relinking.decline,
            "saveButton": studio.project.save_and_leave,
            "dontSaveButton": studio.project.discard_and_leave,
            "stayButton": studio.project.stay,
        }
        for panel in (self.unsaved, self.recovery, self.missing, self.others):
            panel.answered.connect(self._on_answer)
        studio.safekeeping.changed.connect(self._show_recovery)
        studio.shots.changed.connect(self._show_missing)
        studio.relinking.changed.connect(self._show_others)
        studio.project.question_changed.connect(self._show_unsaved)
        self._show_recovery()
        self._show_missing()

    @Slot(str)
    def _on_answer(self, name: str) -> None:
        self._answers[name]()

    @Slot()
    def _show_recovery(self) -> None:
        found = self._studio.safekeeping.found
        text = "" if not found else _recovery_text(found[0])
        if len(found) > 1:
            text += f" After that, {len(found) - 1} more will be offered."
        self.recovery.ask(text)

    @Slot()
    def _show_missing(self) -> None:
        shots = self._studio.shots
        shot = shots.current
        lost = shots.lost if shot is not None else ""
        self.missing.ask(f"{clip_name(shot.clip)} is missing. {lost}" if shot and lost else "")

    @Slot()
    def _show_others(self) -> None:
        offered = self._studio.relinking.offered
        verb = "clip was" if len(offered) == 1 else "clips were"
        names = _listed([clip_name(clip) for clip in offered.values()])
        self.others.ask(
            f"{len(offered)} more missing {verb} found at the new place: {names}."
            if offered else ""
        )  # fmt: skip

    @Slot()
    def _show_unsaved(self) -> None:
        project = self._studio.project
        name = project.path.name if project.path else "This project"
        asking = project.asking
        self.unsaved.ask(f"{name} has changes that are not saved." if asking else "")
        if asking:
            self.unsaved.take_focus()


def _recovery_text(found: Recovered) -> str:
    today = time.strftime("%x", time.localtime(found.saved)) == time.strftime("%x")
    when = time.strftime("%H:%M" if today else "%d %b, %H:%M", time.localtime(found.saved))
    if found.path is not None:
        what = f"Unsaved changes of {found.path.name}"
    else:
        clips = _listed([clip_name(shot.clip) for shot in found.project.shots])
        what = f"Unsaved work on {clips}" if clips else "Unsaved work"
    began = "TokenFlow Studio did not end properly. " if found.crashed else ""
    return f"{began}{what} from {when} can be restored."


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
