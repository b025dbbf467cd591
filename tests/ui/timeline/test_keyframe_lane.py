"""Edited keyframes by mouse and key: approve, roll again, and how their states look."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.marks import MarkState
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.timeline.keyframe_shapes import state_colour
from tokenflow_studio.ui.timeline.rows import RULER

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
ALT_SHIFT = Qt.KeyboardModifier.AltModifier | SHIFT


@pytest.fixture
def previewed(qtbot: QtBot, opened: MainWindow) -> MainWindow:
    """The window with keyframes 1004, 1012 and 1018 previewed, the playhead on 1012."""
    opened.studio.recipe.set(prompt="a paper cut")
    preview(qtbot, opened)
    opened.studio.session.set_playhead(1012)
    return opened


def preview(qtbot: QtBot, window: MainWindow) -> None:
    window.studio.preview()
    qtbot.waitUntil(lambda: not window.studio.job.view.busy)


def states(window: MainWindow) -> dict[int, MarkState]:
    return {mark.frame: mark.state for mark in window.studio.marks.all}


def spot(window: MainWindow, frame: int) -> QPoint:
    """The middle of the frame's mark in the lane."""
    return QPoint(round(window.timeline.position_of(frame).x()), round(RULER + 12))


def menu_at(widget: QWidget, place: QPoint, by_key: bool = False) -> QMenu:
    """The menu that a right click, or the menu key, brings up."""
    reason = QContextMenuEvent.Reason
    event = QContextMenuEvent(
        reason.Keyboard if by_key else reason.Mouse, place, widget.mapToGlobal(place)
    )
    QApplication.sendEvent(widget, event)
    menus = widget.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return menus[-1]


def choose(menu: QMenu, title: str) -> None:
    action = next(action for action in menu.actions() if action.text() == title)
    assert action.isEnabled()
    action.trigger()
    menu.close()


def titles(menu: QMenu, enabled: bool = True) -> list[str]:
    return [a.text() for a in menu.actions() if a.text() and a.isEnabled() is enabled]


def test_y_approves_and_takes_back(previewed: MainWindow) -> None:
    QTest.keyClick(previewed.viewer, Qt.Key.Key_Y)
    assert states(previewed)[1012] is MarkState.APPROVED
    assert "Frame 1012: keyframe, approved" in previewed.timeline.accessibleDescription()
    QTest.keyClick(previewed.viewer, Qt.Key.Key_Y)
    assert states(previewed)[1012] is MarkState.PREVIEWED
    QTest.keyClick(previewed.viewer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert states(previewed)[1012] is MarkState.APPROVED


def test_a_take_is_ordered_with_what_was_approved(
    qtbot: QtBot, previewed: MainWindow, worker: ScriptedWorker
) -> None:
    QTest.keyClick(previewed.viewer, Qt.Key.Key_Y, SHIFT)
    assert set(states(previewed).values()) == {MarkState.APPROVED}
    previewed.studio.propagate()
    qtbot.waitUntil(lambda: not previewed.studio.job.view.busy)
    assert [frame for frame, _ in worker.orders[-1].request.approved] == [1004, 1012, 1018]


def test_what_is_not_previewed_cannot_be_approved(opened: MainWindow) -> None:
    opened.studio.session.set_playhead(1012)
    QTest.keyClick(opened.viewer, Qt.Key.Key_Y)
    assert states(opened)[1012] is MarkState.NONE
    assert "preview it first" in opened.notice.text.text()


def test_rolling_one_again_edits_it_alone_beside_the_others(
    qtbot: QtBot, previewed: MainWindow, worker: ScriptedWorker
) -> None:
    marks = previewed.studio.marks
    before = {mark.frame: mark.version for mark in marks.all}
    QTest.keyClick(previewed.viewer, Qt.Key.Key_R, SHIFT)
    qtbot.waitUntil(lambda: not previewed.studio.job.view.busy)
    request = worker.orders[-1].request
    assert [frame for frame, _ in request.approved] == [1004, 1018]
    assert request.seed > 0
    assert request.variation > 0
    after = {mark.frame: mark.version for mark in marks.all}
    assert after[1012] != before[1012]
    assert (after[1004], after[1018]) == (before[1004], before[1018])
    assert set(states(previewed).values()) == {MarkState.PREVIEWED}


def test_an_added_keyframe_is_the_only_one_that_a_preview_edits(
    qtbot: QtBot, previewed: MainWindow, worker: ScriptedWorker
) -> None:
    QTest.keyClick(previewed.viewer, Qt.Key.Key_Y)
    previewed.studio.session.set_playhead(1008)
    QTest.keyClick(previewed.viewer, Qt.Key.Key_M)
    assert states(previewed)[1008] is MarkState.NONE
    assert states(previewed)[1012] is MarkState.APPROVED
    preview(qtbot, previewed)
    assert [frame for frame, _ in worker.orders[-1].request.approved] == [1004, 1012, 1018]
    assert states(previewed)[1008] is MarkState.PREVIEWED


def test_a_change_of_the_look_marks_stale_and_its_undo_brings_all_back(
    previewed: MainWindow,
) -> None:
    QTest.keyClick(previewed.viewer, Qt.Key.Key_Y)
    before = states(previewed)
    previewed.studio.recipe.set(prompt="a wood cut")
    assert set(states(previewed).values()) == {MarkState.STALE}
    previewed.studio.recipe.undo.undo()
    assert states(previewed) == before
    previewed.studio.recipe.set(deflicker=1.0)
    assert states(previewed) == before  # the edit of a keyframe does not depend on it


def test_the_menu_of_a_keyframe(
    qtbot: QtBot, previewed: MainWindow, worker: ScriptedWorker
) -> None:
    previewed.studio.session.set_playhead(1001)
    timeline, place = previewed.timeline, spot(previewed, 1018)
    choose(menu_at(timeline, place), "Approve 1018")
    assert previewed.studio.session.playhead == 1018
    assert states(previewed)[1018] is MarkState.APPROVED
    choose(menu_at(timeline, place, by_key=True), "Take Back Approval of 1018")
    assert states(previewed)[1018] is MarkState.PREVIEWED
    choose(menu_at(timeline, place), "Roll Again")
    qtbot.waitUntil(lambda: not previewed.studio.job.view.busy)
    assert len(worker.orders) == 2
    choose(menu_at(timeline, place), "Remove Keyframe")
    assert previewed.studio.marks.planned == (1004, 1012)
    choose(menu_at(timeline, place), "Add Keyframe at 1018")
    assert previewed.studio.marks.planned == (1004, 1012, 1018)


def test_the_menu_offers_only_what_can_be_done(opened: MainWindow) -> None:
    menu = menu_at(opened.timeline, spot(opened, 1012))
    assert "Approve 1012" in titles(menu, enabled=False)
    assert titles(menu) == ["Remove Keyframe", "Preview Keyframes"]
    menu.close()
    assert menu.accessibleName() == "Keyframe 1012"


def test_the_strip_has_the_menu_too(previewed: MainWindow) -> None:
    previewed.strip.grab()
    middle = previewed.strip.rect_of(1004).center().toPoint()
    choose(menu_at(previewed.strip, middle), "Approve 1004")
    assert states(previewed)[1004] is MarkState.APPROVED
    assert previewed.studio.session.playhead == 1004


def test_keys_move_the_keyframe_under_the_playhead(opened: MainWindow) -> None:
    opened.studio.session.set_playhead(1012)
    QTest.keyClick(opened.viewer, Qt.Key.Key_Right, ALT_SHIFT)
    QTest.keyClick(opened.viewer, Qt.Key.Key_Right, ALT_SHIFT)
    assert opened.studio.marks.planned == (1004, 1014, 1018)
    assert opened.studio.session.playhead == 1014
    QTest.keyClick(opened.viewer, Qt.Key.Key_Left, ALT_SHIFT)
    assert opened.studio.marks.planned == (1004, 1013, 1018)
    opened.studio.session.set_playhead(1002)
    QTest.keyClick(opened.viewer, Qt.Key.Key_Left, ALT_SHIFT)
    assert "no keyframe on frame 1002" in opened.notice.text.text()


def _shape(window: MainWindow, frame: int) -> list[bool]:
    """Which pixels around a mark differ from the lane: its shape, whatever its colour."""
    image: QImage = window.timeline.grab().toImage()
    middle, lane = spot(window, frame), theme().colour("lane")
    around = [(dx, dy) for dy in range(-6, 7) for dx in range(-6, 7)]
    return [
        _distance(image.pixelColor(middle.x() + dx, middle.y() + dy), lane) > 90
        for dx, dy in around
    ]


def _distance(one: QColor, other: QColor) -> int:
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # pyright: ignore
    return sum(abs(a - b) for a, b in pairs)


def test_states_differ_in_shape_and_not_in_colour_alone(
    qtbot: QtBot, previewed: MainWindow
) -> None:
    session, seen = previewed.studio.session, {}
    session.set_playhead(1001)
    seen[MarkState.PREVIEWED] = _shape(previewed, 1012)
    previewed.studio.keyframes.approve(1012)
    seen[MarkState.APPROVED] = _shape(previewed, 1012)
    previewed.studio.recipe.set(prompt="a wood cut")
    seen[MarkState.STALE] = _shape(previewed, 1012)
    session.set_playhead(1008)
    previewed.studio.placement.toggle()
    session.set_playhead(1001)
    seen[MarkState.NONE] = _shape(previewed, 1008)
    shapes = list(seen.values())
    for number, shape in enumerate(shapes):
        for other in shapes[:number]:
            assert sum(a != b for a, b in zip(shape, other, strict=True)) >= 10
    assert len({state_colour(state).name() for state in MarkState}) == 4
