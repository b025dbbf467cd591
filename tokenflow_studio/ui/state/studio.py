"""The root of the window's state: it exists once, owns all models and carries out the commands."""

import dataclasses
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.job import EventKind, JobEvent, JobKind, JobOrder
from tokenflow_studio.core.models import DEMO, list_models
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.settings import Settings
from tokenflow_studio.ui.state.demo import demo_clip, demo_texts
from tokenflow_studio.ui.state.display import Display
from tokenflow_studio.ui.state.history import History
from tokenflow_studio.ui.state.job import JobState
from tokenflow_studio.ui.state.marks import KeyframeMarks, planned_keyframes
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.past_takes import PastTake, find_past_takes, version_of
from tokenflow_studio.ui.state.placing import moved, toggled, within
from tokenflow_studio.ui.state.playback import Playback
from tokenflow_studio.ui.state.recipe import Recipe, RecipeModel
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.settings import SettingsModel
from tokenflow_studio.ui.state.takes import Take, TakesModel, TakeState
from tokenflow_studio.ui.state.viewing import Viewing
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.exporting import export_take
from tokenflow_studio.ui.threads.frame_store import FrameStore
from tokenflow_studio.ui.threads.snapshot import write_snapshot
from tokenflow_studio.ui.threads.work import Worker, WorkThread, worker_session

log = logging.getLogger(__name__)


class Studio(QObject):
    """Root object. Widgets read its models, and call its commands on the user's behalf.

    Signals: `suggestions_changed(tuple)` of Suggestion for the clip, `models_found(tuple)` of
    (title, location).
    """

    suggestions_changed = Signal(object)
    models_found = Signal(object)

    def __init__(
        self, make_worker: Callable[[], Worker] = worker_session, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.history = History(self)
        self.session = Session(self, self.history)
        self.recipe = RecipeModel(self, self.history)
        self.marks = KeyframeMarks(self)
        self.takes = TakesModel(self)
        self.job = JobState(self)
        self.notices = Notices(self)
        self.frames = FrameStore(self)
        self.display = Display(self.session, self.takes, self.marks, self.frames, self)
        self.playback = Playback(self.session, self.display.is_complete, self)
        self.viewing = Viewing(self)
        self._work = WorkThread(make_worker, self)
        self._disk = DiskThread(self)
        self.settings = SettingsModel(self._disk, self)
        self._asked_for = ""
        self._connect_models()

    def _connect_models(self) -> None:
        self.frames.opened.connect(self._on_opened)
        self.frames.refused.connect(self._on_refused)
        self.frames.broken.connect(self._on_broken)
        self.recipe.changed.connect(self._replan)
        self.session.range_changed.connect(self._replan)
        self._work.reported.connect(self.take_in)
        self.settings.changed.connect(self._on_settings)
        self.settings.refused.connect(self.refuse)
        self._disk.done.connect(self._on_errand)
        self._disk.failed.connect(self._on_errand_failed)
        self.recipe.show(Recipe(model=self.settings.value.default_model))
        self._on_settings(self.settings.value)
        if self.settings.notice:
            self._warn(self.settings.notice, "")

    @Slot(object)
    def _on_settings(self, settings: Settings) -> None:
        self.frames.set_limit(settings.frame_cache * 2**20)

    def open(self, spec: str) -> None:
        """Open a movie, a sequence or a folder."""
        if self.job.view.busy:
            self._warn("A job is running: cancel it before you open another clip.", "job.cancel")
            return
        self._asked_for = spec
        self.notices.say(f"Opening {Path(spec).name}…")
        self.frames.open(spec)

    @Slot()
    def open_demo(self) -> None:
        """Open the clip that comes with the program."""
        self.open(str(demo_clip()))

    @Slot()
    def look_up_models(self) -> None:
        """Find out which models there are; `models_found` answers."""
        self._disk.submit("models", _models)

    @Slot()
    def preview(self) -> None:
        """Edit the keyframes only."""
        request = self._request()
        if request is not None:
            self.takes.select("")  # a take in view would hide the keyframes
            self._order(JobOrder(request=request, kind=JobKind.KEYFRAMES))

    @Slot()
    def propagate(self) -> None:
        """Make a take: every frame of the range."""
        request = self._request()
        if request is not None:
            order = JobOrder(request=request, kind=JobKind.EDIT)
            self.takes.add(order.id, request)
            self.takes.select(order.id)
            self._order(order)

    @Slot()
    def cancel(self) -> None:
        """Stop the running job; what it computed is kept for the next."""
        order = self.job.order
        if order is not None:
            self.job.cancel()
            self._work.cancel(order.id)

    def show_keyframe(self, frame: int) -> None:
        """Go to a keyframe; its preview is shown if there is one."""
        self.playback.pause()
        mark = self.marks.at(frame)
        if mark is not None and mark.folder and not self.takes.running:
            self.takes.select("")
        self.session.set_playhead(frame)

    def show_take(self, take: Take) -> None:
        """Look at a take."""
        self.takes.select(take.id)
        if take.count:
            self._look_at_edit()

    def step_keyframe(self, step: int) -> None:
        """Go to the next (1) or previous (-1) keyframe."""
        frame = self.marks.neighbour(self.session.playhead, step)
        if frame is not None:
            self.playback.pause()
            self.session.set_playhead(frame)

    @Slot()
    def toggle_keyframe(self) -> None:
        """Put a keyframe on the playhead's frame, or take it away."""
        frames = self.session.in_out
        if frames is None:
            return
        try:
            self._place(toggled(self.marks.planned, self.session.playhead, frames))
        except BadInput as error:
            self.notices.show(Notice(str(error), Level.WARNING))

    def move_keyframe(self, frame: int, to: int) -> None:
        """Put a keyframe elsewhere in the range."""
        frames = self.session.in_out
        if frames is not None:
            to = min(max(to, frames.first), frames.last)
            self._place(moved(self.marks.planned, frame, to))

    @Slot()
    def spread_keyframes(self) -> None:
        """Back to one keyframe in the middle of each interval."""
        self.recipe.replace(dataclasses.replace(self.recipe.value, keyframes=None), "Keyframes")

    def _place(self, keyframes: tuple[int, ...]) -> None:
        recipe, frames = self.recipe.value, self.session.in_out
        if frames is not None and keyframes != self.marks.planned:
            # The regular ones placed by hand are the regular ones: their preview counts again.
            regular = keyframes == planned_keyframes(frames, recipe.keyframe_interval)
            placed = None if regular else keyframes
            self.recipe.replace(dataclasses.replace(recipe, keyframes=placed), "Keyframes")

    def export(self, output: str) -> None:
        """Copy the shown take's frames to a pattern, a movie or a folder."""
        take = self.takes.current
        clip = self.session.clip
        if take is None or take.state is not TakeState.DONE or clip is None:
            self._warn("There is no finished take to export: propagate first.", "job.propagate")
            return
        frames = tuple(sorted(self.takes.finished_frames(take)))
        self.notices.say(f"Exporting {take.name}…")
        self._disk.submit(
            "export", partial(export_take, take.frames, frames, output, self.playback.rate)
        )

    def keep_snapshot(self, image: QImage) -> None:
        """Write a picture of the viewer beside the clip's takes."""
        clip = self.session.clip
        if clip is not None:
            name = f"{clip.name}_{self.session.playhead:04d}"
            self._disk.submit("snapshot", partial(write_snapshot, image, clip.name, name))

    def restore(self, take: Take) -> None:
        """Set the recipe to what the take was made with."""
        self.recipe.replace(Recipe.of(take.request), "Restore Recipe")

    def refuse(self, sentence: str) -> None:
        """Tell the user why something cannot be done."""
        self.notices.show(Notice(sentence))

    def close(self) -> None:
        """End all threads and the worker."""
        self.playback.pause()
        self._work.close()
        self.frames.close()
        self._disk.close()

    @Slot(object)
    def _on_opened(self, info: object) -> None:
        self.notices.dismiss()
        self.marks.clear()
        self.takes.clear()
        self.session.open(info)  # pyright: ignore[reportArgumentType]
        clip = self.session.clip
        assert clip is not None
        caption, prompts = demo_texts() if Path(clip.spec) == demo_clip() else ("", ())
        self.recipe.start(Recipe(source_prompt=caption, model=self.recipe.value.model))
        self._replan()
        self.suggestions_changed.emit(prompts)
        self.notices.say(f"{clip.name} is open: say what it should become.")
        self._disk.submit("takes", partial(find_past_takes, clip.spec, clip.name))

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.notices.show(Notice(sentence, action="clip.open"))

    @Slot(object, str)
    def _on_broken(self, _key: FrameKey, sentence: str) -> None:
        self.notices.show(Notice(sentence))

    @Slot(object)
    def _replan(self, _changed: object = None) -> None:
        clip = self.session.clip
        try:
            request = None if clip is None else self._make_request()
        except BadInput:
            request = None
        recipe, frames = self.recipe.value, self.session.in_out
        placed = within(recipe.keyframes, frames)
        self.marks.plan(frames, recipe.keyframe_interval, request, placed)

    @Slot(object)
    def take_in(self, event: JobEvent) -> None:
        """Follow what a job says."""
        order = self.job.order
        if order is None or event.job != order.id:
            return
        match event.kind:
            case EventKind.PROGRESS:
                self.job.progress(event)
            case EventKind.NOTICE:
                self.notices.show(Notice(event.message, Level.INFO))
            case EventKind.FRAMES if order.kind is JobKind.KEYFRAMES:
                self.marks.add_preview(order.request, event.frames, event.folder)
                self._go_to_preview()
                self._look_at_edit()
            case EventKind.FRAMES:
                self._claim_version(order, event.folder)
                self.takes.add_frames(order.id, event.frames, event.folder)
                self._look_at_edit()
            case EventKind.DONE | EventKind.FAILED | EventKind.CANCELLED:
                self._finish(order, event)

    def _finish(self, order: JobOrder, event: JobEvent) -> None:
        seconds = self.job.view.elapsed
        self.job.end()
        take = self.takes.find(order.id)
        if event.kind is EventKind.DONE:
            if take is not None:
                folder = event.folder
                self.takes.update(take.id, state=TakeState.DONE, folder=folder, seconds=seconds)
            self.notices.say(_done_sentence(order, take))
            return
        if take is not None and take.count == 0:
            self.takes.remove(take.id)
        elif take is not None:
            failed = event.kind is EventKind.FAILED
            self.takes.update(take.id, state=TakeState.FAILED if failed else TakeState.CANCELLED)
        if event.kind is EventKind.CANCELLED:
            self.notices.say("Cancelled. What was computed is kept and used again.")
            return
        # A BadInput will not go away by itself; anything else may be tried again.
        retry = "job.preview" if order.kind is JobKind.KEYFRAMES else "job.propagate"
        action = "" if event.exit_code == 2 else retry
        self.notices.show(Notice(event.message, action=action, label="Try again"))

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == "export":
            self.notices.say(f"Exported to {result}.")
        elif name == "snapshot":
            self.notices.say(f"Snapshot: {result}")
        elif name == "models":
            self.models_found.emit(result)
        elif name == "takes" and isinstance(result, tuple):
            self._add_past_takes(result)

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == "export":
            self.notices.show(Notice(sentence, action="take.export"))
        elif name == "snapshot":
            self.notices.show(Notice(sentence, action="view.snapshot", label="Try again"))
        else:
            log.warning("%s: %s", name, sentence)

    def _add_past_takes(self, found: tuple[PastTake, ...]) -> None:
        clip = self.session.clip
        there = {take.frames for take in self.takes.all}
        for past in found:
            mine = clip is not None and past.take.request.clip == clip.spec
            if mine and past.take.frames not in there:
                self.takes.insert(past.take, past.frames)

    def _make_request(self) -> EditRequest:
        clip = self.session.clip
        if clip is None:
            raise BadInput("No clip is open: open one first.")
        rate = clip.rate if clip.kind == "sequence" else None
        placed = within(self.recipe.value.keyframes, self.session.in_out)
        recipe = dataclasses.replace(self.recipe.value, keyframes=placed)
        return recipe.request(clip.spec, self.session.selected, rate)

    def _request(self) -> EditRequest | None:
        """The request for a new job, or None after saying why there cannot be one."""
        if self.job.view.busy:
            self._warn("A job is running: wait for it, or cancel it.", "job.cancel")
            return None
        try:
            return self._make_request()
        except BadInput as error:
            action = "clip.open" if self.session.clip is None else "prompt.focus"
            self.notices.show(Notice(str(error), Level.WARNING, action))
            return None

    def _order(self, order: JobOrder) -> None:
        self.notices.dismiss()
        self.job.begin(order)
        self.notices.say("")
        self._work.submit(order)

    def _claim_version(self, order: JobOrder, frames: str) -> None:
        """The take's number is that of its folder; the same request goes on in the same folder."""
        take = self.takes.find(order.id)
        if take is None or take.frames:
            return
        for other in self.takes.all:
            if other.frames == frames:
                self.takes.remove(other.id)
        version = version_of(Path(frames).parent)
        if version is not None:
            self.takes.update(order.id, version=version)

    def _go_to_preview(self) -> None:
        """Between keyframes there is nothing to see of a preview: go to the nearest one."""
        frame = self.session.playhead
        pictured = [mark.frame for mark in self.marks.pictured]
        if pictured and frame not in pictured and not self.playback.speed:
            self.session.set_playhead(min(pictured, key=lambda number: abs(number - frame)))

    def _look_at_edit(self) -> None:
        """Turn the viewer to the edit when its first pictures arrive."""
        if self.session.compare is Compare.SOURCE:
            self.session.set_compare(Compare.EDIT)

    def _warn(self, sentence: str, action: str) -> None:
        self.notices.show(Notice(sentence, Level.WARNING, action))


def _done_sentence(order: JobOrder, take: Take | None) -> str:
    if take is None:
        return "Keyframes are ready: propagate when they please you."
    return f"{take.name} is done: {take.count} frames."


def _models() -> tuple[tuple[str, str], ...]:
    found = ((entry.name, entry.location) for entry in list_models() if entry.name != DEMO)
    return (("Demo model", DEMO), *found)
