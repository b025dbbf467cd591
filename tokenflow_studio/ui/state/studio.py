"""The root of the window's state: it exists once, owns all models and carries out the commands."""

import dataclasses
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import Missing
from tokenflow_studio.core.job import JobEvent, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.settings import Settings
from tokenflow_studio.project.store import is_project
from tokenflow_studio.ui.state.arrivals import Arrivals
from tokenflow_studio.ui.state.batch import Batch
from tokenflow_studio.ui.state.demo import DemoRun, demo_clip, demo_texts
from tokenflow_studio.ui.state.display import Display
from tokenflow_studio.ui.state.folders import Folders
from tokenflow_studio.ui.state.history import History
from tokenflow_studio.ui.state.hosts import Hosts
from tokenflow_studio.ui.state.jobs import Jobs
from tokenflow_studio.ui.state.keyframes import Keyframes
from tokenflow_studio.ui.state.marks import KeyframeMarks
from tokenflow_studio.ui.state.matte import MatteDrawing
from tokenflow_studio.ui.state.model_facts import offered_models
from tokenflow_studio.ui.state.models import Models
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.packages import Packages, may_be_package
from tokenflow_studio.ui.state.placement import Placement
from tokenflow_studio.ui.state.placing import within
from tokenflow_studio.ui.state.playback import Playback
from tokenflow_studio.ui.state.presets import Presets
from tokenflow_studio.ui.state.project import ProjectFile
from tokenflow_studio.ui.state.recent_files import RecentFiles
from tokenflow_studio.ui.state.recipe import Recipe, RecipeModel
from tokenflow_studio.ui.state.relinking import Relinking
from tokenflow_studio.ui.state.results import Results
from tokenflow_studio.ui.state.safekeeping import Safekeeping
from tokenflow_studio.ui.state.session import Session
from tokenflow_studio.ui.state.settings import SettingsModel
from tokenflow_studio.ui.state.shelf import Shelf
from tokenflow_studio.ui.state.shot_values import title_of, with_fields
from tokenflow_studio.ui.state.shots import Shots
from tokenflow_studio.ui.state.snapshots import Snapshots
from tokenflow_studio.ui.state.system import SystemState
from tokenflow_studio.ui.state.takes import Take, TakesModel, TakeState
from tokenflow_studio.ui.state.timelines import Timelines, may_be_timeline
from tokenflow_studio.ui.state.viewing import Viewing
from tokenflow_studio.ui.state.views import Views
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.threads.disk import DiskThread
from tokenflow_studio.ui.threads.exporting import Export, export_take
from tokenflow_studio.ui.threads.frame_store import FrameStore
from tokenflow_studio.ui.threads.tokens import TokenCounter
from tokenflow_studio.ui.threads.work import Worker, WorkThread, worker_session

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import ClipInfo

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
        self.notices = Notices(self)
        self.frames = FrameStore(self)
        self.display = Display(self.session, self.takes, self.marks, self.frames, self)
        self.viewing = Viewing(self)
        self.results = Results(self.session, self.takes, self.marks, self)
        self.matte = MatteDrawing(self.session, self.recipe, self)
        self.playback = Playback(self.session, self.display.is_complete, self)
        self._disk = DiskThread(self)
        self.settings = SettingsModel(self._disk, self)
        work = WorkThread(make_worker, self)
        self.jobs = Jobs(work, self._disk, self.notices, self)
        self.job = self.jobs.running
        self.system = SystemState(work, self.job, self)
        self.models = Models(work, self)
        self.demo = DemoRun(self.open, self.recipe, self.preview, self)
        self.folders = Folders(self.settings, self.jobs, self)
        self._arrivals = Arrivals(
            self.session, self.takes, self.marks, self.playback, self.notices, self.jobs,
            self._disk, self,
        )  # fmt: skip
        self.shelf = Shelf(
            self.session, self.takes, self.frames, self.history, self.notices, self.jobs,
            self._disk, self,
        )  # fmt: skip
        self.snapshots = Snapshots(self.session, self.notices, self._disk, self)
        self.presets = Presets(self._disk, self.recipe, self)
        self.tokens = TokenCounter(self)
        self._files = DiskThread(self)  # project files do not wait behind exports
        self.recent = RecentFiles(self.session, self.frames, self._files, self)
        self.shots = Shots(
            self.history, self.session, self.recipe, self.marks, self.takes, self.frames, self
        )
        self.packages = Packages(self.shots, self.takes, self.notices, self._files, self)
        self.timelines = Timelines(self.shots, self.settings, self.notices, self._files, self)
        self.hosts = Hosts(self._files, self)
        self.views = Views(self.session, self._files, self)
        self.relinking = Relinking(self.shots, self._files, self)
        self.project = ProjectFile(
            self.shots, self.history, self.recent, self.notices, self._files, self
        )
        self.safekeeping = Safekeeping(
            self.project, self.shots, self.settings, self.notices, self._files, self
        )
        self.placement = Placement(
            self.recipe, self.session, self.marks, self.playback, self.notices, self
        )
        self.keyframes = Keyframes(
            self.recipe, self.session, self.marks, self.notices, self.jobs, self._request,
            self._order, self,
        )  # fmt: skip
        self.batch = Batch(self.shots, self.recipe, self.project, self.jobs, self.notices, self)
        self._connect_models()

    def _connect_models(self) -> None:
        self.shots.shown.connect(self._on_shown)
        self.shots.refused.connect(self._on_refused)
        self.packages.plain.connect(self.shots.open_clip)
        self.frames.broken.connect(self._on_broken)
        self.recipe.changed.connect(self._replan)
        self.session.range_changed.connect(self._replan)
        self.settings.changed.connect(self._on_settings)
        self.settings.refused.connect(self.refuse)
        self.system.told.connect(self.notices.say)
        self.models.changed.connect(self.look_up_models)
        self.system.refused.connect(self.refuse)
        self.presets.refused.connect(self.refuse)
        self.matte.refused.connect(self.refuse)
        self.matte.told.connect(self.notices.say)
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
        """Open a project, a timeline, an exchange package, a movie, a sequence or a folder."""
        if is_project(spec):
            self.project.open(spec)
            return
        self.notices.dismiss()
        self.notices.say(f"Opening {Path(spec).name}…")
        if may_be_timeline(spec):
            self.timelines.open(spec)
        elif may_be_package(spec):
            self.packages.open(spec)
        else:
            self.shots.open_clip(spec)

    @Slot()
    def open_demo(self) -> None:
        """Open the clip that comes with the program."""
        self.open(str(demo_clip()))

    @Slot()
    def look_up_models(self) -> None:
        """Find out which models there are; `models_found` answers."""
        self._disk.submit("models", offered_models)

    @Slot()
    def preview(self) -> None:
        """Edit the keyframes only."""
        self.keyframes.preview()

    @Slot()
    def propagate(self) -> None:
        """Make a take: every frame of the range."""
        request = self._request()
        if request is not None:
            place = self.project.takes
            # Takes from before the project had a file lie elsewhere, and keep their numbers.
            least = self.takes.next_version if place else 1
            kept = self.shots.is_sent
            self._order(
                JobOrder(request=request, takes=place, least_version=least, keep_movie=kept)
            )

    @Slot()
    def propagate_all(self) -> None:
        """Make a take of every open shot by the recipe in view."""
        request = self._request()
        if request is not None:
            self.batch.propagate(request)

    @Slot()
    def cancel(self) -> None:
        """Stop the running job; what it computed is kept for the next."""
        self.jobs.cancel()

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
            self._arrivals.look_at_edit()

    def step_keyframe(self, step: int) -> None:
        """Go to the next (1) or previous (-1) keyframe."""
        frame = self.marks.neighbour(self.session.playhead, step)
        if frame is not None:
            self.playback.pause()
            self.session.set_playhead(frame)

    def planned_export(self, output: str) -> Export | None:
        """The shown take's frames to a pattern, a movie or a folder; None without such a take."""
        take, clip = self.takes.current, self.session.clip
        if take is None or take.state is not TakeState.DONE or clip is None:
            return None
        return Export(
            request=dataclasses.replace(take.request, clip=clip.spec),
            home=take.home,
            pictures=take.frames,
            frames=tuple(sorted(self.takes.finished_frames(take))),
            output=output,
            rate=self.playback.rate,
        )

    def export(self, planned: Export | None) -> None:
        """Copy what was planned."""
        if planned is None:
            self._warn("There is no finished take to export: propagate first.", "job.propagate")
            return
        self.notices.say(f"Exporting {len(planned.frames)} frames…")
        self._disk.submit("export", partial(export_take, planned))

    def restore(self, take: Take) -> None:
        """Set the recipe to what the take was made with."""
        self.recipe.adopt(Recipe.of(take.request), "Restore Recipe")

    def refuse(self, sentence: str) -> None:
        """Tell the user why something cannot be done."""
        self.notices.show(Notice(sentence))

    def close(self) -> None:
        """End all threads and the worker."""
        self.playback.pause()
        self.safekeeping.end()
        self.project.release()
        self.jobs.close()
        self.system.close()
        self.models.close()
        self.folders.close()
        self.frames.close()
        self.shelf.close()
        self._disk.close()
        self.tokens.close()
        self.matte.close()
        self._files.close()

    @Slot(bool)
    def _on_shown(self, new: bool) -> None:
        clip, shot = self.session.clip, self.shots.current
        prompts = demo_texts()[1] if clip is not None and Path(clip.spec) == demo_clip() else ()
        self._replan()
        self.suggestions_changed.emit(prompts)
        if clip is not None and shot is not None:
            then = ": say what it should become." if new else "."
            self.notices.say(f"{clip.name} is open{then}")
            if clip.missing:
                self._warn(_gaps(clip), "")
            self.recent.note_clip(shot.origin.package if shot.origin else clip.spec)
            others = frozenset(t for s in self.shots.all if s.id != shot.id for t in s.takes)
            self._arrivals.take_up(self.project.takes, shot, others)
        self.demo.go_on(prompts)

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
        self.marks.plan(frames, recipe.keyframe_interval, request, placed, recipe.rolls)

    @Slot(object)
    def take_in(self, event: JobEvent) -> None:
        """Follow what a job says."""
        self.jobs.take_in(event)

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == "export":
            self.notices.say(f"Exported to {result}.")
        elif name == "models":
            self.models_found.emit(result)

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == "export":
            self.notices.show(Notice(sentence, action="take.export"))
        else:
            log.warning("%s: %s", name, sentence)

    def _make_request(self) -> EditRequest:
        clip = self.session.clip
        if clip is None:
            raise BadInput("No clip is open: open one first.")
        rate = clip.rate if clip.kind == "sequence" or self.shots.is_sent else None
        placed = within(self.recipe.value.keyframes, self.session.in_out)
        recipe = dataclasses.replace(self.recipe.value, keyframes=placed)
        request = recipe.request(clip.spec, self.session.selected, rate)
        missing = Missing.HOLD if clip.missing else Missing.STOP
        request = dataclasses.replace(request, missing=missing)
        return with_fields(request, self.shots.settled)

    def _request(self) -> EditRequest | None:
        """The request for a new job, or None after saying why there cannot be one."""
        try:
            return self._make_request()
        except BadInput as error:
            action = "clip.open" if self.session.clip is None else "prompt.focus"
            self.notices.show(Notice(str(error), Level.WARNING, action))
            return None

    def _order(self, order: JobOrder) -> None:
        shot = self.shots.current
        assert shot is not None
        self.notices.dismiss()
        self.notices.say("")
        if self.job.order is None:
            self._arrivals.follow(order.id)
        self.jobs.add(order, title_of(shot))

    def _warn(self, sentence: str, action: str) -> None:
        self.notices.show(Notice(sentence, Level.WARNING, action))


def _gaps(clip: "ClipInfo") -> str:
    count = len(clip.missing)
    which = f"frame {clip.missing[0]} is" if count == 1 else f"{count} frames are"
    return f"In {clip.name}, {which} missing, red in the timeline: the one before stands in."
