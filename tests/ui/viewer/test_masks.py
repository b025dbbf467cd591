"""Ratio masks by key, to the pixel."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest

from tests.ui.scripted import frame_colour
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.viewing import MASKS, MaskStyle
from tokenflow_studio.ui.viewer.masks import masked_place

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
SOURCE = frame_colour(1004)


@pytest.mark.parametrize("ratio", MASKS[1:])
def test_a_mask_is_the_largest_part_of_its_ratio(ratio: float) -> None:
    for rect in (QRectF(10, 20, 640, 480), QRectF(0, 0, 300, 900)):
        place = masked_place(rect, ratio)
        assert place.width() / place.height() == pytest.approx(ratio)
        assert rect.contains(place)
        assert place.width() == rect.width() or place.height() == rect.height()


def test_keys_go_through_ratios_and_styles(previewed: MainWindow) -> None:
    viewer, viewing = previewed.viewer, previewed.studio.viewing
    previewed.studio.session.set_compare(Compare.SOURCE)
    plain = viewer.grab().toImage()
    QTest.keyClick(viewer, Qt.Key.Key_S, SHIFT)
    assert viewing.mask == 1.85
    ((rect, _),) = viewer.placed
    x, top = round(rect.center().x()), round(rect.top()) + 12
    seen = {}
    for _ in MaskStyle:
        seen[viewing.mask_style] = viewer.grab().toImage().pixelColor(x, top).getRgb()[:3]
        QTest.keyClick(viewer, Qt.Key.Key_S, ALT)
    assert seen[MaskStyle.LINES] == SOURCE
    assert sum(seen[MaskStyle.FULL]) < sum(seen[MaskStyle.HALF]) < sum(SOURCE)
    assert viewer.grab().toImage().pixelColor(x, round(rect.center().y())).getRgb()[:3] == SOURCE
    for _ in MASKS[1:]:
        QTest.keyClick(viewer, Qt.Key.Key_S, SHIFT)
    assert viewer.grab().toImage() == plain
