"""Guides and small print, each by its own key."""

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.viewing import Print

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def changed(before: QImage, after: QImage, row: int) -> list[int]:
    """The columns of that row in which two pictures differ."""
    columns = range(before.width())
    return [x for x in columns if before.pixelColor(x, row) != after.pixelColor(x, row)]


def test_thirds_cross_the_picture_where_they_should(previewed: MainWindow) -> None:
    viewer = previewed.viewer
    previewed.studio.session.set_compare(Compare.SOURCE)
    plain = viewer.grab().toImage()
    QTest.keyClick(viewer, Qt.Key.Key_T, ALT)
    ((rect, _),) = viewer.placed
    found = changed(plain, viewer.grab().toImage(), round(rect.center().y()))
    for share in (1 / 3, 2 / 3):
        assert min(abs(x - rect.left() - rect.width() * share) for x in found) <= 1
    assert len(found) <= 6
    QTest.keyClick(viewer, Qt.Key.Key_T, ALT)
    assert viewer.grab().toImage() == plain


def test_the_centre_is_marked_by_a_small_cross(previewed: MainWindow) -> None:
    viewer = previewed.viewer
    previewed.studio.session.set_compare(Compare.SOURCE)
    plain = viewer.grab().toImage()
    QTest.keyClick(viewer, Qt.Key.Key_C, ALT)
    drawn = viewer.grab().toImage()
    ((rect, _),) = viewer.placed
    middle = rect.center()
    rows = (round(middle.y()) - 1, round(middle.y()), round(middle.y()) + 1)
    found = [x for row in rows for x in changed(plain, drawn, row)]
    arm = rect.height() * 0.04
    assert abs(min(found) - (middle.x() - arm)) <= 2
    assert abs(max(found) - (middle.x() + arm)) <= 3
    assert changed(plain, drawn, round(rect.top() + 5)) == []


@pytest.mark.parametrize(("modifier", "kind"), [(ALT, Print.PLACE), (SHIFT, Print.VALUES)])
def test_each_print_goes_alone(
    previewed: MainWindow, modifier: Qt.KeyboardModifier, kind: Print
) -> None:
    viewer, viewing = previewed.viewer, previewed.studio.viewing
    QTest.mouseMove(viewer, QPoint(viewer.width() // 2 + 40, viewer.height() // 2 + 40))
    before = viewer.grab().toImage()
    QTest.keyClick(viewer, Qt.Key.Key_H, modifier)
    assert viewing.prints == frozenset(Print) - {kind}
    after = viewer.grab().toImage()
    assert after != before
    half = after.width() // 2
    left, right = (QRectF(0, 0, half, after.height()), QRectF(half, 0, half, after.height()))
    kept = (right if kind is Print.PLACE else left).toRect()
    assert after.copy(kept) == before.copy(kept)  # frame and timecode left, values right
    QTest.keyClick(viewer, Qt.Key.Key_H, modifier)
    assert viewer.grab().toImage() == before
