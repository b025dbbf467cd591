"""The project's file: new, open, save, and what keeps work from being lost."""

import dataclasses
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import writing_error
from tokenflow_studio.core.paths import takes_folder
from tokenflow_studio.project.document import Project, Shot, View
from tokenflow_studio.project.lock import REFRESH, Held, Lock, take_lock
from tokenflow_studio.project.store import SUFFIX, Opened, read_project, write_project
from tokenflow_studio.ui.state.history import History
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.recent_files import RecentFiles
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.shots import Shots
from tokenflow_studio.ui.threads.disk import DiskThread

log = logging.getLogger(__name__)

_OPEN, _SAVE, _LOCK = "project.open", "project.save", "project.lock"


@dataclass(frozen=True, slots=True)
class _Found:
    """path: None for recovered work that never had a file; then there is no lock either."""

    path: Path | None
    opened: Opened
    lock: Lock | Held | None
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class _Saved:
    path: Path
    project: Project
    lock: Lock


class ProjectFile(QObject):
    """Where the project lies, and whether it holds what is shown.

    Signals: `changed()` for name, modified mark and rights; `question_changed()` when the user is
    to be asked about unsaved changes, or no more; `name_wanted()` when a save needs a name.
    """

    changed = Signal()
    question_changed = Signal()
    name_wanted = Signal()

    def __init__(
        self,
        shots: Shots,
        history: History,
        recent: RecentFiles,
        notices: Notices,
        disk: DiskThread,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shots = shots
        self._history = history
        self._recent = recent
        self._notices = notices
        self._disk = disk
        self._path: Path | None = None
        self._lock: Lock | None = None
        self._saved = Project()
        self._modified = False
        self._leaving: Callable[[], object] | None = None
        self._sign_of_life = QTimer(self, interval=round(REFRESH * 1000))
        self._sign_of_life.timeout.connect(self._refresh_lock)
        shots.edited.connect(self._on_edited)
        shots.shown.connect(self._on_shown)
        disk.done.connect(self._on_errand)
        disk.failed.connect(self._on_errand_failed)

    @property
    def path(self) -> Path | None:
        """The project's file; None before it was saved."""
        return self._path

    @property
    def modified(self) -> bool:
        """Whether there is something to save."""
        return self._modified

    @property
    def read_only(self) -> bool:
        """Whether the file belongs to another window, or cannot be written."""
        return self._path is not None and self._lock is None

    @property
    def takes(self) -> str:
        """The folder for takes of this project; empty for that of the machine."""
        return "" if self._path is None else str(takes_folder(self._path))

    @property
    def asking(self) -> bool:
        """Whether the user is being asked what to do with unsaved changes."""
        return self._leaving is not None

    @Slot()
    def new(self) -> None:
        """Begin an empty project."""
        self.leave(partial(self._take, None, Project(), None))

    def open(self, path: str) -> None:
        """Open a project file."""
        file = Path(path).absolute()
        if file == self._path:
            self._notices.say(f"{file.name} is open already.")
            return
        self.leave(partial(self._read, file))

    def restore(self, project: Project, path: Path | None) -> None:
        """Open what was recovered: it is not what the file holds."""
        self._disk.submit(_OPEN, partial(_recover, project, path, self._path, self._lock))

    @Slot()
    def save(self) -> None:
        """Write the file; one without a name, or of another window, gets a name first."""
        if self._path is None or self.read_only:
            self.name_wanted.emit()
        else:
            self.save_as(str(self._path))

    def save_as(self, path: str) -> None:
        """Write the project there and go on with that file."""
        file = Path(path).absolute()
        if not file.name.lower().endswith(SUFFIX):
            file = file.with_name(file.name + SUFFIX)
        mine = self._lock if file == self._path else None
        self._disk.submit(_SAVE, partial(_save, file, self._shots.gather(), mine))

    def leave(self, then: Callable[[], object]) -> None:
        """Do what ends this project, at once or after the user has answered."""
        if not self._modified:
            self._go(then)
            return
        self._leaving = then
        self.question_changed.emit()

    @Slot()
    def save_and_leave(self) -> None:
        """The answer: save first."""
        self.save()

    @Slot()
    def discard_and_leave(self) -> None:
        """The answer: forget the changes."""
        then = self._stay()
        if then is not None:
            self._go(then)

    @Slot()
    def stay(self) -> None:
        """The answer: go on working."""
        self._stay()

    def release(self) -> None:
        """The window closes: others may write the file."""
        self._sign_of_life.stop()
        if self._lock is not None:
            self._disk.submit(_LOCK, self._lock.release)
            self._lock = None

    def _stay(self) -> Callable[[], object] | None:
        then, self._leaving = self._leaving, None
        self.question_changed.emit()
        return then

    def _go(self, then: Callable[[], object]) -> None:
        self._set_modified(False)  # what was not saved is not wanted
        then()

    def _read(self, file: Path) -> None:
        self._notices.say(f"Opening {file.name}…")
        self._disk.submit(_OPEN, partial(_open, file))

    def _take(
        self, path: Path | None, project: Project, lock: Lock | None, *, saved: bool = True
    ) -> None:
        """Show another project; what is shown is what the file holds, if it is `saved`."""
        self.release()
        self._path, self._lock = path, lock
        self._notices.dismiss()
        self._saved = Project()
        self._shots.load(project)
        if saved:
            self._mark_saved(self._shots.gather())
        self.changed.emit()
        if lock is not None:
            self._sign_of_life.start()
        if path is not None:
            self._recent.note_project(str(path))

    def _mark_saved(self, project: Project) -> None:
        self._saved = project
        self._history.stack.setClean()
        self._on_edited()
        self.changed.emit()

    @Slot()
    def _on_edited(self) -> None:
        self._set_modified(_content(self._shots.gather()) != _content(self._saved))

    def _set_modified(self, modified: bool) -> None:
        if modified != self._modified:
            self._modified = modified
            self.changed.emit()

    @Slot(bool)
    def _on_shown(self, new: bool) -> None:
        """A clip that was only opened to look at it is nothing to save."""
        alone = len(self._shots.all) == 1 and self._history.stack.count() == 0
        if new and alone and self._path is None:
            self._mark_saved(self._shots.gather())
        self.changed.emit()

    @Slot(str, object)
    def _on_errand(self, name: str, result: object) -> None:
        if name == _OPEN and isinstance(result, _Found):
            self._on_found(result)
        elif name == _SAVE and isinstance(result, _Saved):
            self._on_saved(result)
        elif name == _LOCK and result is False and self._lock is not None:
            self._lock = None
            self._tell_read_only(Held("another window has taken it over"))
            self.changed.emit()

    def _on_found(self, found: _Found) -> None:
        lock, notice = found.lock, found.opened.notice
        self._take(
            found.path,
            found.opened.project,
            lock if isinstance(lock, Lock) else None,
            saved=not (found.recovered or notice),
        )
        self._notices.say(f"{found.path.name if found.path else 'The project'} is open.")
        if notice:
            self._notices.show(Notice(notice, Level.WARNING, "project.save"))
        elif isinstance(lock, Held):
            self._tell_read_only(lock)

    def _on_saved(self, saved: _Saved) -> None:
        if saved.path != self._path:
            self.release()
        self._path, self._lock = saved.path, saved.lock
        self._notices.dismiss()
        self._sign_of_life.start()
        self._notices.say(f"Saved {saved.path.name}.")
        self._recent.note_project(str(saved.path))
        self._mark_saved(saved.project)
        then = self._stay()
        if then is not None:
            self.leave(then)  # what was typed meanwhile is asked about again

    @Slot(str, str)
    def _on_errand_failed(self, name: str, sentence: str) -> None:
        if name == _SAVE:
            self._notices.show(Notice(sentence, action="project.save-as"))
        elif name == _OPEN:
            self._recent.look_again()
            self._on_edited()  # what was to be left is still here
            self._notices.show(Notice(sentence, action="clip.open"))

    @Slot()
    def _refresh_lock(self) -> None:
        if self._lock is not None:
            self._disk.submit(_LOCK, self._lock.refresh)

    def _tell_read_only(self, held: Held) -> None:
        name = self._path.name if self._path else ""
        text = f"{name} is open for reading only: {held.reason}. Save it under another name."
        self._notices.show(Notice(text, Level.WARNING, "project.save-as"))


def _open(file: Path) -> _Found:
    opened = read_project(file)
    for shot in opened.project.shots:
        try:
            Recipe.of_fields(shot.recipe)
        except BadInput as error:
            raise BadInput(
                f"{file} cannot be opened, the recipe of {Path(shot.clip).name} is damaged: {error}"
            ) from error
    return _Found(file, opened, take_lock(file))


def _recover(project: Project, path: Path | None, mine: Path | None, lock: Lock | None) -> _Found:
    """Lock the file that recovered work belongs to; `mine` is the one that is open already."""
    if path is None:
        return _Found(None, Opened(project), None, recovered=True)
    if path == mine and lock is not None:
        lock.release()
    return _Found(path, Opened(project), take_lock(path), recovered=True)


def _save(file: Path, project: Project, lock: Lock | None) -> _Saved:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise writing_error(file, error) from error
    held = lock or take_lock(file)
    if isinstance(held, Held):
        raise BadInput(f"{file} cannot be saved, {held.reason}: choose another name.")
    try:
        write_project(file, project)
    except BaseException:
        if lock is None:
            held.release()
        raise
    return _Saved(file, project, held)


def _content(project: Project) -> tuple[object, ...]:
    """What counts as a change: not where the user looked, nor takes, which lie on disk anyway."""
    shots: list[Shot] = [dataclasses.replace(shot, view=View(), takes=()) for shot in project.shots]
    return (*shots, project.unknown)
