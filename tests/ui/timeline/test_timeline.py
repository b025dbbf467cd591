"""The timeline by mouse: scrub, range, keyframes, zoom."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.timeline.lanes import RULER
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


def test_the_ruler_names_round_numbers_that_do_not_touch() -> None:
    for count in (10, 40, 500, 10_000):
        numbered, ticked = FrameScale.fit(FrameRange(0, count - 1), 0, 900).ticks()
        assert numbered * 900 / count >= 64
        assert str(numbered)[0] in "125"
        assert ticked <= numbered
