"""Random walks over the real window: whatever is pressed in whatever order, it goes on, and what
was typed is still there when another shot was looked at and when the project was opened again.

pytest-qt fails a test for an exception in a slot, and `no_thread_left` for a thread that stays.
"""

import dataclasses
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, write_frames
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.job import JobEvent, JobOrder
from tokenflow_studio.project.document import Shot, View
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.session import Compare

ACTIONS = 200
FAST, SLOW = range(3), range(3, 50)
_KEYS = (
    *(Qt.Key(ord(letter)) for letter in "FWDNRGBSHIOMJKL12"), Qt.Key.Key_Left, Qt.Key.Key_Right,
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Tab,
    Qt.Key.Key_Escape, Qt.Key.Key_Space,
)  # fmt: skip


class Walk:
    """One walk: draws actions and does them. Those that type, undo, change the tab and open the
    project again check that no edit is lost."""

    def __init__(
        self,
        qtbot: QtBot,
        window: MainWindow,
        worker: "MortalWorker",
        clips: tuple[str, ...],
        project: Path,
        seed: int,
    ) -> None:
        self._qtbot = qtbot
        self._window = window
        self._studio = window.studio
        self._worker = worker
        self._clips = clips
        self._project = project
        self._left: list[Shot] = []
        window.studio.project.question_changed.connect(self._on_question)
        self._chance = random.Random(seed)
        self._actions: tuple[Callable[[], object], ...] = (
            self._key, self._key, self._key, self._scrub, self._type, self._undo, self._redo,
            self._studio.preview, self._studio.propagate, self._studio.cancel, self._show_take,
            self._kill, self._compare, self._zoom, self._open, self._dice, self._range,
            self._change_tab, self._change_tab, self._close_tab, self.reopen,
        )  # fmt: skip

    def step(self) -> None:
        """Do one thing."""
        self._chance.choice(self._actions)()

    def _key(self) -> None:
        self._window.viewer.setFocus()
        QTest.keyClick(self._window.viewer, self._chance.choice(_KEYS))

    def _scrub(self) -> None:
        self._studio.session.set_playhead(self._chance.randrange(990, 1030))

    def _type(self) -> None:
        before = self._studio.recipe.value.prompt
        edit = self._window.recipe.prompt
        edit.moveCursor(edit.textCursor().MoveOperation.End)
        word = self._chance.choice((" fox", " (ink:1.2)", " # note", " snow"))
        QTest.keyClicks(edit, word)
        assert self._studio.recipe.value.prompt == before + word

    def _undo(self) -> None:
        stack = self._studio.history.stack
        if not stack.canUndo():
            return
        before = self._studio.recipe.value
        stack.undo()
        stack.redo()
        assert self._studio.recipe.value == before
        stack.undo()

    def _redo(self) -> None:
        self._studio.history.stack.redo()

    def _show_take(self) -> None:
        takes = self._studio.takes.all
        if takes:
            self._studio.show_take(self._chance.choice(takes))

    def _kill(self) -> None:
        self._worker.dies = True

    def _compare(self) -> None:
        self._studio.session.set_compare(self._chance.choice(list(Compare)))

    def _zoom(self) -> None:
        self._chance.choice((self._window.viewer.fit, self._window.viewer.actual_size))()
        self._window.resize(self._chance.randrange(1000, 1700), self._chance.randrange(700, 1000))

    def _open(self) -> None:
        self._studio.open(self._chance.choice(self._clips))

    def _change_tab(self) -> None:
        tabs = self._window.tabs
        if tabs.isVisible():
            before = self._content()
            tabs.setCurrentIndex(self._chance.randrange(tabs.count()))
            assert self._content() == before

    def _close_tab(self) -> None:
        tabs = self._window.tabs
        if tabs.isVisible():
            place = self._chance.randrange(tabs.count())
            button = tabs.tabButton(place, tabs.ButtonPosition.RightSide)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def reopen(self) -> None:
        """Save the project, leave it and open it again: everything is as it was."""
        project = self._studio.project
        if project.path is None:
            with self._qtbot.waitSignal(project.changed, timeout=60_000):
                project.save_as(str(self._project))
            self._qtbot.waitUntil(lambda: project.path is not None, timeout=60_000)
        self._left = self._content()
        project.new()
        while project.asking:  # again if a clip or a job has come meanwhile
            with self._qtbot.waitSignal(project.question_changed, timeout=60_000):
                project.save_and_leave()
        assert project.path is None
        self._studio.open(str(self._project))
        self._qtbot.waitUntil(lambda: self._studio.session.clip is not None, timeout=60_000)
        assert self._content() == self._left

    def _on_question(self) -> None:
        self._left = self._content()

    def _content(self) -> list[Shot]:
        """What the user has made, without what jobs have: they may end meanwhile."""
        return [
            dataclasses.replace(shot, view=View(), takes=(), previews=())
            for shot in self._studio.shots.gather().shots
        ]

    def _dice(self) -> None:
        self._window.actions_by_id["recipe.dice"].trigger()

    def _range(self) -> None:
        self._chance.choice((self._studio.session.mark_in, self._studio.session.mark_out))()


class MortalWorker(ScriptedWorker):
    """A scripted worker that dies in its next job when it is told to."""

    dies = False

    def run(self, order: JobOrder) -> Iterator[JobEvent]:
        for event in super().run(order):
            if self.dies:
                self.dies = False
                raise WorkerLost("The worker ended while the job ran: start the job again.")
            yield event


@pytest.fixture
def worker() -> MortalWorker:
    return MortalWorker()


@pytest.mark.parametrize(
    "seed", [*FAST, *(pytest.param(seed, marks=pytest.mark.slow) for seed in SLOW)]
)
def test_a_walk_ends_well(
    qtbot: QtBot, opened: MainWindow, worker: MortalWorker, clip: str, tmp_path: Path, seed: int
) -> None:
    write_frames(tmp_path / "other", range(1, 13))
    clips = (clip, str(tmp_path / "other" / "####.png"))
    walk = Walk(qtbot, opened, worker, clips, tmp_path / "walk.tfproj", seed)
    for number in range(ACTIONS):
        walk.step()
        if number % 5 == 0:
            qtbot.wait(1)
    opened.studio.playback.pause()
    opened.studio.cancel()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy, timeout=60_000)
    walk.reopen()  # at the end nothing is unsaved, so that the window closes without a question
    assert opened.recipe.prompt.toPlainText() == opened.studio.recipe.value.prompt
