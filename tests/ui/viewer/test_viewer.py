"""What the viewer paints, to the pixel, and how it zooms, pans and wipes."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import frame_colour
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.viewer.composition import fit_size
from tokenflow_studio.ui.viewer.overlay import timecode
from tokenflow_studio.ui.viewer.view_transform import ViewTransform

FRAME = 1004
SOURCE, EDIT = QColor(*frame_colour(FRAME)), QColor(*frame_colour(FRAME, edited=True))


def colour_at(window: MainWindow, x: float, y: float) -> QColor:
    """The colour at a share of the viewer's width and height."""
    shot: QImage = window.viewer.grab().toImage()
    return shot.pixelColor(round(x * (shot.width() - 1)), round(y * (shot.height() - 1)))


@pytest.mark.parametrize(
    ("mode", "left", "right"),
    [
        (Compare.SOURCE, SOURCE, SOURCE),
        (Compare.EDIT, EDIT, EDIT),
        (Compare.SIDE_BY_SIDE, SOURCE, EDIT),
        (Compare.WIPE, SOURCE, EDIT),
    ],
)
def test_each_mode_shows_its_sides(
    previewed: MainWindow, mode: Compare, left: QColor, right: QColor
) -> None:
    previewed.studio.session.set_compare(mode)
    assert colour_at(previewed, 0.4, 0.5) == left
    assert colour_at(previewed, 0.6, 0.5) == right


def test_difference_is_exact(previewed: MainWindow) -> None:
    previewed.studio.session.set_compare(Compare.DIFFERENCE)
    pairs = zip(SOURCE.getRgb()[:3], EDIT.getRgb()[:3], strict=True)
    assert colour_at(previewed, 0.5, 0.5).getRgb()[:3] == tuple(abs(a - b) for a, b in pairs)


def test_the_wipe_can_be_dragged(previewed: MainWindow) -> None:
    viewer, session = previewed.viewer, previewed.studio.session
    middle = QPoint(viewer.width() // 2, viewer.height() // 2)
    QTest.mousePress(viewer, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(viewer, middle + QPoint(viewer.width() // 5, 0))
    QTest.mouseRelease(viewer, Qt.MouseButton.LeftButton, pos=middle)
    assert session.wipe > 0.6
    assert colour_at(previewed, 0.6, 0.4) == SOURCE


def test_between_keyframes_the_source_stands_and_says_so(
    qtbot: QtBot, previewed: MainWindow
) -> None:
    previewed.studio.session.set_compare(Compare.EDIT)
    previewed.studio.session.set_playhead(FRAME + 2)
    source = QColor(*frame_colour(FRAME + 2))
    qtbot.waitUntil(lambda: colour_at(previewed, 0.5, 0.5) == source)
    assert previewed.studio.display.edit is None
    assert previewed.studio.display.edit_missing == "No edit on this frame"


def test_a_picture_larger_than_the_viewer_is_painted_from_its_fitted_size(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    large = QImage(3200, 1800, QImage.Format.Format_RGB32)
    large.fill(SOURCE)
    large.save(str(tmp_path / "large.png"))
    window.studio.open(str(tmp_path / "large.png"))
    display = window.studio.display
    qtbot.waitUntil(lambda: display.source is not None and display.source.image is not None)
    viewer = window.viewer
    viewer.grab()
    ((rect, _),) = viewer.placed

    def fitted() -> QImage:
        size = fit_size(viewer.placed[0][0], QSizeF(large.size()))
        return display.fitted(display.source, size)

    qtbot.waitUntil(lambda: fitted().width() < 3200)
    assert fitted().size() == rect.size().toSize()
    assert colour_at(window, 0.5, 0.5) == SOURCE
    viewer.actual_size()  # every pixel counts here: it is the picture itself again
    viewer.grab()
    assert fitted().size() == large.size()


def test_actual_size_is_one_pixel_per_device_pixel(previewed: MainWindow) -> None:
    previewed.studio.session.set_compare(Compare.SOURCE)
    previewed.viewer.actual_size()
    shot = previewed.viewer.grab().toImage()
    row = [shot.pixelColor(x, shot.height() // 2) == SOURCE for x in range(shot.width())]
    assert sum(row) == round(64 * shot.width() / (previewed.viewer.width() * 1.0))


def test_the_wheel_zooms_to_the_pointer_and_with_ctrl_scrubs(previewed: MainWindow) -> None:
    viewer, session = previewed.viewer, previewed.studio.session

    def wheel(modifiers: Qt.KeyboardModifier) -> None:
        place = QPointF(50, 60)
        event = QWheelEvent(
            place, place, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, modifiers,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        viewer.wheelEvent(event)

    wheel(Qt.KeyboardModifier.ControlModifier)
    assert session.playhead == FRAME - 1
    assert viewer.view.zoom is None
    wheel(Qt.KeyboardModifier.NoModifier)
    assert viewer.view.zoom is not None
    viewer.fit()
    assert viewer.view.zoom is None


def test_zooming_holds_the_point_under_the_pointer() -> None:
    size, area = QSizeF(1920, 1080), QRectF(0, 0, 1000, 700)
    pointer = QPointF(730, 155)
    view = ViewTransform()
    before = view.place(size, area)
    share = (pointer - before.topLeft()).x() / before.width()
    for notches in (3, 2, -4):
        view = view.zoomed(notches, pointer, size, area)
        place = view.place(size, area)
        # The corner is rounded to whole device pixels.
        assert abs(place.left() + share * place.width() - pointer.x()) <= 1


def test_panning_moves_by_what_the_mouse_did() -> None:
    size, area = QSizeF(100, 100), QRectF(0, 0, 400, 300)
    view = ViewTransform(2.0)
    before = view.place(size, area).topLeft()
    after = view.moved(QPointF(15, -7), size, area).place(size, area).topLeft()
    assert after - before == QPointF(15, -7)


def test_timecode_counts_from_the_clip_s_own() -> None:
    from fractions import Fraction

    assert timecode(1025, 1001, Fraction(24), None) == "00:00:01:00"
    assert timecode(1, 0, Fraction(24000, 1001), "01:00:00:23") == "01:00:01:00"
