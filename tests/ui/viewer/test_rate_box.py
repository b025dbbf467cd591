"""The rate of a sequence that carries none: asked quietly, kept by the shot."""

from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.project.store import read_project
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.marks import MarkState


def type_rate(qtbot: QtBot, window: MainWindow, text: str) -> None:
    line = window.header.rate.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_it_is_assumed_aloud_then_typed_undone_and_saved(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    box, session = opened.header.rate, opened.studio.session
    assert box.isVisible()
    assert box.currentText() == "24 fps ?"
    assert "assumed" in box.toolTip()
    session.set_playhead(1010)
    type_rate(qtbot, opened, "23.976")
    qtbot.waitUntil(lambda: session.clip is not None and session.clip.rate is not None)
    assert opened.studio.playback.rate == Fraction(24000, 1001)
    assert box.currentText() == "23.976 fps"
    assert session.playhead == 1010
    opened.studio.history.stack.undo()
    qtbot.waitUntil(lambda: session.clip is not None and session.clip.rate is None)
    assert box.currentText() == "24 fps ?"
    opened.studio.history.stack.redo()
    qtbot.waitUntil(lambda: session.clip is not None and session.clip.rate is not None)
    project = opened.studio.project
    project.save_as(str(tmp_path / "a.tfproj"))
    qtbot.waitUntil(lambda: project.path is not None and not project.modified)
    assert read_project(tmp_path / "a.tfproj").project.shots[0].rate == Fraction(24000, 1001)


def test_a_job_is_told_and_previews_stay_good(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    opened.studio.recipe.set(prompt="a fox")
    opened.studio.preview()
    marks, session = opened.studio.marks, opened.studio.session
    qtbot.waitUntil(lambda: any(m.state is MarkState.PREVIEWED for m in marks.all))
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    type_rate(qtbot, opened, "25")
    qtbot.waitUntil(lambda: session.clip is not None and session.clip.rate == 25)
    assert all(mark.state is MarkState.PREVIEWED for mark in marks.all)
    opened.studio.propagate()
    qtbot.waitUntil(lambda: len(worker.orders) == 2)
    assert worker.orders[1].request.rate == 25


def test_what_is_no_rate_is_refused(qtbot: QtBot, opened: MainWindow) -> None:
    type_rate(qtbot, opened, "many")
    assert opened.studio.notices.notice is not None
    assert "'many' is no frame rate" in opened.studio.notices.notice.text
    assert opened.header.rate.currentText() == "24 fps ?"


def test_a_rate_that_is_shown_rounded_stays_as_it_is(qtbot: QtBot, opened: MainWindow) -> None:
    type_rate(qtbot, opened, "120000/1001")
    clip = opened.studio.session
    qtbot.waitUntil(lambda: clip.clip is not None and clip.clip.rate is not None)
    assert opened.header.rate.currentText() == "119.88 fps"
    count = opened.studio.history.stack.count()
    opened.header.rate.setFocus()
    opened.viewer.setFocus()
    assert clip.clip is not None
    assert clip.clip.rate == Fraction(120000, 1001)
    assert opened.studio.history.stack.count() == count


def test_a_movie_tells_its_own(qtbot: QtBot, window: MainWindow) -> None:
    window.studio.open_demo()
    qtbot.waitUntil(lambda: window.studio.session.clip is not None, timeout=60_000)
    assert not window.header.rate.isVisible()
    assert "fps" in window.header.facts.text()
