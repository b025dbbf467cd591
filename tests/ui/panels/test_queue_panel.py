"""The queue's panel, by mouse and by key."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.panels.queue_delegate import standing
from tokenflow_studio.ui.state.queue import EntryState

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def busy(qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker) -> MainWindow:
    """The window with one job that runs and three that wait; the queue is in sight."""
    worker.hold = True
    for prompt in ("one", "two", "three", "four"):
        opened.studio.recipe.set(prompt=prompt)
        opened.studio.propagate()
    qtbot.mouseClick(opened.findChild(QPushButton, "queueButton"), LEFT)
    assert opened.queue.isVisible()
    return opened


def waiting(window: MainWindow) -> list[str]:
    return [entry.order.request.prompt for entry in window.studio.jobs.queue.waiting]


def choose(window: MainWindow, row: int) -> None:
    view = window.queue.list
    place = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), LEFT, pos=place)


def test_the_queue_opens_and_closes_by_key(window: MainWindow) -> None:
    assert not window.queue.isVisible()
    for shown in (True, False):
        QTest.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
        assert window.queue.isVisible() is shown


def test_the_header_and_the_button_count(busy: MainWindow) -> None:
    assert busy.queue.counts.text() == "1 running, 3 waiting"
    assert busy.job_bar.queue.text() == "Queue: 3 waiting"


def test_waiting_jobs_move_by_button_and_key(qtbot: QtBot, busy: MainWindow) -> None:
    choose(busy, 1)
    assert not busy.queue.up.isEnabled()
    qtbot.mouseClick(busy.queue.down, LEFT)
    assert waiting(busy) == ["three", "two", "four"]
    assert busy.queue.chosen.order.request.prompt == "two"
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(busy.queue.list, Qt.Key.Key_Down, alt)
    assert waiting(busy) == ["three", "four", "two"]
    assert not busy.queue.down.isEnabled()
    QTest.keyClick(busy.queue.list, Qt.Key.Key_Up, alt)
    assert waiting(busy) == ["three", "two", "four"]


def test_jobs_are_removed_by_button_and_key_but_not_the_running_one(
    qtbot: QtBot, busy: MainWindow
) -> None:
    choose(busy, 0)
    assert not busy.queue.remove.isEnabled()
    QTest.keyClick(busy.queue.list, Qt.Key.Key_Delete)
    assert busy.studio.jobs.queue.running is not None
    choose(busy, 2)
    QTest.keyClick(busy.queue.list, Qt.Key.Key_Delete)
    choose(busy, 1)
    qtbot.mouseClick(busy.queue.remove, LEFT)
    assert waiting(busy) == ["four"]


def test_pause_resume_retry_and_clear(
    qtbot: QtBot, busy: MainWindow, worker: ScriptedWorker
) -> None:
    queue = busy.studio.jobs.queue
    qtbot.mouseClick(busy.queue.pause, LEFT)
    assert busy.queue.counts.text() == "1 running, 3 waiting, paused"
    qtbot.waitUntil(lambda: queue.running.stage is not None)
    qtbot.mouseClick(busy.job_bar.cancel, LEFT)
    qtbot.waitUntil(lambda: queue.running is None)
    choose(busy, 0)
    qtbot.mouseClick(busy.queue.retry, LEFT)
    assert waiting(busy) == ["one", "two", "three", "four"]
    worker.go.set()
    assert busy.queue.pause.text() == "Resume"
    qtbot.mouseClick(busy.queue.pause, LEFT)
    qtbot.waitUntil(lambda: queue.running is None and not queue.waiting)
    assert {entry.state for entry in queue.all} == {EntryState.DONE}
    qtbot.mouseClick(busy.queue.clear, LEFT)
    assert queue.all == ()


def test_a_job_tells_where_it_stands(
    qtbot: QtBot, busy: MainWindow, worker: ScriptedWorker
) -> None:
    queue = busy.studio.jobs.queue
    qtbot.waitUntil(lambda: queue.running.stage is not None)
    assert standing(queue.all[0]) == "Inverting the source · 1 of 2"
    assert standing(queue.all[1]) == "Waits"
    worker.failure = "The disk is full: free some space."
    worker.go.set()
    qtbot.waitUntil(lambda: queue.running is None and not queue.waiting)
    assert standing(queue.all[0]) == worker.failure


def test_the_menu_offers_what_the_buttons_do(qtbot: QtBot, busy: MainWindow) -> None:
    view = busy.queue.list
    place: QPoint = view.visualRect(view.model().index(1, 0)).center()
    view.customContextMenuRequested.emit(place)
    menu = busy.queue.findChild(QMenu)
    actions: dict[str, QAction] = {action.text(): action for action in menu.actions()}
    assert not actions["Run Earlier"].isEnabled()
    actions["Run Later"].trigger()
    menu.close()
    assert waiting(busy) == ["three", "two", "four"]
