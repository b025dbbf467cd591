"""Shots of other programs in the window: what a package says, what it must ask, the way back."""

import dataclasses
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from bridge.exchange.facts import Facts
from bridge.exchange.manifest import Colour, Host
from bridge.exchange.packages import Package, list_versions, open_package
from bridge.exchange.passages import Passage
from bridge.exchange.sending import send
from tests.bridge.worker_here import SessionHere
from tests.media.footage import frame
from tests.ui.scripted import ScriptedWorker, frame_colour, write_frames
from tokenflow_studio.cli import jobs, main
from tokenflow_studio.core.finishing import Fill
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import JobEvent, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.encoding import Picture, write_pictures
from tokenflow_studio.media.movie_forms import form_of_pictures
from tokenflow_studio.project.store import read_project
from tokenflow_studio.ui.main_window import MainWindow

FACTS = Facts(
    frames=FrameRange(1003, 1014),
    cut=FrameRange(1005, 1012),
    rate=Fraction(24000, 1001),
    timecode="01:00:00:02",
    host=Host(name="nuke", version="15.1v2", item="Read1", project="/shows/a/comp_v012.nk"),
    colour=Colour(file="sRGB - Display"),
)
WAIT = 60_000  # ms: the bridge and the decoders load on a busy machine
MakePackage = Callable[..., Package]


@pytest.fixture
def package(clip: str, tmp_path: Path) -> MakePackage:
    def make(passage: Passage = Passage.COPY, shot: str = "sh010", **facts: object) -> Package:
        told = dataclasses.replace(FACTS, **facts)
        return send(clip, tmp_path / "exchange", shot, told, passage)

    return make


def opened(qtbot: QtBot, window: MainWindow, made: Package) -> None:
    window.studio.open(str(made.folder))
    qtbot.waitUntil(lambda: shown(window) == str(made.folder), timeout=WAIT)


def shown(window: MainWindow) -> str:
    shot = window.studio.shots.current
    return shot.origin.package if shot and shot.origin else ""


def click(window: MainWindow, name: str) -> None:
    button = window.findChild(QPushButton, name)
    assert button.isVisible(), name
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def finished_take(qtbot: QtBot, window: MainWindow) -> None:
    window.studio.recipe.set(prompt="a fox")
    window.studio.propagate()
    qtbot.waitUntil(lambda: window.studio.packages.ready is not None, timeout=WAIT)


def test_a_package_brings_range_rate_timecode_and_colour(
    qtbot: QtBot, window: MainWindow, worker: ScriptedWorker, package: MakePackage
) -> None:
    made = package()
    opened(qtbot, window, made)
    session = window.studio.session
    assert not window.panels.package.isVisible()
    assert (session.clip.spec, session.clip.rate) == (made.clip, FACTS.rate)
    assert session.clip.timecode == FACTS.timecode
    assert session.in_out == FrameRange(1003, 1014)
    assert window.origin.isVisible()
    assert window.origin.title.text() == "sh010  –  from Nuke, comp_v012.nk"
    assert window.origin.details.text().split("   ") == [
        "frames 1003-1014", "cut 1005-1012", "handles 2 + 2", "23.976 fps", "sRGB - Display",
    ]  # fmt: skip
    finished_take(qtbot, window)
    assert worker.orders[0].request == EditRequest(
        clip=made.clip, prompt="a fox", rate=FACTS.rate, colour="sRGB - Display", fill=Fill.PLATE
    )


def test_the_matte_of_a_package_limits_the_edit(
    qtbot: QtBot, window: MainWindow, worker: ScriptedWorker, package: MakePackage, clip: str
) -> None:
    first, second = package(matte=clip), package(shot="sh020", matte=clip)
    for made in (first, second):
        opened(qtbot, window, made)
        finished_take(qtbot, window)
        assert worker.orders[-1].request.matte == made.matte
        assert Path(made.matte).is_relative_to(made.folder)


def test_a_take_goes_back_as_the_next_version_and_nothing_is_replaced(
    qtbot: QtBot, window: MainWindow, package: MakePackage
) -> None:
    made = package()
    opened(qtbot, window, made)
    send_back = window.actions_by_id["take.send-back"]
    assert not window.origin.send.isEnabled()
    assert not send_back.isEnabled()
    finished_take(qtbot, window)
    click(window, "sendBackButton")
    qtbot.waitUntil(lambda: len(list_versions(made)) == 1, timeout=WAIT)
    qtbot.waitUntil(lambda: window.notice.isVisible(), timeout=WAIT)
    assert "v001 of sh010" in window.studio.notices.notice.text
    assert not window.notice.remedy.isVisible()
    assert send_back.isEnabled()
    send_back.trigger()
    qtbot.waitUntil(lambda: len(list_versions(made)) == 2, timeout=WAIT)
    first, second = list_versions(made)
    assert (first.name, second.name, second.frames) == ("v001", "v002", FACTS.frames)
    with open_clip(second.media) as back:
        pixel = tuple(round(float(value) * 255) for value in back.read(1007)[5, 5])
    assert pixel == frame_colour(1007, edited=True)


class WorkerHere(ScriptedWorker):
    """The stages of a job in this process."""

    def run(self, order: JobOrder) -> Iterator[JobEvent]:
        """As they tell them, with the id that the window knows the job by."""
        self.orders.append(order)
        for event in SessionHere().run(order):
            yield dataclasses.replace(event, job=order.id)


@pytest.fixture
def movie(tmp_path: Path) -> str:
    """24 frames in 10 bits with a timecode, by which the host does not play it."""
    path, rate = tmp_path / "clip.mov", Fraction(24000, 1001)
    form = form_of_pictures(path, (96, 64), rate, timecode="10:00:00:00")
    write_pictures(path, (Picture(frame(number)) for number in range(24)), form)
    return str(path)


@pytest.mark.parametrize("worker", [WorkerHere()], ids=["here"])
def test_a_movie_that_stays_where_it_is_goes_back_as_the_command_line_would_send_it(
    qtbot: QtBot, window: MainWindow, worker: WorkerHere, movie: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    facts = Facts(frames=FrameRange(4, 15), cut=FrameRange(7, 13), rate=Fraction(24))
    made = send(movie, tmp_path / "exchange", "sh010", facts, Passage.REFERENCE)
    monkeypatch.setattr(jobs, "WorkerSession", SessionHere)
    out = str(tmp_path / "out.mov")
    same = ("--technique", "identity", "--size", "64x64")
    assert main(["edit", str(made.folder), "-o", out, *same]) == 0
    assert main(["shot", "return", str(made.folder), out]) == 0

    window.studio.open(str(made.folder))
    qtbot.waitUntil(lambda: window.panels.package.isVisible(), timeout=WAIT)
    click(window, "openPackageButton")
    qtbot.waitUntil(lambda: shown(window) == str(made.folder), timeout=WAIT)
    window.studio.recipe.set(technique="identity", size=(64, 64))
    window.studio.propagate()
    qtbot.waitUntil(lambda: window.studio.packages.ready is not None, timeout=WAIT)
    click(window, "sendBackButton")
    qtbot.waitUntil(lambda: len(list_versions(made)) == 2, timeout=WAIT)

    by_command, by_window = list_versions(made)
    assert by_window.frames == by_command.frames == FrameRange(0, 11)
    assert Path(by_window.media).read_bytes() == Path(by_command.media).read_bytes()
    with open_clip(by_window.media) as back, open_clip(movie) as source:
        assert back.movie.codec == "prores"
        assert back.read_plate(0).stored.bits == 10
        assert (back.info.rate, back.info.timecode) == (24, "10:00:00:04")
        assert np.array_equal(back.read_plate(3).colour, source.read_plate(7).colour)


def test_media_elsewhere_is_shown_and_opened_after_a_yes_alone(
    qtbot: QtBot, window: MainWindow, package: MakePackage, clip: str
) -> None:
    made = package(Passage.REFERENCE)
    window.studio.open(str(made.folder))
    qtbot.waitUntil(lambda: window.panels.package.isVisible(), timeout=WAIT)
    assert clip in window.panels.package.text.text()
    assert window.studio.session.clip is None
    click(window, "declinePackageButton")
    assert not window.panels.package.isVisible()
    window.studio.open(str(made.folder / "shot.json"))
    qtbot.waitUntil(lambda: window.panels.package.isVisible(), timeout=WAIT)
    click(window, "openPackageButton")
    qtbot.waitUntil(lambda: shown(window) == str(made.folder), timeout=WAIT)
    # The footage is longer than what was sent: the shot is what was sent.
    assert window.studio.session.span == FrameRange(1001, 1020)
    assert window.studio.session.in_out == FACTS.frames
    assert window.studio.session.playhead == FACTS.frames.first
    assert window.studio.session.clip.timecode == "01:00:00:00"
    finished_take(qtbot, window)
    click(window, "sendBackButton")
    qtbot.waitUntil(lambda: len(list_versions(made)) == 1, timeout=WAIT)
    assert list_versions(made)[0].frames == FACTS.frames


def test_a_colour_space_that_is_missing_here_is_asked_for(
    qtbot: QtBot, window: MainWindow, package: MakePackage
) -> None:
    made = package(colour=Colour(file="Show LogX"))
    window.studio.open(str(made.folder))
    panel = window.panels.package
    qtbot.waitUntil(lambda: panel.isVisible(), timeout=WAIT)
    assert "“Show LogX”" in panel.text.text()
    assert not panel.buttons["openPackageButton"].isEnabled()
    panel.colour.setCurrentIndex(panel.colour.findData("ACEScg"))
    click(window, "openPackageButton")
    qtbot.waitUntil(lambda: shown(window) == str(made.folder), timeout=WAIT)
    assert window.studio.session.clip.space.name == "ACEScg"
    window.studio.recipe.set(prompt="a fox")
    assert window.studio.shots.settled["colour"] == "ACEScg"


def test_a_package_is_one_shot_however_often_it_is_opened(
    qtbot: QtBot, window: MainWindow, package: MakePackage, clip: str, tmp_path: Path
) -> None:
    first, second = package(), package(shot="sh020")
    opened(qtbot, window, first)
    opened(qtbot, window, second)
    opened(qtbot, window, first)
    assert [window.tabs.tabText(place) for place in range(window.tabs.count())] == [
        "sh010", "sh020",
    ]  # fmt: skip
    file = tmp_path / "film.tfproj"
    window.studio.project.save_as(str(file))
    qtbot.waitUntil(lambda: window.studio.project.path == file, timeout=WAIT)
    kept = read_project(file).project.shots
    assert [shot.origin for shot in kept] == [shot.origin for shot in window.studio.shots.all]
    window.studio.open(clip)
    qtbot.waitUntil(lambda: window.studio.session.clip.spec == clip, timeout=WAIT)
    assert not window.origin.isVisible()
    assert window.studio.shots.settled == {}
    window.studio.project.save()  # a window with unsaved changes asks before it closes
    qtbot.waitUntil(lambda: not window.studio.project.modified, timeout=WAIT)


@pytest.mark.skipif(os.name != "posix", reason="pipes have names on POSIX")
def test_a_pipe_under_the_name_of_media_is_not_read(
    qtbot: QtBot, window: MainWindow, package: MakePackage, clip: str
) -> None:
    made = package(Passage.REFERENCE)
    frame = Path(clip.replace("####", "1004"))
    frame.unlink()
    os.mkfifo(frame)
    window.studio.open(str(made.folder))
    qtbot.waitUntil(lambda: window.panels.package.isVisible(), timeout=WAIT)
    click(window, "openPackageButton")
    qtbot.waitUntil(lambda: window.notice.isVisible(), timeout=WAIT)
    assert "no regular file" in window.studio.notices.notice.text
    assert window.studio.session.clip is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('"folder": "versions"', "neither in the package"),
        ('"media": "plate', "leads out of the package"),
        ('"schema": 1', "has version 9"),
    ],
)
def test_what_must_not_be_opened_is_refused_in_one_sentence(
    qtbot: QtBot, window: MainWindow, package: MakePackage, change: str, said: str
) -> None:
    made = package()
    others = {
        '"folder": "versions"': '"folder": "/etc"',
        '"media": "plate': '"media": "../../plate',
        '"schema": 1': '"schema": 9',
    }
    manifest = made.folder / "shot.json"
    text = manifest.read_text("utf-8")
    assert change in text
    manifest.write_text(text.replace(change, others[change]), "utf-8")
    window.studio.open(str(made.folder))
    qtbot.waitUntil(lambda: window.notice.isVisible(), timeout=WAIT)
    assert said in window.studio.notices.notice.text
    assert window.studio.session.clip is None


def test_a_folder_without_a_manifest_is_a_clip(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_frames(tmp_path / "take.v2", range(1, 4))
    window.studio.open(str(tmp_path / "take.v2"))
    qtbot.waitUntil(lambda: window.studio.session.clip is not None, timeout=WAIT)
    assert not window.origin.isVisible()


def test_two_shots_of_one_plate_have_takes_of_their_own(
    qtbot: QtBot, window: MainWindow, worker: ScriptedWorker, package: MakePackage
) -> None:
    first = package(Passage.REFERENCE, frames=FrameRange(1001, 1010), cut=None)
    second = package(Passage.REFERENCE, "sh020", frames=FrameRange(1008, 1020), cut=None)
    for made in (first, second):
        window.studio.open(str(made.folder))
        qtbot.waitUntil(lambda: window.panels.package.isVisible(), timeout=WAIT)
        click(window, "openPackageButton")
        qtbot.waitUntil(lambda made=made: shown(window) == str(made.folder), timeout=WAIT)
        assert window.studio.takes.all == ()
        finished_take(qtbot, window)
    assert [take.request.frames for take in window.studio.takes.all] == [FrameRange(1008, 1020)]
    worker.hold = True
    window.studio.recipe.set(prompt="an owl")
    window.studio.propagate()
    qtbot.waitUntil(lambda: len(window.studio.takes.all) == 2, timeout=WAIT)
    window.tabs.setCurrentIndex(0)
    qtbot.waitUntil(lambda: shown(window) == str(first.folder), timeout=WAIT)
    assert not any(take.request.prompt == "an owl" for take in window.studio.takes.all)
    worker.go.set()
    qtbot.waitUntil(lambda: window.studio.job.order is None, timeout=WAIT)
    assert not any(take.request.prompt == "an owl" for take in window.studio.takes.all)


def test_a_package_moves_along_with_its_project(
    qtbot: QtBot, window: MainWindow, clip: str, tmp_path: Path
) -> None:
    made = send(clip, tmp_path / "show" / "exchange", "sh010", FACTS)
    opened(qtbot, window, made)
    project = window.studio.project
    project.save_as(str(tmp_path / "show" / "film.tfproj"))
    qtbot.waitUntil(lambda: project.path is not None and not project.modified, timeout=WAIT)
    project.new()
    qtbot.waitUntil(lambda: not list((tmp_path / "show").glob(".*.lock")), timeout=WAIT)
    (tmp_path / "show").rename(tmp_path / "moved")
    there = tmp_path / "moved" / "exchange" / "sh010"
    window.studio.open(str(tmp_path / "moved" / "film.tfproj"))
    qtbot.waitUntil(lambda: shown(window) == str(there), timeout=WAIT)
    qtbot.waitUntil(lambda: window.studio.session.clip is not None, timeout=WAIT)
    finished_take(qtbot, window)
    click(window, "sendBackButton")
    qtbot.waitUntil(lambda: len(list_versions(open_package(there))) == 1, timeout=WAIT)
    project.save()
    qtbot.waitUntil(lambda: not project.modified, timeout=WAIT)


def test_a_take_of_a_part_is_not_sent_back(
    qtbot: QtBot, window: MainWindow, package: MakePackage
) -> None:
    made = package()
    opened(qtbot, window, made)
    window.studio.session.set_range(FrameRange(1005, 1012))
    finished_take(qtbot, window)
    click(window, "sendBackButton")
    qtbot.waitUntil(lambda: window.notice.isVisible(), timeout=WAIT)
    assert "1005-1012 and 1003-1014 were sent" in window.studio.notices.notice.text
    assert not (made.folder / "versions").exists()
