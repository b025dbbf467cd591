"""Random walks over the real window: whatever is pressed in whatever order, it goes on.

pytest-qt fails a test for an exception in a slot, and `no_thread_left` for a thread that stays.
"""

import random
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.job import JobEvent, JobOrder
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
    """One walk: draws actions and does them. Typing and undo check that no edit is lost."""

    def __init__(self, window: MainWindow, worker: ScriptedWorker, clip: str, seed: int) -> None:
        self._window = window
        self._studio = window.studio
        self._worker = worker
        self._clip = clip
        self._chance = random.Random(seed)
        self._actions: tuple[Callable[[], object], ...] = (
            self._key, self._key, self._key, self._scrub, self._type, self._undo, self._redo,
            self._studio.preview, self._studio.propagate, self._studio.cancel, self._show_take,
            self._kill, self._compare, self._zoom, self._open, self._dice, self._range,
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
        self._studio.open(self._clip)

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
    qtbot: QtBot, opened: MainWindow, worker: MortalWorker, clip: str, seed: int
) -> None:
    walk = Walk(opened, worker, clip, seed)
    for number in range(ACTIONS):
        walk.step()
        if number % 5 == 0:
            qtbot.wait(1)
    opened.studio.playback.pause()
    opened.studio.cancel()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy, timeout=60_000)
    assert opened.recipe.prompt.toPlainText() == opened.studio.recipe.value.prompt
