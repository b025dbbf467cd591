"""The window on a small screen: it fits, and nothing in it is cut or covers something else."""

import itertools

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.notices import Notice
from tokenflow_studio.ui.state.session import Compare

_SCREEN = (1366, 768 - 70)  # without the desktop's bar and the window's title


def place(widget: QWidget, window: MainWindow) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def crowded(bar: QWidget) -> list[QWidget]:
    """The controls of a bar that lie over each other or beyond its ends."""
    controls = [
        child for child in bar.findChildren(QWidget) if child.parent() is bar and child.isVisible()
    ]
    covered = [
        one
        for one, other in itertools.combinations(controls, 2)
        if one.geometry().intersects(other.geometry())
    ]
    return covered + [c for c in controls if not bar.rect().contains(c.geometry())]


def test_it_fits_a_small_screen_whatever_is_open(qtbot: QtBot, opened: MainWindow) -> None:
    opened.studio.recipe.set(prompt="a fox in the snow")
    opened.studio.preview()
    qtbot.waitUntil(opened.strip.isVisible)
    opened.recipe.matte.fold.click()
    opened.recipe.settings.fold.click()
    opened.job_bar.queue.click()
    opened.studio.notices.show(Notice("The disk is full: free some space and start again."))
    opened.resize(*_SCREEN)
    qtbot.waitUntil(lambda: opened.queue.isVisible() and opened.notice.isVisible())
    least = opened.minimumSizeHint()
    assert least.width() <= _SCREEN[0]
    assert least.height() <= _SCREEN[1]
    qtbot.waitUntil(lambda: (opened.width(), opened.height()) == _SCREEN)
    assert opened.viewer.height() >= 120


@pytest.mark.parametrize("mode", [Compare.DIFFERENCE, Compare.ONION])
def test_the_line_above_the_viewer_shows_all_its_controls(
    qtbot: QtBot, opened: MainWindow, mode: Compare
) -> None:
    opened.studio.session.set_compare(mode)
    opened.resize(0, 0)  # as small as it goes
    qtbot.waitUntil(lambda: opened.width() < _SCREEN[0])
    qtbot.waitUntil(lambda: not crowded(opened.header))


def test_no_word_of_transport_and_recipe_is_cut(qtbot: QtBot, opened: MainWindow) -> None:
    opened.recipe.matte.fold.click()
    opened.recipe.settings.fold.click()
    opened.resize(0, 0)
    qtbot.waitUntil(lambda: opened.recipe.width() < 320)
    for panel in (opened.transport, opened.recipe):
        inside = place(panel, opened)
        for child in panel.findChildren(QWidget):
            if child.isVisible() and isinstance(child, QLabel | QPushButton | QComboBox):
                where = place(child, opened)
                assert inside.left() <= where.left(), child.objectName()
                assert where.right() <= inside.right(), child.objectName()
                assert child.width() >= child.minimumSizeHint().width(), child.objectName()


@pytest.mark.parametrize("welcome", [True, False])
@pytest.mark.parametrize("height", [700, 860])
def test_what_is_recent_is_shown_whole_or_not_at_all(
    qtbot: QtBot, window: MainWindow, clip: str, height: int, welcome: bool
) -> None:
    row = window.empty.recent
    window.studio.settings.set(welcome=welcome)
    window.resize(1366, height)
    qtbot.waitUntil(lambda: window.height() == height)
    window.studio.recent.note_clip(clip)  # the row fills while the window stays as it is
    qtbot.waitUntil(lambda: len(row.tiles) == 1)
    qtbot.wait(50)
    (tile,) = row.tiles
    assert not row.isVisible() or row.rect().contains(tile.geometry())
    both = tile.iconSize().height() + tile.fontMetrics().height()
    assert not row.isVisible() or tile.height() > both
    assert not crowded(window.empty.invitation)
    assert not crowded(window.empty)


def test_lesser_parts_of_the_empty_window_give_way(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1600, 1000)
    qtbot.waitUntil(window.empty.first.isVisible)
    window.resize(1366, 560)
    qtbot.waitUntil(lambda: not window.empty.first.isVisible())
    assert window.empty.open.isVisible()
    window.resize(1600, 1000)
    qtbot.waitUntil(window.empty.first.isVisible)
