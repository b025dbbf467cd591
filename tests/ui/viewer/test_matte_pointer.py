"""Drawing a matte in the real viewer: the pointer, undo, and what the picture shows of it."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tokenflow_studio.media.stills import write_png
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.matte import MatteTool
from tokenflow_studio.ui.state.recipe import Recipe

LEFT = Qt.MouseButton.LeftButton


def at(window: MainWindow, x: float, y: float) -> QPoint:
    """Where in the viewer a pixel of the 64 x 48 picture lies."""
    rect = window.viewer.placed[0][0]
    place = QPointF(rect.left() + x / 64 * rect.width(), rect.top() + y / 48 * rect.height())
    return (place / window.viewer.devicePixelRatioF()).toPoint()


def click(window: MainWindow, *points: tuple[float, float]) -> None:
    for x, y in points:
        QTest.mouseMove(window.viewer, at(window, x, y))
        QTest.mouseClick(window.viewer, LEFT, pos=at(window, x, y))


def drag(window: MainWindow, start: tuple[float, float], end: tuple[float, float]) -> None:
    QTest.mousePress(window.viewer, LEFT, pos=at(window, *start))
    QTest.mouseMove(window.viewer, at(window, *end))
    QTest.mouseRelease(window.viewer, LEFT, pos=at(window, *end))


def wait_for_picture(qtbot: QtBot, window: MainWindow, x: int, y: int, tinted: bool) -> None:
    matte = window.studio.matte

    def there() -> bool:
        picture = matte.picture
        return not picture.isNull() and (picture.pixelColor(x, y).alpha() > 100) is tinted

    qtbot.waitUntil(there, timeout=60_000)


@pytest.fixture
def drawn(opened: MainWindow) -> MainWindow:
    """The window with a triangle that was drawn by clicks."""
    opened.studio.matte.choose(MatteTool.POLYGON)
    click(opened, (10, 10), (50, 10), (10, 40))
    QTest.keyClick(opened.viewer, Qt.Key.Key_Return)
    return opened


def test_a_polygon_is_drawn_point_by_point_and_can_be_undone(drawn: MainWindow) -> None:
    (shape,) = drawn.studio.recipe.value.matte_shape
    assert np.abs(np.array(shape) - [(10, 10), (50, 10), (10, 40)]).max() < 0.2
    drawn.studio.history.stack.undo()
    assert drawn.studio.recipe.value.matte_shape == ()


def test_the_first_point_closes_and_esc_gives_up(opened: MainWindow) -> None:
    matte = opened.studio.matte
    matte.choose(MatteTool.POLYGON)
    click(opened, (10, 10), (30, 10), (30, 30), (10.1, 10.1))
    assert len(opened.studio.recipe.value.matte_shape) == 1
    click(opened, (40, 40), (50, 40))
    QTest.keyClick(opened.viewer, Qt.Key.Key_Backspace)
    assert len(matte.pending) == 1
    QTest.keyClick(opened.viewer, Qt.Key.Key_Escape)
    assert matte.pending == ()
    assert matte.tool is MatteTool.POLYGON
    QTest.keyClick(opened.viewer, Qt.Key.Key_Escape)
    assert matte.tool is MatteTool.NONE
    assert len(opened.studio.recipe.value.matte_shape) == 1


def test_what_is_drawn_is_moved_as_one_step_of_undo_and_removed(drawn: MainWindow) -> None:
    recipe = drawn.studio.recipe
    before = recipe.value.matte_shape
    drag(drawn, (18, 16), (23, 20))
    shift = np.array(recipe.value.matte_shape[0]) - np.array(before[0])
    assert np.abs(shift - [5, 4]).max() < 0.3
    drag(drawn, tuple(recipe.value.matte_shape[0][0]), (5, 5))
    assert np.abs(np.array(recipe.value.matte_shape[0][0]) - [5, 5]).max() < 0.3
    QTest.mouseMove(drawn.viewer, at(drawn, 20, 20))
    QTest.keyClick(drawn.viewer, Qt.Key.Key_Delete)
    assert recipe.value.matte_shape == ()
    drawn.studio.history.stack.undo()
    assert len(recipe.value.matte_shape) == 1


def test_an_ellipse_is_dragged(opened: MainWindow) -> None:
    opened.studio.matte.choose(MatteTool.ELLIPSE)
    drag(opened, (10, 8), (50, 40))
    (shape,) = opened.studio.recipe.value.matte_shape
    xs, ys = zip(*shape, strict=True)
    assert (min(xs), max(xs), min(ys), max(ys)) == pytest.approx((10, 50, 8, 40), abs=0.3)
    drag(opened, (5, 5), (5, 5))  # a click is no ellipse
    assert len(opened.studio.recipe.value.matte_shape) == 1


def test_the_viewer_tints_where_the_edit_will_show(qtbot: QtBot, drawn: MainWindow) -> None:
    wait_for_picture(qtbot, drawn, 15, 15, tinted=True)
    drawn.studio.recipe.set(matte_invert=True)
    wait_for_picture(qtbot, drawn, 15, 15, tinted=False)
    plain = drawn.viewer.grab().toImage()
    drawn.studio.matte.toggle_shown()
    assert drawn.studio.matte.picture.isNull()
    assert drawn.viewer.grab().toImage() != plain


def test_a_file_is_shown_and_a_wrong_one_is_told(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    left = np.zeros((48, 64, 3), np.float32)
    left[:, :32] = 1
    write_png(tmp_path / "left.png", left)
    opened.studio.matte.use_file(str(tmp_path / "left.png"))
    wait_for_picture(qtbot, opened, 10, 20, tinted=True)
    assert opened.studio.matte.picture.pixelColor(50, 20).alpha() == 0
    write_png(tmp_path / "small.png", left[::2])
    with qtbot.waitSignal(opened.studio.matte.refused, timeout=60_000) as told:
        opened.studio.matte.use_file(str(tmp_path / "small.png"))
    assert "give a matte of the clip's size" in told.args[0]


def test_the_matte_goes_with_the_request_and_comes_back_with_it(drawn: MainWindow) -> None:
    recipe = drawn.studio.recipe
    recipe.set(prompt="a fox", matte_softness=3.0)
    request = recipe.value.request("/clip.mp4", None, None)
    assert request.where.shape == recipe.value.matte_shape
    assert request.where.softness == 3.0
    assert Recipe.of(request).where == recipe.value.where
    assert Recipe.of_fields(recipe.value.to_fields()).where == recipe.value.where


def test_the_panel_shows_and_changes_the_matte(drawn: MainWindow) -> None:
    panel, recipe = drawn.recipe.matte, drawn.studio.recipe
    assert not panel.grid.isHidden()  # it unfolds by itself
    assert panel.count.text() == "1 drawn"
    panel.invert.click()
    panel.softness.setValue(4)
    assert recipe.value.where.inverted
    assert recipe.value.where.softness == 4
    panel.source.setCurrentIndex(panel.source.findText("Clip’s alpha"))
    panel.source.activated.emit(panel.source.currentIndex())
    assert recipe.value.where.file == drawn.studio.session.clip.spec
    drawn.studio.matte.clear()
    assert recipe.value.where == Recipe().where
    assert panel.count.text() == "None"
