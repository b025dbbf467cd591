"""A window with something to compare."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import frame_colour
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.session import Compare

FRAME = 1004


@pytest.fixture
def previewed(qtbot: QtBot, opened: MainWindow) -> MainWindow:
    """The window on an edited keyframe, both sides decoded."""
    opened.studio.recipe.set(prompt="a paper cut")
    opened.studio.preview()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    opened.studio.session.set_playhead(FRAME)
    display = opened.studio.display
    qtbot.waitUntil(lambda: display.edit is not None and display.edit.image is not None)
    opened.studio.session.set_compare(Compare.WIPE)
    source = frame_colour(FRAME)
    qtbot.waitUntil(lambda: display.source.image.pixelColor(1, 1).getRgb()[:3] == source)
    # In the corner, beside the picture: the test before may have left the pointer just where this
    # one wants to move it, which would be no move.
    QTest.mouseMove(opened.viewer, QPoint(1, 1))
    return opened
