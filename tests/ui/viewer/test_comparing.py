"""Turned wipe, gain of the difference, swapped places, results by key, a viewer on its own."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.scripted import frame_colour
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.viewer.difference import difference

FRAME = 1004
SOURCE, EDIT = QColor(*frame_colour(FRAME)), QColor(*frame_colour(FRAME, edited=True))
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def colour_at(viewer: QWidget, x: float, y: float) -> QColor:
    """The colour at a share of the viewer's width and height."""
    shot: QImage = viewer.grab().toImage()
    return shot.pixelColor(round(x * (shot.width() - 1)), round(y * (shot.height() - 1)))


def test_the_wipe_turns_and_its_level_edge_can_be_dragged(previewed: MainWindow) -> None:
    viewer, session = previewed.viewer, previewed.studio.session
    QTest.keyClick(viewer, Qt.Key.Key_W, ALT)
    assert colour_at(viewer, 0.4, 0.4) == SOURCE
    assert colour_at(viewer, 0.4, 0.6) == EDIT
    middle = QPoint(viewer.width() // 2, viewer.height() // 2)
    QTest.mouseMove(viewer, middle)
    assert viewer.cursor().shape() == Qt.CursorShape.SplitVCursor
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(viewer, middle - QPoint(0, viewer.height() // 4))
    QTest.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=middle)
    assert session.wipe < 0.35
    assert colour_at(viewer, 0.4, 0.4) == EDIT
    QTest.keyClick(viewer, Qt.Key.Key_W, ALT)
    assert colour_at(viewer, 0.6, 0.7) == EDIT
    assert colour_at(viewer, 0.1 + session.wipe / 2, 0.7) == SOURCE


def test_the_wipe_is_turned_to_any_angle_by_its_knob(previewed: MainWindow) -> None:
    viewer, session, viewing = previewed.viewer, previewed.studio.session, previewed.studio.viewing
    middle = QPoint(viewer.width() // 2, viewer.height() // 2)
    knob = middle + QPoint(0, 64)
    QTest.mouseMove(viewer, knob)
    assert viewer.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, pos=knob)
    QTest.mouseMove(viewer, middle + QPoint(-60, 104))  # 30 degrees
    QTest.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=middle)
    assert viewing.wipe_angle == pytest.approx(30, abs=1)
    assert session.wipe == pytest.approx(0.5, abs=0.01)  # around the grip
    # Under the middle the edge has gone left, above it right.
    assert colour_at(viewer, 0.46, 0.8) == EDIT
    assert colour_at(viewer, 0.54, 0.2) == SOURCE
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(viewer, middle + QPoint(viewer.width() // 5, 0))
    QTest.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=middle)
    assert session.wipe > 0.6
    assert colour_at(viewer, 0.46, 0.8) == SOURCE


@pytest.mark.parametrize(
    ("to", "angle"), [((-90, 2), 90.0), ((-64, -66), 135.0), ((-9, -80), 135.0), ((9, -80), -45.0)]
)
def test_the_wipe_snaps_to_even_angles_and_its_sides_stay(
    previewed: MainWindow, to: tuple[int, int], angle: float
) -> None:
    viewer = previewed.viewer
    middle = QPoint(viewer.width() // 2, viewer.height() // 2)
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 64))
    QTest.mouseMove(viewer, middle + QPoint(*to))
    QTest.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=middle)
    assert previewed.studio.viewing.wipe_angle == angle


@pytest.mark.parametrize("mode", [Compare.WIPE, Compare.SIDE_BY_SIDE])
def test_the_sides_change_places_by_key(previewed: MainWindow, mode: Compare) -> None:
    viewer = previewed.viewer
    previewed.studio.session.set_compare(mode)
    for left, right in ((EDIT, SOURCE), (SOURCE, EDIT)):
        QTest.keyClick(viewer, Qt.Key.Key_X)
        assert colour_at(viewer, 0.4, 0.6) == left
        assert colour_at(viewer, 0.6, 0.6) == right


def test_the_difference_is_multiplied_by_key_and_by_box(previewed: MainWindow) -> None:
    viewer, viewing = previewed.viewer, previewed.studio.viewing
    box = previewed.findChild(QComboBox, "gainBox")
    assert not box.isVisible()
    QTest.keyClick(viewer, Qt.Key.Key_D)
    assert box.isVisible()
    pairs = list(zip(SOURCE.getRgb()[:3], EDIT.getRgb()[:3], strict=True))
    for gain in (1, 2, 4, 8, 16, 32):
        assert viewing.gain == gain
        shown = colour_at(viewer, 0.5, 0.5).getRgb()[:3]
        assert shown == tuple(min(gain * abs(a - b), 255) for a, b in pairs)
        QTest.keyClick(viewer, Qt.Key.Key_D, SHIFT)
    assert viewing.gain == 1
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert viewing.gain == 2


def test_a_small_difference_of_pictures_of_two_sizes_is_found() -> None:
    source, edit = (
        QImage(40, 20, QImage.Format.Format_RGB32),
        QImage(20, 10, QImage.Format.Format_RGB32),
    )
    source.fill(QColor(100, 100, 100))
    edit.fill(QColor(101, 100, 97))
    assert difference(source, edit, 16).pixelColor(9, 9).getRgb()[:3] == (16, 0, 48)
    assert source.pixelColor(9, 9).getRgb()[:3] == (100, 100, 100)


def test_keys_lead_to_keyframes_take_and_the_take_before(
    qtbot: QtBot, previewed: MainWindow
) -> None:
    studio, viewer = previewed.studio, previewed.viewer
    for prompt in ("a paper cut", "a wood cut"):
        studio.recipe.set(prompt=prompt)
        studio.propagate()
        qtbot.waitUntil(lambda: not studio.job.view.busy)
    studio.recipe.set(prompt="a paper cut")
    studio.session.set_compare(Compare.SOURCE)
    for key, name in (
        (Qt.Key.Key_3, "Take 2"),
        (Qt.Key.Key_4, "Take 1"),
        (Qt.Key.Key_4, "Take 2"),
        (Qt.Key.Key_2, "Keyframe preview"),
        (Qt.Key.Key_3, "Take 2"),
    ):
        QTest.keyClick(viewer, key)
        assert studio.display.edit.name == name
        assert studio.session.compare is Compare.EDIT
    QTest.keyClick(viewer, Qt.Key.Key_1)
    assert studio.session.compare is Compare.SOURCE


def test_the_previous_take_of_the_first_one_is_none(qtbot: QtBot, previewed: MainWindow) -> None:
    studio = previewed.studio
    studio.propagate()
    qtbot.waitUntil(lambda: not studio.job.view.busy)
    QTest.keyClick(previewed.viewer, Qt.Key.Key_4)
    assert studio.takes.current.name == "Take 1"


def test_a_and_b_are_exchanged_by_key(qtbot: QtBot, previewed: MainWindow) -> None:
    studio = previewed.studio
    for _ in range(2):
        studio.propagate()
        qtbot.waitUntil(lambda: not studio.job.view.busy)
    newest, oldest = studio.takes.all
    studio.shelf.compare_with(oldest)
    QTest.keyClick(previewed.viewer, Qt.Key.Key_X, SHIFT)
    assert (studio.takes.reference, studio.takes.current) == (newest, oldest)


def test_the_viewer_goes_to_a_screen_of_its_own_and_the_keys_with_it(
    qtbot: QtBot, previewed: MainWindow
) -> None:
    session = previewed.studio.session
    QTest.keyClick(previewed.viewer, Qt.Key.Key_F12)
    screen = previewed.side.screen
    qtbot.waitUntil(lambda: screen.isActiveWindow())
    assert screen.isFullScreen()
    shot = screen.viewer.grab().toImage()
    assert shot.pixelColor(round(shot.width() * 0.4), shot.height() // 2) == SOURCE
    QTest.keyClick(screen.viewer, Qt.Key.Key_1)
    assert session.compare is Compare.SOURCE
    QTest.keyClick(screen.viewer, Qt.Key.Key_Right)
    assert session.playhead == FRAME + 1
    QTest.keyClick(screen.viewer, Qt.Key.Key_Escape)
    assert not screen.isVisible()
    assert previewed.isVisible()
