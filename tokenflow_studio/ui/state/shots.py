"""The shots of the project. The one in view lives in the models, the others wait here as values."""

import dataclasses
import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.project.document import Fields, Preview, Project, Shot, View, new_id
from tokenflow_studio.ui.state.demo import demo_clip, demo_texts
from tokenflow_studio.ui.state.history import History
from tokenflow_studio.ui.state.marks import KeyframeMarks
from tokenflow_studio.ui.state.recipe import Recipe, RecipeModel
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.takes import TakesModel, TakeState
from tokenflow_studio.ui.threads.frame_store import FrameStore

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import ClipInfo

log = logging.getLogger(__name__)


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
        self._asked: tuple[str, str] | None = None  # the clip being opened, and for which shot
        self._open: ClipInfo | None = None  # what the decoder holds
        self._lost = ""
        self._awaited = ""  # the folder of the take that was in view, until it is found again
        self._unread: tuple[Preview, ...] = ()  # of the shot in view, from a later version
        self._quiet = False
        history.shot = new_id()  # what is typed before a clip is open belongs to the first shot
        history.elsewhere.connect(self._on_elsewhere)
        frames.opened.connect(self._on_opened)
        frames.refused.connect(self._on_refused)
        for signal in (recipe.changed, session.range_changed, marks.changed):
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
    def lost(self) -> str:
        """Why the media of the shot in view cannot be shown; empty while it can."""
        return self._lost

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
            self._ask(shot.clip, shot.id)

    def open_clip(self, spec: str) -> None:
        """Open a clip: its shot if there is one, a new one otherwise."""
        self._ask(spec, "")

    def go_to(self, shot_id: str) -> None:
        """Bring a shot into view."""
        shot = self._shots[shot_id]
        if self._asked is None and self._open is not None and self._open.spec == shot.clip:
            self._show(shot, self._open)
        else:
            self._ask(shot.clip, shot_id)

    def remove(self, shot_id: str) -> None:
        """Take a shot out of the project; undo brings it back."""
        self._keep_shown()
        order = tuple(other for other in self._order if other != shot_id)
        self._history.change("Remove Shot", "", self._arrange, self._order, order)

    def relink(self, shot_id: str, spec: str) -> None:
        """The shot's media lies there now; `refused` tells if it cannot be opened."""
        self._ask(spec, shot_id)

    def relink_all(self, clips: dict[str, str]) -> None:
        """Other media has moved along: path by shot."""
        before = {shot_id: self._shots[shot_id].clip for shot_id in clips}
        self._history.change("Relink Media", "", self._link, before, clips)

    def _ask(self, spec: str, shot_id: str) -> None:
        self._asked = (spec, shot_id)
        self._frames.open(spec)

    @Slot(object, str)
    def _on_opened(self, info: "ClipInfo", spec: str) -> None:
        self._open = info
        if self._asked is None or spec != self._asked[0]:
            return  # another one was asked for meanwhile
        shot_id, self._asked = self._asked[1], None
        shot = self._shots.get(shot_id) or next((s for s in self.all if s.clip == info.spec), None)
        if shot is None:
            self._add(info)
        elif info.spec == shot.clip:
            self._show(shot, info)
        else:
            before = {shot.id: shot.clip}
            self._history.change("Relink Media", "", self._link, before, {shot.id: info.spec})
            self.relinked.emit(shot.clip, info.spec)

    @Slot(str, str)
    def _on_refused(self, sentence: str, spec: str) -> None:
        if self._asked is None or spec != self._asked[0]:
            return
        shot_id, self._asked = self._asked[1], None
        shot = self._shots.get(shot_id)
        if shot is None or spec != shot.clip:
            self.refused.emit(sentence)
        else:
            self._show(shot, None)
            self._lost = sentence
            self.changed.emit()

    def _add(self, info: "ClipInfo") -> None:
        caption = demo_texts()[0] if Path(info.spec) == demo_clip() else ""
        if self._order:
            recipe = Recipe(model=self._recipe.value.model, source_prompt=caption)
            shot = Shot(clip=info.spec, recipe=recipe.to_fields())
            self._shots[shot.id] = shot
            order = (*self._order, shot.id)
            self._history.change("Add Shot", "", self._arrange, self._order, order)
            return
        # What was typed before the first clip was open is meant for it.
        typed = self._recipe.value
        recipe = dataclasses.replace(typed, source_prompt=typed.source_prompt or caption)
        shot = Shot(id=self._history.shot, clip=info.spec, recipe=recipe.to_fields())
        self._recipe.show(recipe)
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
            self._session.open(info)
            self._session.show_range(shot.frames)
        self._recipe.show(_recipe_of(shot))
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
            request = _request_of(preview, shot.clip)
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
        if view.playhead is not None:
            self._session.set_playhead(view.playhead)
        if view.compare in list(Compare):
            self._session.set_compare(Compare(view.compare))

    def _keep_shown(self) -> None:
        """Note what the models say of the shot in view."""
        shot = self.current
        if shot is None:
            return
        recipe = {**shot.recipe, **self._recipe.value.to_fields()}
        previews = (*_previews(self._marks), *self._unread)
        shot = dataclasses.replace(shot, recipe=recipe, previews=previews)
        if self._session.clip is not None:
            take = self._takes.current
            done = (t.folder for t in self._takes.all if t.state is TakeState.DONE)
            view = dataclasses.replace(
                shot.view,
                playhead=self._session.playhead,
                compare=self._session.compare.value,
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


def _recipe_of(shot: Shot) -> Recipe:
    try:
        return Recipe.of_fields(shot.recipe)
    except BadInput as error:  # projects with such a recipe are refused when they are opened
        log.warning("%s: %s", shot.clip, error)
        return Recipe()


def _previews(marks: KeyframeMarks) -> list[Preview]:
    """One for each request and folder."""
    found = []
    for request, pictures in marks.previews.items():
        fields = _fields_of(request)
        for folder in dict.fromkeys(pictures.values()):
            frames = tuple(sorted(frame for frame, at in pictures.items() if at == folder))
            found.append(Preview(request=fields, folder=folder, frames=frames))
    return found


@lru_cache(maxsize=1024)
def _fields_of(request: EditRequest) -> Fields:
    """The request as JSON values. Kept: all previews are written down with every letter typed."""
    return json.loads(request.to_json())


def _request_of(preview: Preview, clip: str) -> EditRequest | None:
    """What made a preview, for the clip where it lies now; None if this version cannot tell."""
    try:
        return EditRequest.from_json(json.dumps({**preview.request, "clip": clip}))
    except BadInput as error:
        log.info("a preview of %s is passed over: %s", clip, error)
        return None
