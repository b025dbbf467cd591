"""The shots of the project. The one in view lives in the models, the others wait here as values."""

import dataclasses
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.project.document import (
    Fields,
    Preview,
    Project,
    Shot,
    View,
    new_id,
)
from tokenflow_studio.ui.state.demo import demo_clip, demo_texts
from tokenflow_studio.ui.state.history import History
from tokenflow_studio.ui.state.marks import KeyframeMarks
from tokenflow_studio.ui.state.recipe import Recipe, RecipeModel
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.shot_values import (
    as_sent,
    beside_recipe,
    previews_of,
    reading_of,
    recipe_of,
    request_of,
)
from tokenflow_studio.ui.state.takes import TakesModel, TakeState
from tokenflow_studio.ui.threads.decoder import Reading
from tokenflow_studio.ui.threads.frame_store import FrameStore

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import ClipInfo


@dataclass(frozen=True, slots=True)
class _Asked:
    """The clip being opened. shot: for which one, "" for none; new: what it becomes then."""

    spec: str
    reading: Reading
    shot: str
    new: Shot | None


class Shots(QObject):
    """Opens clips as shots, and brings shots into view.

    Signals: `shown(bool)` when another shot is in view, True for the first time; `changed()` for
    the list of shots, the one in view and whether its media is there; `edited()` for everything
    that belongs into the project's file; `refused(str)` for a clip that cannot be opened;
    `relinked(before, after)` for the path of media that was found again.
    """

    shown = Signal(bool)
    changed = Signal()
    edited = Signal()
    refused = Signal(str)
    relinked = Signal(str, str)

    def __init__(
        self,
        history: History,
        session: Session,
        recipe: RecipeModel,
        marks: KeyframeMarks,
        takes: TakesModel,
        frames: FrameStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._session = session
        self._recipe = recipe
        self._marks = marks
        self._takes = takes
        self._frames = frames
        self._shots: dict[str, Shot] = {}  # also those taken away: undo brings them back
        self._order: tuple[str, ...] = ()
        self._unknown: Fields = {}
        self._asked: _Asked | None = None
        self._open: tuple[ClipInfo, Reading] | None = None  # what the decoder holds
        self._lost = ""
        self._awaited = ""  # the folder of the take that was in view, until it is found again
        self._unread: tuple[Preview, ...] = ()  # of the shot in view, from a later version
        self._quiet = False
        history.shot = new_id()  # what is typed before a clip is open belongs to the first shot
        history.elsewhere.connect(self._on_elsewhere)
        frames.opened.connect(self._on_opened)
        frames.refused.connect(self._on_refused)
        changes = (recipe.changed, session.range_changed, session.view_changed, marks.changed)
        for signal in changes:
            signal.connect(self._on_edit)
        takes.rowsInserted.connect(self._on_takes)

    @property
    def all(self) -> tuple[Shot, ...]:
        """Every shot in its order; what the one in view is now, `gather` tells."""
        return tuple(self._shots[shot_id] for shot_id in self._order)

    @property
    def current(self) -> Shot | None:
        """The shot in view."""
        return self._shots.get(self._history.shot) if self._order else None

    @property
    def is_sent(self) -> bool:
        """Whether the shot in view came from another program, which waits for a version of it."""
        return self.current is not None and self.current.origin is not None

    @property
    def lost(self) -> str:
        """Why the media of the shot in view cannot be shown; empty while it can."""
        return self._lost

    @property
    def settled(self) -> Fields:
        """What a package has settled of the requests for the shot in view, beside the recipe."""
        shot = self.current
        return {} if shot is None else beside_recipe(shot.recipe)

    def gather(self) -> Project:
        """The whole project as it stands."""
        self._keep_shown()
        current = self._history.shot if self._order else ""
        return Project(shots=self.all, current=current, unknown=self._unknown)

    def load(self, project: Project) -> None:
        """Show another project; nothing before it can be undone."""
        self._history.stack.clear()
        self._shots = {shot.id: shot for shot in project.shots}
        self._order = tuple(self._shots)
        self._unknown = project.unknown
        self._asked = None
        self._history.shot = ""
        shot = project.shown
        if shot is None:
            self._show_nothing()
        else:
            self._show(shot, None)
            self._ask(shot.clip, shot)

    @Slot(str)
    def open_clip(self, spec: str) -> None:
        """Open a clip: its shot if there is one, a new one otherwise."""
        self._ask(spec)

    def open_shot(self, shot: Shot) -> None:
        """Open what a package holds: its shot if it is among these, a new one otherwise."""
        package = shot.origin and shot.origin.package
        known = (other.id for other in self.all if other.origin and other.origin.package == package)
        shot_id = next(known, None)
        if shot_id is None:
            self._ask(shot.clip, new=shot)
        else:
            self.go_to(shot_id)

    def open_cut(self, cut: tuple[Shot, ...]) -> None:
        """Add the shots of a timeline as one step of undo; those that are here already stay."""
        self._keep_shown()
        here = {(shot.clip, shot.frames, shot.name): shot.id for shot in self.all}
        new = [shot for shot in cut if (shot.clip, shot.frames, shot.name) not in here]
        if not new:
            self.go_to(here[cut[0].clip, cut[0].frames, cut[0].name])
            return
        fields = Recipe(model=self._recipe.value.model).to_fields()
        new = [dataclasses.replace(shot, recipe={**fields, **shot.recipe}) for shot in new]
        if not self._order:  # what was typed before the first clip was open is meant for it
            typed = {**self._recipe.value.to_fields(), **cut[0].recipe}
            new[0] = dataclasses.replace(new[0], id=self._history.shot, recipe=typed)
        self._shots |= {shot.id: shot for shot in new}
        order = (*self._order, *(shot.id for shot in new))
        self._history.change("Open Timeline", "", self._arrange, self._order, order)

    def go_to(self, shot_id: str) -> None:
        """Bring a shot into view."""
        shot = self._shots[shot_id]
        if self._asked is None and self._open is not None:
            info, reading = self._open
            if info.spec == shot.clip and reading == reading_of(shot):
                self._show(shot, info)
                return
        self._ask(shot.clip, shot)

    def remove(self, shot_id: str) -> None:
        """Take a shot out of the project; undo brings it back."""
        self._keep_shown()
        order = tuple(other for other in self._order if other != shot_id)
        self._history.change("Remove Shot", "", self._arrange, self._order, order)

    def set_rate(self, rate: Fraction) -> None:
        """The frames of the shot in view carry no rate: this is it."""
        shot = self.current
        if shot is not None and rate != shot.rate:
            self._history.change("Frame Rate", "rate", self._show_rate, shot.rate, rate)

    def _show_rate(self, rate: Fraction | None) -> None:
        self._keep_shown()
        self._on_elsewhere(self._history.shot, "rate", rate)

    def relink(self, shot_id: str, spec: str) -> None:
        """The shot's media lies there now; `refused` tells if it cannot be opened."""
        self._ask(spec, self._shots[shot_id])

    def relink_all(self, clips: dict[str, str]) -> None:
        """Other media has moved along: path by shot."""
        before = {shot_id: self._shots[shot_id].clip for shot_id in clips}
        self._history.change("Relink Media", "", self._link, before, clips)

    def _ask(self, spec: str, shot: Shot | None = None, new: Shot | None = None) -> None:
        reading = reading_of(shot or new)
        self._asked = _Asked(spec, reading, shot.id if shot else "", new)
        self._frames.open(spec, reading)

    @Slot(object, str)
    def _on_opened(self, info: "ClipInfo", spec: str) -> None:
        asked = self._asked
        if asked is None or spec != asked.spec:
            self._open = None
            return  # another one was asked for meanwhile
        self._asked, self._open = None, (info, asked.reading)
        shot = self._shots.get(asked.shot)
        if shot is None and asked.new is None:
            shot = next((s for s in self.all if s.clip == info.spec and s.origin is None), None)
        if shot is None:
            self._add(info, asked.new or Shot(clip=info.spec))
        elif info.spec == shot.clip:
            self._show(shot, info)
        else:
            before = {shot.id: shot.clip}
            self._history.change("Relink Media", "", self._link, before, {shot.id: info.spec})
            self.relinked.emit(shot.clip, info.spec)

    @Slot(str, str)
    def _on_refused(self, sentence: str, spec: str) -> None:
        asked = self._asked
        if asked is None or spec != asked.spec:
            return
        self._asked = None
        shot = self._shots.get(asked.shot)
        if shot is None or spec != shot.clip:
            self.refused.emit(sentence)
        else:
            self._show(shot, None)
            self._lost = sentence
            self.changed.emit()

    def _add(self, info: "ClipInfo", new: Shot) -> None:
        caption = demo_texts()[0] if Path(info.spec) == demo_clip() else ""
        if self._order:
            recipe = Recipe(model=self._recipe.value.model, source_prompt=caption)
            fields = {**recipe.to_fields(), **new.recipe}
            shot = dataclasses.replace(new, clip=info.spec, recipe=fields)
            self._shots[shot.id] = shot
            order = (*self._order, shot.id)
            self._history.change("Add Shot", "", self._arrange, self._order, order)
            return
        # What was typed before the first clip was open is meant for it.
        typed = self._recipe.value
        recipe = dataclasses.replace(typed, source_prompt=typed.source_prompt or caption)
        fields = {**recipe.to_fields(), **new.recipe}
        shot = dataclasses.replace(new, id=self._history.shot, clip=info.spec, recipe=fields)
        self._recipe.show(recipe_of(shot))
        self._shots[shot.id] = shot
        self._order = (shot.id,)
        self._show(shot, info)

    def _arrange(self, order: tuple[str, ...]) -> None:
        """Have these shots; one that was not there before comes into view."""
        added = [shot_id for shot_id in order if shot_id not in self._order]
        current = self._history.shot
        place = self._order.index(current) if current in self._order else 0
        self._order = order
        if not order:
            self._show_nothing()
        elif added:
            self.go_to(added[0])
        elif current not in order:
            self.go_to(order[min(place, len(order) - 1)])
        self.changed.emit()
        self.edited.emit()

    def _link(self, clips: dict[str, str]) -> None:
        """Let shots have these clips."""
        self._keep_shown()
        for shot_id, clip in clips.items():
            self._shots[shot_id] = dataclasses.replace(self._shots[shot_id], clip=clip)
        if self._history.shot in clips:
            self.go_to(self._history.shot)
        self.changed.emit()
        self.edited.emit()

    def _show(self, shot: Shot, info: "ClipInfo | None") -> None:
        """Put a shot into the models; without media there is only its recipe."""
        new = shot.view.playhead is None
        self._keep_shown()
        shot = self._shots[shot.id]
        self._quiet = True
        self._history.shot = shot.id
        self._lost = ""
        self._marks.clear()
        self._takes.clear()
        if info is None:
            self._session.clear()
        else:
            self._session.open(as_sent(info, shot.origin))
            self._session.show_range(shot.frames)
        self._recipe.show(recipe_of(shot))
        self._show_previews(shot)
        self._look(shot.view)
        self._awaited = shot.view.take
        self._quiet = False
        self.shown.emit(new)
        self.changed.emit()
        self.edited.emit()

    def _show_previews(self, shot: Shot) -> None:
        unread = []
        for preview in shot.previews:
            request = request_of(preview, shot.clip)
            if request is None:
                unread.append(preview)
            else:
                self._marks.add_preview(request, preview.frames, preview.folder)
        self._unread = tuple(unread)

    def _show_nothing(self) -> None:
        self._quiet = True
        self._history.shot = new_id()
        self._lost = ""
        self._marks.clear()
        self._takes.clear()
        self._session.clear()
        self._recipe.show(Recipe(model=self._recipe.value.model))
        self._quiet = False
        self.changed.emit()
        self.edited.emit()

    def _look(self, view: View) -> None:
        sent = self._session.in_out
        if view.playhead is not None:
            self._session.set_playhead(view.playhead)
        elif sent is not None:
            self._session.set_playhead(sent.first)
        self._session.set_view(view.display)
        if view.compare in list(Compare):
            self._session.set_compare(Compare(view.compare))

    def _keep_shown(self) -> None:
        """Note what the models say of the shot in view."""
        shot = self.current
        if shot is None:
            return
        recipe = {**shot.recipe, **self._recipe.value.to_fields()}
        previews = (*previews_of(self._marks), *self._unread)
        shot = dataclasses.replace(shot, recipe=recipe, previews=previews)
        if self._session.clip is not None:
            take = self._takes.current
            done = (t.folder for t in self._takes.all if t.state is TakeState.DONE)
            view = dataclasses.replace(
                shot.view,
                playhead=self._session.playhead,
                compare=self._session.compare.value,
                display=self._session.view,
                take=take.folder if take else self._awaited,
            )
            takes = tuple(dict.fromkeys((*shot.takes, *done)))
            frames = self._session.selected
            shot = dataclasses.replace(shot, frames=frames, takes=takes, view=view)
        self._shots[shot.id] = shot

    @Slot()
    def _on_takes(self, *_rows: object) -> None:
        """The takes of earlier days come late: the one that was in view comes into view again."""
        found = [take for take in self._takes.all if self._awaited and take.folder == self._awaited]
        if found:
            self._awaited = ""
            self._takes.select(found[0].id)

    @Slot(str, str, object)
    def _on_elsewhere(self, shot_id: str, part: str, value: object) -> None:
        """A step of undo concerns another shot: put the value there, and go there."""
        shot = self._shots.get(shot_id)
        if shot is None:
            return
        if isinstance(value, Recipe):
            value = {**shot.recipe, **value.to_fields()}
        self._shots[shot_id] = dataclasses.replace(shot, **{part: value})
        if shot_id in self._order:
            self.go_to(shot_id)
        self.edited.emit()

    @Slot()
    def _on_edit(self, *_details: object) -> None:
        if not self._quiet:
            self.edited.emit()
