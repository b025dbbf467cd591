"""The timeline by mouse: scrub, range, keyframes, zoom."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.timeline.rows import RULER
from tokenflow_studio.ui.timeline.scale import FrameScale

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def place(window: MainWindow, frame: int, y: float = RULER / 2) -> QPoint:
    return QPoint(round(window.timeline.position_of(frame).x()), round(y))


def drag(window: MainWindow, start: QPoint, end: QPoint, modifiers=NONE) -> None:
    QTest.mousePress(window.timeline, LEFT, modifiers, start)
    QTest.mouseMove(window.timeline, end)
    QTest.mouseRelease(window.timeline, LEFT, modifiers, end)


def test_dragging_scrubs_and_pauses(opened: MainWindow) -> None:
    opened.studio.playback.set_speed(1)
    drag(opened, place(opened, 1005), place(opened, 1012))
    assert opened.studio.session.playhead == 1012
    assert opened.studio.playback.speed == 0


def test_shift_drag_sets_the_range(opened: MainWindow) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    drag(opened, place(opened, 1012), place(opened, 1005), shift)
    assert opened.studio.session.in_out == FrameRange(1005, 1012)
    QTest.mouseDClick(opened.timeline, LEFT, pos=place(opened, 1008))
    assert opened.studio.session.in_out == FrameRange(1001, 1020)


def test_in_and_out_can_be_dragged(opened: MainWindow) -> None:
    cell = opened.timeline.position_of(1002).x() - opened.timeline.position_of(1001).x()
    edge = place(opened, 1001) - QPoint(round(cell / 2), 0)
    drag(opened, edge, place(opened, 1006))
    assert opened.studio.session.in_out.first == 1006
    edge = place(opened, 1020) + QPoint(round(cell / 2), 0)
    drag(opened, edge, place(opened, 1015) + QPoint(round(cell / 2), 0))
    assert opened.studio.session.in_out == FrameRange(1006, 1015)


def test_a_click_on_a_keyframe_goes_there_exactly(opened: MainWindow) -> None:
    QTest.mouseClick(opened.timeline, LEFT, pos=place(opened, 1012, RULER + 12) + QPoint(6, 0))
    assert opened.studio.session.playhead == 1012


def test_the_strip_shows_edited_keyframes_and_goes_to_them(
    qtbot: QtBot, opened: MainWindow
) -> None:
    assert not opened.strip.isVisible()
    opened.studio.recipe.set(prompt="a paper cut")
    opened.studio.preview()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    assert opened.strip.isVisible()
    middle = opened.strip.rect_of(1018).center().toPoint()
    QTest.mouseClick(opened.strip, LEFT, pos=middle)
    assert opened.studio.session.playhead == 1018


@pytest.mark.parametrize("seed", range(5))
def test_frames_and_pixels_agree_at_any_zoom(seed: int) -> None:
    chance = random.Random(seed)
    span = FrameRange(chance.randrange(2000), 2000 + chance.randrange(8000))
    area = (12.0, 900.0)
    scale = FrameScale.fit(span, *area)
    for _ in range(40):
        scale = scale.zoomed(chance.uniform(0.6, 1.8), chance.uniform(12, 912), area)
        scale = scale.panned(chance.uniform(-300, 300), area)
        frame = chance.choice(list(scale.seen(*area)))
        assert scale.frame(scale.centre(frame)) == frame
        assert scale.start(span.first) <= 12.0 + 1e-6
        assert scale.start(span.last + 1) >= 912.0 - 1e-6


def test_keyframes_are_dragged_to_another_frame_and_back_by_undo(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    marks = opened.studio.marks
    drag(opened, place(opened, 1012, RULER + 12), place(opened, 1009, RULER + 12))
    assert marks.planned == (1004, 1009, 1018)
    assert opened.studio.session.playhead == 1009
    assert "by hand" in opened.recipe.summary.text()
    opened.studio.recipe.set(prompt="a paper cut")
    opened.studio.preview()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    assert worker.orders[0].request.keyframes == (1004, 1009, 1018)
    assert [mark.frame for mark in marks.pictured] == [1004, 1009, 1018]
    opened.studio.recipe.undo.undo()  # the prompt
    opened.studio.recipe.undo.undo()
    assert marks.planned == (1004, 1012, 1018)
    assert "by hand" not in opened.recipe.summary.text()


def test_a_keyframe_is_not_dropped_on_another_nor_outside_the_range(opened: MainWindow) -> None:
    marks = opened.studio.marks
    drag(opened, place(opened, 1012, RULER + 12), place(opened, 1018, RULER + 12))
    assert marks.planned == (1004, 1012, 1018)
    opened.studio.session.set_range(FrameRange(1003, 1015))
    first, last = marks.planned[0], marks.planned[-1]
    drag(opened, place(opened, last, RULER + 12), place(opened, 1020, RULER + 12))
    assert marks.planned == (first, 1015)


def test_m_adds_and_removes_at_the_playhead(opened: MainWindow) -> None:
    marks, session = opened.studio.marks, opened.studio.session
    session.set_playhead(1007)
    QTest.keyClick(opened.viewer, Qt.Key.Key_M)
    assert marks.planned == (1004, 1007, 1012, 1018)
    QTest.keyClick(opened.viewer, Qt.Key.Key_M)
    assert marks.planned == (1004, 1012, 1018)
    assert not marks.by_hand
    for frame in (1004, 1012, 1018):
        session.set_playhead(frame)
        QTest.keyClick(opened.viewer, Qt.Key.Key_M)
    assert marks.planned == (1018,)
    assert "only keyframe" in opened.notice.text.text()
    opened.actions_by_id["keyframe.spread"].trigger()
    assert marks.planned == (1004, 1012, 1018)
    for planned in ((1018,), (1012, 1018)):
        QTest.keyClick(opened.viewer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert marks.planned == planned


def test_outside_in_and_out_no_keyframe_is_set(opened: MainWindow) -> None:
    opened.studio.session.set_range(FrameRange(1001, 1010))
    opened.studio.session.set_playhead(1015)
    before = opened.studio.marks.planned
    QTest.keyClick(opened.viewer, Qt.Key.Key_M)
    assert opened.studio.marks.planned == before
    assert "outside in and out" in opened.notice.text.text()


def test_a_double_click_in_the_lane_adds_and_removes(opened: MainWindow) -> None:
    spot = place(opened, 1015, RULER + 12)
    for planned in ((1004, 1012, 1015, 1018), (1004, 1012, 1018)):
        QTest.mouseClick(opened.timeline, LEFT, pos=spot)
        QTest.mouseDClick(opened.timeline, LEFT, pos=spot)
        assert opened.studio.marks.planned == planned


def test_another_interval_spreads_keyframes_anew_and_undo_brings_them_back(
    opened: MainWindow,
) -> None:
    opened.studio.session.set_playhead(1007)
    opened.studio.placement.toggle()
    opened.recipe.interval.setValue(10)
    assert opened.studio.marks.planned == (1005, 1015)
    opened.studio.recipe.undo.undo()
    assert opened.studio.marks.planned == (1004, 1007, 1012, 1018)
    assert opened.recipe.interval.value() == 8


def test_a_moving_playhead_does_not_draw_the_lanes_anew(
    opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline, session = opened.timeline, opened.studio.session
    timeline.grab()
    drawn = []
    monkeypatch.setattr(timeline, "_draw_lanes", lambda: drawn.append(1) or timeline._drawn)
    before = timeline.grab().toImage()
    session.set_playhead(1015)
    assert timeline.grab().toImage() != before
    assert drawn == []
    session.mark_in()
    monkeypatch.undo()
    assert timeline._drawn is None  # the range lies in the lanes
