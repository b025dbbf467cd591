"""What the user does with takes: judge them, compare them, delete them and bring them back."""

import dataclasses
import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.core.job import EventKind, JobEvent
from tokenflow_studio.core.review import Review, Status, write_review
from tokenflow_studio.ui.state.history import History
from tokenflow_studio.ui.state.jobs import Jobs
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.past_takes import read_facts
from tokenflow_studio.ui.state.queue import QueueEntry
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.takes import Take, TakesModel, TakeState
from tokenflow_studio.ui.state.trash import (
    Deleted,
    DiskFigures,
    bring_back,
    disk_figures,
    empty,
    left_behind,
    put_aside,
)
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.frame_store import FrameStore
from tokenflow_studio.ui.wording import file_size

log = logging.getLogger(__name__)

_FACTS, _REVIEW, _DELETE, _BACK, _DISK = (
    f"take.{name}" for name in ("facts", "review", "delete", "back", "disk")
)


class Shelf(QObject):
    """Commands on takes. Signal: `disk_changed(DiskFigures)`."""

    disk_changed = Signal(object)

    def __init__(
        self,
        session: Session,
        takes: TakesModel,
        frames: FrameStore,
        history: History,
        notices: Notices,
        jobs: Jobs,
        disk: DiskThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._takes = takes
        self._frames = frames
        self._history = history
        self._notices = notices
        self._disk = disk
        self._deleted: list[Deleted] = []  # the one that went last is last
        self._leaving: set[str] = set()  # takes whose folders are being moved
        self._swept = False
        jobs.ended.connect(self._on_job_ended)
        disk.done.connect(self._on_errand)
        disk.failed.connect(self._on_errand_failed)
        session.clip_changed.connect(self.look_at_disk)

    def set_status(self, take: Take, status: Status) -> None:
        """Say how far the take has come."""
        now = self._present(take)
        self._judge(now, dataclasses.replace(now.review, status=status), "Take Status")

    def set_note(self, take: Take, note: str) -> None:
        """Write a note on the take."""
        now = self._present(take)
        self._judge(now, dataclasses.replace(now.review, note=note.strip()), "Note on Take")

    def toggle_star(self, take: Take) -> None:
        """One of the favourites, or not."""
        now = self._present(take)
        starred = not now.review.starred
        self._judge(now, dataclasses.replace(now.review, starred=starred), "Star on Take")

    def compare_with(self, take: Take | None) -> None:
        """Put a take at the viewer's side A; None puts the source there."""
        self._takes.refer_to(take.id if take else "")
        one_sided = self._session.compare in (Compare.SOURCE, Compare.EDIT)
        if take is not None and one_sided:
            self._session.set_compare(Compare.WIPE)

    @Slot()
    def swap(self) -> None:
        """Exchange sides A and B; nothing while A is the source."""
        before, after = self._takes.reference, self._takes.current
        if before is not None and after is not None:
            self._takes.refer_to(after.id)
            self._takes.select(before.id)

    def delete(self, take: Take) -> None:
        """Put a take aside; it is gone for good when the program ends."""
        if take.state is TakeState.RUNNING or not take.home:
            text = f"{take.name} is being made: cancel its job before you delete it."
            self._notices.show(Notice(text, Level.WARNING, "job.cancel"))
            return
        if take.id not in self._leaving:
            self._leaving.add(take.id)
            frames = tuple(sorted(self._takes.finished_frames(take)))
            self._disk.submit(_DELETE, partial(put_aside, take, frames))

    @Slot()
    def bring_back(self) -> None:
        """Bring back the take that was deleted last."""
        if self._deleted:
            self._disk.submit(_BACK, partial(bring_back, self._deleted.pop()))

    @Slot()
    def look_at_disk(self, _clip: object = None) -> None:
        """Find out how much the takes take; `disk_changed` answers."""
        self._disk.submit(_DISK, self._measure_disk)

    def close(self) -> None:
        """Remove for good what was deleted."""
        if self._deleted:
            self._disk.submit("take.empty", partial(empty, [gone.aside for gone in self._deleted]))

    def _measure_disk(self) -> DiskFigures:
        """On the disk's thread: what a killed program left aside goes first."""
        if not self._swept:
            self._swept = True
            empty(left_behind())
        return disk_figures()

    def _present(self, take: Take) -> Take:
        """The take as it is now: a menu that stayed open may hold it as it was."""
        return self._takes.find(take.id) or take

    def _judge(self, take: Take, review: Review, title: str) -> None:
        if review != take.review and take.home:
            show = partial(self._keep_review, take.home)
            self._history.change(title, "", show, take.review, review)

    def _keep_review(self, home: str, review: Review) -> None:
        take = next((take for take in self._takes.all if take.home == home), None)
        if take is not None:
            self._takes.update(take.id, review=review)
        self._disk.submit(_REVIEW, partial(write_review, Path(home), review))

    @Slot(object, object)
    def _on_job_ended(self, entry: QueueEntry, event: JobEvent) -> None:
        if event.kind is EventKind.DONE and event.folder:
            self._disk.submit(_FACTS, partial(_facts, entry.id, Path(event.folder)))
        self.look_at_disk()

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _FACTS and isinstance(result, tuple):
            take_id, facts = result
            self._takes.update(take_id, **facts)
        elif name == _DISK:
            self.disk_changed.emit(result)
        elif name == _DELETE and isinstance(result, Deleted):
            self._on_deleted(result)
        elif name == _BACK and isinstance(result, Deleted):
            self._on_back(result)

    def _on_deleted(self, gone: Deleted) -> None:
        self._leaving.discard(gone.take.id)
        self._takes.remove(gone.take.id)
        # The next take may lie in a folder of that name, and its pictures are others.
        self._frames.forget(gone.take.frames)
        self._deleted.append(gone)
        size = "" if gone.take.size is None else f", {file_size(gone.take.size)}"
        text = f"{gone.take.name} is deleted{size}. The disk space is freed when you quit."
        self._notices.show(Notice(text, Level.INFO, "take.back", "Undo"))
        self.look_at_disk()

    def _on_back(self, deleted: Deleted) -> None:
        clip, take = self._session.clip, deleted.take
        if clip is not None and take.request.clip == clip.spec:
            self._takes.insert(take, deleted.frames)
            self._takes.select(take.id)
        self._notices.say(f"{take.name} is back.")

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == _DELETE:
            self._leaving.clear()
        if name in (_REVIEW, _DELETE, _BACK):
            self._notices.show(Notice(sentence))


def _facts(take_id: str, folder: Path) -> tuple[str, dict[str, object]]:
    try:
        facts = read_facts(folder)
        return take_id, {name: value for name, value in facts.items() if value is not None}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        log.info("%s has no report: %s", folder, error)
        return take_id, {}
