"""The transport: loop, real rate, the field that goes to a place, and the place's units."""

from fractions import Fraction
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.settings import PlaceUnit
from tokenflow_studio.media.clips import ClipInfo
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.playback import Pace
from tokenflow_studio.ui.timeline.places import place_of, place_text

CTRL = Qt.KeyboardModifier.ControlModifier
INFO = ClipInfo(
    spec="/a.mp4", name="a", kind="movie", frames=range(10, 300), width=64, height=48,
    rate=Fraction(24), pixel_aspect=1.0, is_scene_linear=False, timecode="01:00:00:00",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "frame"),
    [("120", 120), ("+20", 70), ("-20", 30), ("01:00:02:00", 58), ("", None), ("+", None)],
)
def test_places_as_people_write_them(typed: str, frame: int | None) -> None:
    assert place_of(typed, 50, INFO) == frame


@pytest.mark.parametrize("frame", [10, 33, 34, 299])
def test_a_timecode_leads_back_to_its_frame(frame: int) -> None:
    assert place_of(place_text(frame, INFO, PlaceUnit.TIMECODE), 50, INFO) == frame


def test_the_field_takes_frames_steps_and_timecodes(opened: MainWindow) -> None:
    session, field = opened.studio.session, opened.transport.field
    for typed, frame in (("1008", 1008), ("+4", 1012), ("-2", 1010), ("0:12", 1013)):
        opened.viewer.setFocus()
        QTest.keyClick(opened.viewer, Qt.Key.Key_Equal)
        assert field.hasFocus()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert session.playhead == frame
        assert field.text() == str(frame)


def test_a_click_changes_the_unit(opened: MainWindow) -> None:
    opened.studio.session.set_playhead(1007)
    code = opened.transport.code
    seen = [code.text()]
    for _ in range(3):
        QTest.mouseClick(code, Qt.MouseButton.LeftButton)
        seen.append(code.text())
    assert seen == ["00:00:00:06", "0.250 s", "7 / 20", "00:00:00:06"]


def test_without_loop_it_stops_at_the_end(qtbot: QtBot, opened: MainWindow) -> None:
    playback, session = opened.studio.playback, opened.studio.session
    QTest.keyClick(opened.viewer, Qt.Key.Key_Slash, CTRL)
    assert not playback.looping
    assert not opened.transport.loop.isChecked()
    session.set_range(FrameRange(1003, 1009))
    playback.toggle()
    qtbot.waitUntil(lambda: playback.speed == 0)
    assert session.playhead == 1009
    playback.toggle()  # from the end it begins again
    qtbot.waitUntil(lambda: session.playhead == 1005)
    playback.set_speed(-1)
    qtbot.waitUntil(lambda: playback.speed == 0)
    assert session.playhead == 1003


def test_with_loop_it_begins_again(qtbot: QtBot, opened: MainWindow) -> None:
    playback, session = opened.studio.playback, opened.studio.session
    session.set_range(FrameRange(1003, 1006))
    seen: list[int] = []
    session.playhead_changed.connect(seen.append)
    playback.toggle()
    qtbot.waitUntil(lambda: sum(b < a for a, b in pairwise(seen)) >= 2)
    playback.pause()
    assert set(seen) <= {1003, 1004, 1005, 1006}  # a busy machine may skip one


def test_the_rate_that_was_reached_is_shown(qtbot: QtBot, opened: MainWindow) -> None:
    paces: list[Pace] = []
    opened.studio.playback.paced.connect(paces.append)
    opened.studio.playback.toggle()
    qtbot.waitUntil(lambda: len(paces) >= 2)
    text = opened.transport.speed.text()
    assert text.endswith(f"fps   {paces[-1].dropped} dropped")
    assert 0 < paces[-1].rate < 26
    opened.studio.playback.pause()
    assert opened.transport.speed.text() == ""


def test_frames_whose_picture_is_late_count_as_dropped(
    qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened.studio.frames, "image", lambda _key: None)
    with qtbot.waitSignal(opened.studio.playback.paced) as told:
        opened.studio.playback.toggle()
    opened.studio.playback.pause()
    (pace,) = told.args
    assert pace.rate == 0
    assert pace.dropped >= 8
