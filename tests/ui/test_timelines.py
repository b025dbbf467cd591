"""A timeline in the window: its shots listed, opened as tabs after a yes, queued in one go."""

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from bridge.timeline.files import FORMATS
from tests.ui.scripted import ScriptedWorker, write_frames
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.settings import Settings, read_settings, save_settings
from tokenflow_studio.project.store import read_project
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.queue import EntryState
from tokenflow_studio.ui.threads.timelines import TIMELINE_SUFFIXES, look_into_timeline

WAIT = 60_000  # ms: the bridge and the decoders load on a busy machine
NTSC = 24000 / 1001


def sequence(folder: Path, first: int, count: int) -> otio.schema.ImageSequenceReference:
    """A reference to `####.png` in that folder, whose files are numbered from `first`."""
    return otio.schema.ImageSequenceReference(
        target_url_base=folder.as_uri() + "/", name_suffix=".png", start_frame=first,
        frame_zero_padding=4, rate=NTSC,
        available_range=otio.opentime.TimeRange(
            otio.opentime.RationalTime(0, NTSC), otio.opentime.RationalTime(count, NTSC)
        ),
    )  # fmt: skip


def clip(name: str, media: object, offset: int, length: int) -> otio.schema.Clip:
    """A clip that shows `length` frames from `offset` frames into its media."""
    source = otio.opentime.TimeRange(
        otio.opentime.RationalTime(offset, NTSC), otio.opentime.RationalTime(length, NTSC)
    )
    return otio.schema.Clip(name, media, source)


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """sh010 and sh020 of one plate, sh030 of another that ends early; sh040 is gone, sh050 a
    title; there is sound."""
    write_frames(tmp_path / "plate", range(1001, 1021))
    write_frames(tmp_path / "other", range(1, 6))
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    plate, other = sequence(tmp_path / "plate", 1001, 20), sequence(tmp_path / "other", 1, 8)
    track.append(clip("sh010", plate, 2, 4))
    track.append(clip("sh020", plate.deepcopy(), 10, 6))
    track.append(clip("sh030", other, 2, 6))
    track.append(clip("sh040", sequence(tmp_path / "gone", 1, 8), 0, 8))
    track.append(clip("sh050", otio.schema.MissingReference(), 0, 8))
    timeline = otio.schema.Timeline("reel 1")
    timeline.tracks.extend([track, otio.schema.Track(kind=otio.schema.TrackKind.Audio)])
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def offered(qtbot: QtBot, window: MainWindow, ask: Callable[[], object]) -> QTreeWidget:
    ask()
    qtbot.waitUntil(lambda: window.panels.cut.isVisible(), timeout=WAIT)
    return window.panels.cut.list


def click(window: MainWindow, name: str) -> None:
    button = window.findChild(QPushButton, name)
    assert button.isVisible(), name
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def tabs(window: MainWindow) -> list[str]:
    return [window.tabs.tabText(place) for place in range(window.tabs.count())]


def rows(shots: QTreeWidget) -> list[tuple[str, str]]:
    items = [shots.topLevelItem(row) for row in range(shots.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if not item.isFirstColumnSpanned()]


def below(item: QTreeWidgetItem) -> str:
    return " ".join(item.child(row).text(0) for row in range(item.childCount()))


def in_view(qtbot: QtBot, window: MainWindow, name: str, frames: FrameRange) -> None:
    def there() -> bool:
        shot, session = window.studio.shots.current, window.studio.session
        return bool(shot and shot.name == name and session.in_out == frames)

    qtbot.waitUntil(there, timeout=WAIT)


def accepted(qtbot: QtBot, window: MainWindow, cut: Path) -> None:
    offered(qtbot, window, lambda: window.studio.open(str(cut)))
    click(window, "openTimelineButton")
    in_view(qtbot, window, "sh010", FrameRange(1003, 1006))


def test_the_window_knows_the_formats_that_the_bridge_reads() -> None:
    assert set(TIMELINE_SUFFIXES) == set(FORMATS)


def test_a_dropped_timeline_lists_its_shots_and_what_cannot_be_taken_over(
    qtbot: QtBot, window: MainWindow, cut: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(cut))])
    drop = QDropEvent(
        QPointF(200, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    shots = offered(qtbot, window, lambda: window.dropEvent(drop))
    assert rows(shots) == [
        ("sh010", "1003-1006"), ("sh020", "1011-1016"), ("sh030", "3-5"), ("sh040", "–"),
        ("sh050", "–"),
    ]  # fmt: skip
    said = [below(shots.topLevelItem(row)) for row in range(5)]
    assert said[:2] == ["", ""]
    assert "of which 3-5 are there" in said[2]
    assert "gone" in said[3]
    assert "names no media" in said[4]
    assert "Sound is not taken over" in shots.topLevelItem(5).text(0)
    assert "3 of the 5 shots of reel 1" in window.panels.cut.question.text.text()
    assert window.studio.shots.all == ()
    click(window, "declineTimelineButton")
    assert not window.panels.cut.isVisible()
    assert window.studio.shots.all == ()


def test_accepting_opens_every_shot_as_a_tab_with_range_rate_and_name(
    qtbot: QtBot, window: MainWindow, cut: Path, tmp_path: Path
) -> None:
    window.studio.recipe.set(prompt="a fox")  # typed before anything is open
    accepted(qtbot, window, cut)
    studio = window.studio
    assert tabs(window) == ["sh010", "sh020", "sh030"]
    assert studio.session.clip.rate == Fraction(24000, 1001)
    assert studio.session.playhead == 1003
    assert studio.recipe.value.prompt == "a fox"
    window.tabs.setCurrentIndex(1)
    in_view(qtbot, window, "sh020", FrameRange(1011, 1016))
    window.tabs.setCurrentIndex(2)
    in_view(qtbot, window, "sh030", FrameRange(3, 5))
    assert studio.session.clip.rate == Fraction(24000, 1001)
    studio.project.save_as(str(tmp_path / "reel.tfproj"))
    qtbot.waitUntil(lambda: not studio.project.modified, timeout=WAIT)
    kept = read_project(tmp_path / "reel.tfproj").project.shots
    assert [(shot.name, str(shot.frames)) for shot in kept] == [
        ("sh010", "1003-1006"), ("sh020", "1011-1016"), ("sh030", "3-5"),
    ]  # fmt: skip


def test_a_timeline_beside_an_open_clip_is_one_step_of_undo_and_opens_once(
    qtbot: QtBot, opened: MainWindow, cut: Path
) -> None:
    accepted(qtbot, opened, cut)
    assert tabs(opened) == ["plate", "sh010", "sh020", "sh030"]
    opened.tabs.setCurrentIndex(2)
    in_view(qtbot, opened, "sh020", FrameRange(1011, 1016))
    accepted(qtbot, opened, cut)
    assert tabs(opened) == ["plate", "sh010", "sh020", "sh030"]
    opened.actions_by_id["edit.undo"].trigger()
    assert tabs(opened) == ["plate"]
    opened.actions_by_id["edit.redo"].trigger()
    in_view(qtbot, opened, "sh010", FrameRange(1003, 1006))
    assert tabs(opened) == ["plate", "sh010", "sh020", "sh030"]


def test_all_shots_are_queued_with_the_recipe_in_view(
    qtbot: QtBot, window: MainWindow, worker: ScriptedWorker, cut: Path
) -> None:
    accepted(qtbot, window, cut)
    every = window.actions_by_id["job.propagate-all"]
    every.trigger()
    assert window.studio.notices.notice.action == "prompt.focus"  # there is no prompt yet
    assert window.studio.jobs.queue.all == ()
    window.studio.recipe.set(prompt="a fox", seed=7)
    every.trigger()
    queue = window.studio.jobs.queue
    assert [entry.clip for entry in queue.all] == ["sh010", "sh020", "sh030"]
    qtbot.waitUntil(
        lambda: [entry.state for entry in queue.all] == [EntryState.DONE] * 3, timeout=WAIT
    )
    requests = [order.request for order in worker.orders]
    assert [(str(r.frames), r.prompt, r.seed, r.rate) for r in requests] == [
        (frames, "a fox", 7, Fraction(24000, 1001)) for frames in ("1003-1006", "1011-1016", "3-5")
    ]
    assert [Path(request.clip).parent.name for request in requests] == ["plate", "plate", "other"]


def test_a_shot_keeps_its_own_keyframes_when_all_are_queued(
    qtbot: QtBot, window: MainWindow, worker: ScriptedWorker, cut: Path
) -> None:
    accepted(qtbot, window, cut)
    window.studio.recipe.set(prompt="a fox", keyframes=(1004,))
    window.tabs.setCurrentIndex(2)
    in_view(qtbot, window, "sh030", FrameRange(3, 5))
    window.studio.recipe.set(prompt="an owl", keyframes=(4,))
    window.actions_by_id["job.propagate-all"].trigger()
    qtbot.waitUntil(lambda: len(worker.orders) == 3, timeout=WAIT)
    requests = [order.request for order in worker.orders]
    assert [request.keyframes for request in requests] == [(1004,), None, (4,)]
    assert {request.prompt for request in requests} == {"an owl"}


@pytest.fixture
def edl(tmp_path: Path) -> Path:
    """Two shots; the numbers of its frames fit every rate from 24 up."""
    write_frames(tmp_path / "plate", range(1001, 1021))
    path = tmp_path / "cut.edl"
    path.write_text(
        "TITLE: reel 1\n\n"
        "001  AX  V  C  00:00:01:00 00:00:01:12 01:00:00:00 01:00:00:12\n"
        f"* FROM CLIP NAME: sh010\n* FROM CLIP: {tmp_path}/plate/####.png\n"
        "002  AX  V  C  00:00:01:00 00:00:02:12 01:00:00:12 01:00:02:00\n"
        "* FROM CLIP NAME: sh020\n"
    )
    return path


def test_the_rate_of_an_edl_is_asked_for_in_passing_and_remembered(
    qtbot: QtBot, window: MainWindow, edl: Path, cut: Path
) -> None:
    offered(qtbot, window, lambda: window.studio.open(str(edl)))
    box = window.panels.cut.rate
    assert box.isVisible()
    assert box.currentText() == "24 fps"
    assert [box.itemText(place) for place in range(4)] == [
        "23.976 fps",
        "24 fps",
        "25 fps",
        "29.97 fps",
    ]
    box.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(box, key)
    ntsc = Fraction(30000, 1001)
    qtbot.waitUntil(lambda: window.studio.timelines.offered.rate == ntsc, timeout=WAIT)
    assert box.currentText() == "29.97 fps"
    assert not window.panels.cut.list.findItems("assumed", Qt.MatchFlag.MatchContains)
    click(window, "openTimelineButton")
    in_view(qtbot, window, "sh010", FrameRange(1001, 1020))
    assert window.studio.session.clip.rate == ntsc
    qtbot.waitUntil(lambda: read_settings().edl_rate == "30000/1001", timeout=WAIT)
    offered(qtbot, window, lambda: window.studio.open(str(edl)))
    assert window.studio.timelines.offered.rate == ntsc
    assert "one before is taken" in window.studio.timelines.offered.remarks[0]
    window.studio.open(str(cut))
    qtbot.waitUntil(lambda: window.studio.timelines.offered.path == str(cut), timeout=WAIT)
    assert not box.isVisible()  # OTIO tells its own


def test_a_timeline_that_cannot_be_read_is_refused_in_one_sentence(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "cut.otio"
    path.write_text("{")
    window.studio.open(str(path))
    qtbot.waitUntil(lambda: window.notice.isVisible(), timeout=WAIT)
    assert str(path) in window.studio.notices.notice.text
    assert not window.panels.cut.isVisible()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_media_that_is_no_regular_file_is_not_read(cut: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mov")
    timeline = otio.adapters.read_from_file(str(cut))
    media = otio.schema.ExternalReference((tmp_path / "pipe.mov").as_uri())
    timeline.tracks[0][0].media_reference = media
    otio.adapters.write_to_file(timeline, str(cut))
    first = look_into_timeline(str(cut)).shots[0]
    assert first.shot is None
    assert "no regular file" in first.remarks[-1]


def test_a_path_of_another_machine_is_found_by_the_path_roots(cut: Path, tmp_path: Path) -> None:
    text = cut.read_text().replace((tmp_path / "plate").as_uri(), "file:///Z:/show/plate")
    cut.write_text(text)
    first = look_into_timeline(str(cut)).shots[0]
    assert first.shot is None
    assert "path roots" in first.remarks[-1]
    save_settings(Settings(path_roots=(("Z:\\show", str(tmp_path)),)))
    first = look_into_timeline(str(cut)).shots[0]
    assert first.shot is not None
    assert first.shot.clip == str(tmp_path / "plate" / "####.png")


def test_timelines_of_other_programs_are_listed_with_nothing_to_open(
    qtbot: QtBot, window: MainWindow, shared: Path
) -> None:
    path = shared / "otio" / "screening_example.edl"
    window.resize(1200, 100)  # as small as it gets
    shots = offered(qtbot, window, lambda: window.studio.open(str(path)))
    assert len(rows(shots)) == 9
    assert all(below(shots.topLevelItem(row)) for row in range(9))
    assert not window.panels.cut.question.buttons["openTimelineButton"].isEnabled()
    assert "None of the shots" in window.panels.cut.question.text.text()
    assert shots.height() <= window.height() / 6  # the viewer keeps its room
