"""Pictures in the timeline, the ruler's units, gaps and failed frames, zoom that follows."""

from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, frame_colour, write_frames
from tokenflow_studio.core.finishing import Missing
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.settings import RulerUnit
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.timeline.filmstrip import tiles
from tokenflow_studio.ui.timeline.lanes import Lanes
from tokenflow_studio.ui.timeline.rows import RULER, WITH_PICTURES
from tokenflow_studio.ui.timeline.ruler import numbering
from tokenflow_studio.ui.timeline.scale import FrameScale

NONE = Qt.KeyboardModifier.NoModifier


def colour_at(window: MainWindow, frame: int, y: float) -> QColor:
    """What the timeline shows above the middle of a frame's cell."""
    x = round(window.timeline.position_of(frame).x())
    image = window.timeline.grab().toImage()
    ratio = image.devicePixelRatio()
    return image.pixelColor(round(x * ratio), round(y * ratio))


def first_tile(window: MainWindow) -> tuple[int, QPoint]:
    lanes = window.timeline._lanes()
    assert lanes is not None
    tile = next(iter(tiles(lanes, 64 / 48)))
    return tile.frame, tile.place.center().toPoint()


def test_the_filmstrip_shows_the_source_once_it_is_decoded(
    qtbot: QtBot, opened: MainWindow
) -> None:
    opened.studio.session.set_playhead(1015)
    frame, place = first_tile(opened)
    assert frame == 1001

    def shows_it() -> bool:
        colour = opened.timeline.grab().toImage().pixelColor(place)
        wanted = frame_colour(frame)
        return max(abs(a - b) for a, b in zip(colour.getRgb()[:3], wanted, strict=True)) < 12

    qtbot.waitUntil(shows_it, timeout=20_000)


def test_t_hides_and_shows_all_pictures_and_the_setting_remembers(opened: MainWindow) -> None:
    timeline, settings = opened.timeline, opened.studio.settings
    tall = timeline.sizeHint().height()
    QTest.keyClick(opened.viewer, Qt.Key.Key_T)
    assert settings.stored.thumbnails is False
    assert timeline.sizeHint().height() < tall - 60
    asked = []
    opened.studio.frames.thumbnail = lambda key: asked.append(key)
    timeline.fit()
    timeline.grab()
    assert asked == []
    assert opened.studio.marks.at(1012) is not None  # its mark stays
    QTest.keyClick(opened.viewer, Qt.Key.Key_T)
    assert settings.stored.thumbnails is True
    timeline.grab()
    assert asked


def test_tiles_never_touch_and_begin_at_their_frames() -> None:
    scale = FrameScale.fit(FrameRange(1001, 1400), 12.0, 900.0)
    for zoom in (1.0, 1.7, 9.0, 60.0):
        area = (12.0, 900.0)
        lanes = Lanes(scale.zoomed(zoom, 400, area), 12.0, 912.0, WITH_PICTURES)
        found = list(tiles(lanes, 16 / 9))
        for tile, following in pairwise(found):
            assert tile.place.right() < following.place.left()
        assert all(abs(t.place.left() - lanes.scale.start(t.frame)) < 1e-6 for t in found)
        assert 1 <= len(found) <= 16


def test_hovering_shows_the_frame_under_the_mouse(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    timeline = opened.timeline
    QTest.mouseMove(timeline, QPoint(5, 5))
    QTest.mouseMove(timeline, timeline.position_of(1007).toPoint())
    hover = timeline.hover
    assert hover is not None
    assert hover.isVisible()
    assert hover.frame == 1007
    assert opened.studio.session.playhead == 1001  # a look is no move
    qtbot.waitUntil(lambda: hover.picture() is not None, timeout=20_000)
    assert opened.rect().contains(hover.geometry())
    opened.studio.recipe.set(prompt="a paper cut")
    opened.studio.propagate()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    opened.studio.session.set_compare(Compare.EDIT)
    take = opened.studio.takes.current
    assert take is not None
    assert hover.key() == FrameKey(take.frames, 1007)
    QTest.mouseMove(timeline, QPoint(round(timeline.position_of(1007).x()), round(RULER + 40)))
    assert not hover.isVisible()  # the lane has pictures of its own


def test_hover_ends_with_a_drag_and_where_pictures_are_off(opened: MainWindow) -> None:
    timeline = opened.timeline
    place = timeline.position_of(1007).toPoint()
    QTest.mouseMove(timeline, place)
    hover = timeline.hover
    assert hover is not None
    QTest.mousePress(timeline, Qt.MouseButton.LeftButton, NONE, place)
    assert not hover.isVisible()
    QTest.mouseRelease(timeline, Qt.MouseButton.LeftButton, NONE, place)
    opened.studio.settings.set(thumbnails=False)
    QTest.mouseMove(timeline, place + QPoint(9, 0))
    assert not hover.isVisible()


def test_the_ruler_counts_in_timecode_too(opened: MainWindow) -> None:
    clip = opened.studio.session.clip
    assert clip is not None
    before = opened.timeline.grab().toImage()
    QTest.keyClick(opened.viewer, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    assert opened.studio.settings.stored.ruler_unit is RulerUnit.TIMECODE
    assert opened.timeline.grab().toImage() != before
    numbers = numbering(clip, RulerUnit.TIMECODE)
    assert numbers.text(1001) == "00:00:00:00"
    assert (1001 + numbers.offset) % 24 == 0  # seconds are labelled where they begin
    assert numbering(clip, RulerUnit.FRAMES).text(1001) == "1001"


def test_the_ruler_names_round_numbers_that_do_not_touch(opened: MainWindow) -> None:
    clip = opened.studio.session.clip
    assert clip is not None
    numbers = numbering(clip, RulerUnit.FRAMES)
    for count in (10, 40, 500, 10_000):
        scale = FrameScale.fit(FrameRange(0, count - 1), 0, 900)
        numbered, ticked = numbers.step(scale, numbers.room), numbers.step(scale, 6)
        assert numbered * 900 / count >= 64
        assert str(numbered)[0] in "125"
        assert ticked <= numbered


@pytest.mark.parametrize("per_frame", [0.05, 0.7, 4.0, 40.0])
def test_timecode_labels_stand_at_whole_parts_of_a_second(
    opened: MainWindow, per_frame: float
) -> None:
    clip = opened.studio.session.clip
    assert clip is not None
    numbers = numbering(clip, RulerUnit.TIMECODE)
    step = numbers.step(FrameScale(FrameRange(0, 10**6), 0, per_frame), numbers.room)
    assert step * per_frame >= numbers.room
    assert 24 % step == 0 or step % 24 == 0


def test_missing_frames_are_told_and_red_and_the_edit_holds_the_one_before(
    qtbot: QtBot, window: MainWindow, worker: ScriptedWorker, tmp_path: Path
) -> None:
    write_frames(tmp_path / "gap", (*range(1001, 1008), *range(1010, 1021)))
    window.studio.open(str(tmp_path / "gap" / "####.png"))
    qtbot.waitUntil(lambda: window.studio.session.clip is not None, timeout=60_000)
    clip = window.studio.session.clip
    assert clip is not None
    assert clip.missing == (1008, 1009)
    assert "2 frames are missing" in window.notice.text.text()
    y = WITH_PICTURES.cached_top + 5
    assert colour_at(window, 1008, y) == theme().colour("error")
    assert colour_at(window, 1010, y) != theme().colour("error")
    place = QPointF(window.timeline.position_of(1008).x(), y)
    assert "1008 is missing" in window.timeline._hint(place)
    window.studio.recipe.set(prompt="a paper cut")
    window.studio.preview()
    qtbot.waitUntil(lambda: bool(worker.orders))
    assert worker.orders[0].request.missing is Missing.HOLD


def test_a_frame_that_cannot_be_read_is_red(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_frames(tmp_path / "bad", range(1001, 1011))
    whole = (tmp_path / "bad" / "1006.png").read_bytes()
    (tmp_path / "bad" / "1006.png").write_bytes(whole[: len(whole) // 2])
    window.studio.open(str(tmp_path / "bad" / "####.png"))
    qtbot.waitUntil(lambda: window.studio.session.clip is not None, timeout=60_000)
    clip = window.studio.session.clip
    assert clip is not None
    qtbot.waitUntil(lambda: 1006 in window.studio.frames.unreadable(clip.spec), timeout=20_000)
    window.timeline.fit()
    y = WITH_PICTURES.cached_top + 5
    assert colour_at(window, 1006, y) == theme().colour("error")
    assert "1006" in window.timeline._hint(QPointF(window.timeline.position_of(1006).x(), y))


def test_frames_that_a_failed_take_never_made_are_red(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    worker.failure = "The disk is full: free some space and start again."
    opened.studio.recipe.set(prompt="a paper cut")
    opened.studio.propagate()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    opened.timeline.fit()
    y = WITH_PICTURES.propagated_top + 5
    assert colour_at(opened, 1020, y) == theme().colour("error")
    assert colour_at(opened, 1010, y) != theme().colour("error")


def test_a_zoomed_timeline_follows_the_playhead(opened: MainWindow) -> None:
    timeline, session = opened.timeline, opened.studio.session
    for _ in range(6):
        QTest.keyClick(opened.viewer, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert timeline.position_of(1020).x() > timeline.width()
    for frame in (1020, 1001, 1011):
        session.set_playhead(frame)
        assert 0 < timeline.position_of(frame).x() < timeline.width()
    QTest.keyClick(opened.viewer, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(opened.viewer, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    assert 0 < timeline.position_of(1001).x() < timeline.position_of(1020).x() < timeline.width()
