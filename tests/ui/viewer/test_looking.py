"""Channels, exposure, gamma, probe, onion, safe areas, held source and snapshots, by key."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QSlider
from pytestqt.qtbot import QtBot

from tests.ui.scripted import frame_colour
from tokenflow_studio.core.paths import takes_folder
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.viewing import NEUTRAL, Channel, Grade
from tokenflow_studio.ui.viewer.grading import graded
from tokenflow_studio.ui.viewer.hud import probe_text

FRAME = 1004
SOURCE, EDIT = frame_colour(FRAME), frame_colour(FRAME, edited=True)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def middle(window: MainWindow) -> tuple[int, int, int]:
    """The colour in the middle of the viewer."""
    shot: QImage = window.viewer.grab().toImage()
    return shot.pixelColor(shot.width() // 2, shot.height() // 2).getRgb()[:3]


@pytest.mark.parametrize(
    ("key", "channel"), [(Qt.Key.Key_R, 0), (Qt.Key.Key_G, 1), (Qt.Key.Key_B, 2)]
)
def test_a_channel_is_shown_as_grey_and_its_key_brings_colour_back(
    previewed: MainWindow, key: Qt.Key, channel: int
) -> None:
    previewed.studio.session.set_compare(Compare.SOURCE)
    QTest.keyClick(previewed.viewer, key)
    assert middle(previewed) == (SOURCE[channel],) * 3
    QTest.keyClick(previewed.viewer, key)
    assert middle(previewed) == SOURCE


def test_exposure_is_marked_and_ctrl_r_makes_it_neutral(previewed: MainWindow) -> None:
    viewer, viewing = previewed.viewer, previewed.studio.viewing
    previewed.studio.session.set_compare(Compare.SOURCE)
    plain = viewer.grab().toImage()
    for _ in range(4):
        QTest.keyClick(viewer, Qt.Key.Key_E)
    assert viewing.grade.exposure == 1.0
    assert previewed.findChild(QDoubleSpinBox, "exposureBox").value() == 1.0
    assert "+1.00 EV" in viewing.grade.label
    brighter = middle(previewed)
    assert all(new > old for new, old in zip(brighter, SOURCE, strict=True))
    QTest.keyClick(viewer, Qt.Key.Key_E, SHIFT)
    assert viewing.grade.exposure == 0.75
    QTest.keyClick(viewer, Qt.Key.Key_R, CTRL)
    assert viewing.grade == NEUTRAL
    assert viewer.grab().toImage() == plain


def test_the_boxes_of_the_header_light_the_viewer(previewed: MainWindow) -> None:
    previewed.studio.session.set_compare(Compare.SOURCE)
    gamma = previewed.findChild(QDoubleSpinBox, "gammaBox")
    gamma.setFocus()
    QTest.keyClick(gamma, Qt.Key.Key_Up)
    assert previewed.studio.viewing.grade.gamma == 1.05
    assert middle(previewed)[0] > SOURCE[0]


def test_one_stop_doubles_linear_light() -> None:
    image = QImage(5, 3, QImage.Format.Format_RGB32)
    image.fill(QColor(100, 0, 255))
    pixel = graded(image, Grade(exposure=1.0)).pixelColor(4, 2)
    # 100 is 0.1274 in linear light (sRGB), and 0.2549 is encoded as 138.
    assert pixel.getRgb()[:3] == (138, 0, 255)
    assert graded(image, Grade(Channel.BLUE)).pixelColor(4, 2).getRgb()[:3] == (255, 255, 255)


def test_the_probe_reads_both_sides_whatever_the_exposure(previewed: MainWindow) -> None:
    viewer, display = previewed.viewer, previewed.studio.display
    before = viewer.grab().toImage()
    QTest.mouseMove(viewer, QPoint(viewer.width() // 2 + 40, viewer.height() // 2 + 40))
    assert viewer.grab().toImage() != before
    previewed.studio.viewing.set_exposure(2)
    ((rect, _),) = viewer.placed
    text = probe_text(rect.center(), rect, (display.source, display.edit), display)
    assert text.startswith("32, 24")
    assert "source {} {} {}".format(*SOURCE) in text
    assert "edit {} {} {}".format(*EDIT) in text
    assert (
        probe_text(rect.topLeft() * 2 - rect.center(), rect, (display.source, None), display) == ""
    )


def test_the_probe_never_reads_the_frame_before(
    previewed: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    display = previewed.studio.display
    ((rect, _),) = previewed.viewer.placed
    monkeypatch.setattr(previewed.studio.frames, "image", lambda _key: None)
    previewed.studio.session.set_playhead(1012)
    assert display.source.image is not None  # the viewer still shows what it had
    assert probe_text(rect.center(), rect, (display.source, display.edit), display) == ""


def test_the_small_print_goes_and_comes_with_h(previewed: MainWindow) -> None:
    viewer = previewed.viewer
    before = viewer.grab().toImage()
    QTest.keyClick(viewer, Qt.Key.Key_H)
    assert viewer.grab().toImage() != before
    QTest.keyClick(viewer, Qt.Key.Key_H)
    assert viewer.grab().toImage() == before


def test_safe_areas_lie_at_93_and_90_per_cent(previewed: MainWindow) -> None:
    previewed.studio.session.set_compare(Compare.SOURCE)
    plain = previewed.viewer.grab().toImage()
    QTest.keyClick(previewed.viewer, Qt.Key.Key_S)
    drawn = previewed.viewer.grab().toImage()
    ((rect, _),) = previewed.viewer.placed
    row = rect.center().toPoint().y()
    changed = [
        x for x in range(plain.width()) if plain.pixelColor(x, row) != drawn.pixelColor(x, row)
    ]
    for share in (0.07, 0.10):
        assert min(abs(x - rect.left() - rect.width() * share / 2) for x in changed) <= 1
    QTest.keyClick(previewed.viewer, Qt.Key.Key_S)
    assert previewed.viewer.grab().toImage() == plain


def test_onion_mixes_by_its_slider(previewed: MainWindow) -> None:
    QTest.keyClick(previewed.viewer, Qt.Key.Key_N)
    assert previewed.studio.session.compare is Compare.ONION
    slider = previewed.findChild(QSlider, "blendSlider")
    assert slider.isVisible()
    for share in (0, 25, 50, 100):
        slider.setValue(share)
        for got, source, edit in zip(middle(previewed), SOURCE, EDIT, strict=True):
            assert abs(got - (source + (edit - source) * share / 100)) <= 2
    QTest.keyClick(previewed.viewer, Qt.Key.Key_N)
    assert previewed.studio.session.compare is Compare.WIPE
    assert not slider.isVisible()


def test_the_source_shows_as_long_as_the_key_is_held(qtbot: QtBot, previewed: MainWindow) -> None:
    session, viewer = previewed.studio.session, previewed.viewer
    session.set_compare(Compare.EDIT)
    viewer.setFocus()
    QTest.keyPress(viewer, Qt.Key.Key_QuoteLeft)
    assert middle(previewed) == SOURCE
    QTest.keyRelease(viewer, Qt.Key.Key_QuoteLeft)
    assert middle(previewed) == EDIT
    QTest.keyPress(viewer, Qt.Key.Key_QuoteLeft)
    previewed.recipe.prompt.setFocus()  # the release goes to the prompt
    assert session.compare is Compare.EDIT


def test_tab_swaps_the_sides_in_the_viewer_alone(previewed: MainWindow) -> None:
    session, viewer = previewed.studio.session, previewed.viewer
    session.set_compare(Compare.EDIT)
    viewer.setFocus()
    for mode in (Compare.SOURCE, Compare.EDIT):
        QTest.keyClick(viewer, Qt.Key.Key_Tab)
        assert session.compare is mode
        assert viewer.hasFocus()
    QTest.keyClick(viewer, Qt.Key.Key_Backtab, SHIFT)
    assert not viewer.hasFocus()
    assert session.compare is Compare.EDIT


def test_snapshots_are_pictures_of_the_viewer_and_never_replace_one(
    qtbot: QtBot, previewed: MainWindow
) -> None:
    folder = takes_folder() / "plate" / "snapshots"
    names = ("plate_1004.png", "plate_1004_2.png")
    for name in names:
        QTest.keyClick(previewed.viewer, Qt.Key.Key_C)
        path: Path = folder / name
        qtbot.waitUntil(lambda path=path: path.exists())
    shot = QImage(str(folder / names[0]))
    assert shot.size() == previewed.viewer.grab().size()
