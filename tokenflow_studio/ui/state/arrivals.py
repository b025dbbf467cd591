"""What jobs make, as it comes into the takes and keyframes of the open clip."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from tokenflow_studio.core.job import EventKind, JobEvent, JobKind
from tokenflow_studio.project.document import Shot
from tokenflow_studio.ui.state.jobs import Jobs
from tokenflow_studio.ui.state.marks import KeyframeMarks
from tokenflow_studio.ui.state.notices import Notices
from tokenflow_studio.ui.state.past_takes import PastTake, find_past_takes, version_of
from tokenflow_studio.ui.state.playback import Playback
from tokenflow_studio.ui.state.queue import QueueEntry
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.shot_values import title_of
from tokenflow_studio.ui.state.takes import Take, TakesModel, TakeState
from tokenflow_studio.ui.threads.disk import DiskThread

_PAST = "takes"


class Arrivals(QObject):
    """Puts finished pictures where they belong, whichever clip is open by then."""

    def __init__(
        self,
        session: Session,
        takes: TakesModel,
        marks: KeyframeMarks,
        playback: Playback,
        notices: Notices,
        jobs: Jobs,
        disk: DiskThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._takes = takes
        self._marks = marks
        self._playback = playback
        self._notices = notices
        self._jobs = jobs
        self._disk = disk
        self._followed = ""
        self._shot: Shot | None = None
        self._others: frozenset[str] = frozenset()
        jobs.began.connect(self._on_began)
        jobs.frames_came.connect(self._on_frames)
        jobs.ended.connect(self._on_ended)
        disk.done.connect(self._on_errand)

    def follow(self, job_id: str) -> None:
        """The user has just asked for that job: the view goes along with what it makes."""
        self._followed = job_id

    def take_up(self, root: str, shot: Shot, others: frozenset[str]) -> None:
        """A shot came into view: look for what was made of it, by earlier jobs and by present ones.

        root: where else takes of it lie, see `find_past_takes`; others: folders of other shots'.
        """
        clip = self._session.clip
        if clip is None:
            return
        self._shot, self._others = shot, others
        for entry in filter(self._is_open, self._jobs.queue.all):
            frames = self._jobs.frames_of(entry)
            if entry.order.kind is JobKind.KEYFRAMES and frames:
                self._marks.add_preview(entry.order.request, frames, entry.folder)
            elif entry.order.kind is JobKind.EDIT and entry.runs:
                self._takes.add(entry.id, entry.order.request)
                self._add_frames(entry.id, frames, entry.folder)
        self._disk.submit(_PAST, partial(find_past_takes, clip.spec, clip.name, root, shot.takes))

    def look_at_edit(self) -> None:
        """Turn the viewer to the edit when its first pictures arrive."""
        if self._session.compare is Compare.SOURCE:
            self._session.set_compare(Compare.EDIT)

    @Slot(object)
    def _on_began(self, entry: QueueEntry) -> None:
        if not self._is_open(entry):
            return
        followed = entry.id == self._followed
        if entry.order.kind is JobKind.EDIT:
            self._takes.add(entry.id, entry.order.request)
            if followed or self._takes.current is None:
                self._takes.select(entry.id)
        elif followed:
            self._takes.select("")  # a take in view would hide the keyframes

    @Slot(object, object)
    def _on_frames(self, entry: QueueEntry, event: JobEvent) -> None:
        if not self._is_open(entry):
            return
        followed = entry.id == self._followed
        if entry.order.kind is JobKind.KEYFRAMES:
            self._marks.add_preview(entry.order.request, event.frames, event.folder)
            if followed:
                self._go_to_preview()
        else:
            self._add_frames(entry.id, event.frames, event.folder)
        if followed:
            self.look_at_edit()

    @Slot(object, object)
    def _on_ended(self, entry: QueueEntry, event: JobEvent) -> None:
        take = self._takes.find(entry.id)
        if event.kind is EventKind.DONE:
            if take is not None:
                folder, seconds = event.folder, entry.elapsed
                self._takes.update(take.id, state=TakeState.DONE, folder=folder, seconds=seconds)
            self._notices.say(_done_sentence(entry, take))
        elif take is not None and take.count == 0:
            self._takes.remove(take.id)
        elif take is not None:
            failed = event.kind is EventKind.FAILED
            self._takes.update(take.id, state=TakeState.FAILED if failed else TakeState.CANCELLED)

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _PAST and isinstance(result, tuple):
            self._add_past(result)

    def _add_past(self, found: tuple[PastTake, ...]) -> None:
        clip = self._session.clip
        there = {take.frames for take in self._takes.all}
        for past in found:
            same = clip is not None and past.take.request.clip == clip.spec
            if same and self._is_mine(past.take) and past.take.frames not in there:
                self._takes.insert(past.take, past.frames)

    def _is_mine(self, take: Take) -> bool:
        """Whether a take of the clip in view belongs to the shot in view; several may share a clip.

        What no project tells is a matter of frames: of a part of the clip, there are others.
        """
        shot = self._shot
        if shot is None or take.folder in shot.takes:
            return shot is not None
        part = shot.frames if shot.name or shot.origin else None
        made = take.request.frames
        fits = part is None or (made is not None and made.first in part and made.last in part)
        return fits and take.folder not in self._others

    def _is_open(self, entry: QueueEntry) -> bool:
        """Whether the job works on the shot in view."""
        clip, shot = self._session.clip, self._shot
        if clip is None or shot is None:
            return False
        return entry.order.request.clip == clip.spec and entry.clip == title_of(shot)

    def _add_frames(self, take_id: str, frames: tuple[int, ...], folder: str) -> None:
        self._claim_version(take_id, folder)
        self._takes.add_frames(take_id, frames, folder)

    def _claim_version(self, take_id: str, frames: str) -> None:
        """The take's number is that of its folder; the same request goes on in the same folder."""
        take = self._takes.find(take_id)
        if take is None or take.frames or not frames:
            return
        for other in self._takes.all:
            if other.frames == frames:
                self._takes.remove(other.id)
        version = version_of(Path(frames).parent)
        if version is not None:
            self._takes.update(take_id, version=version)

    def _go_to_preview(self) -> None:
        """Between keyframes there is nothing to see of a preview: go to the nearest one."""
        frame = self._session.playhead
        pictured = [mark.frame for mark in self._marks.pictured]
        if pictured and frame not in pictured and not self._playback.speed:
            self._session.set_playhead(min(pictured, key=lambda number: abs(number - frame)))


def _done_sentence(entry: QueueEntry, take: Take | None) -> str:
    if take is not None:
        return f"{take.name} is done: {take.count} frames."
    if entry.order.kind is JobKind.EDIT:
        return f"{entry.title} is done: {entry.count} frames."
    return "Keyframes are ready: propagate when they please you."
