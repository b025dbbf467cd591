"""The scripts inside Resolve, against a double that behaves, and the real studio."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bridge.exchange.manifest import Mode
from bridge.exchange.packages import open_package
from bridge.exchange.returning import return_clip
from bridge.host_folders import host_folders
from bridge.host_install import Studio, install
from tests.bridge.hosts.documented import UndocumentedCall
from tests.bridge.hosts.here import run_here
from tests.bridge.hosts.lua_resolve import LuaResolve
from tests.bridge.hosts.resolve_double import World
from tests.bridge.hosts.resolve_items import MediaPoolItem, TimelineItem
from tests.media.footage import write_footage
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.stills import write_exr

SENT = r"was not sent to TokenFlow Studio yet"


@pytest.fixture(params=["Lua", "Python"])
def host(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """The installed scripts: `run(script, world)` gives what the console says; `opened`."""
    folders = host_folders("resolve", "linux", {"HOME": str(tmp_path / "Jörg's %d $HOME")})
    studio = Studio((sys.executable, "-m", "tokenflow_studio"), tmp_path / "exchange [x]")
    scripts = install(folders, studio)
    if request.param == "Lua":
        lua = LuaResolve()

        def run_lua(name: str, world: World, capsys: pytest.CaptureFixture[str]) -> str:
            return lua.run(scripts / f"{name}.lua", world.resolve)

        yield SimpleNamespace(run=run_lua, opened=lua.opened, lua=True)
        assert not list((folders.library / "asked").iterdir())
        return

    def run(name: str, world: World, capsys: pytest.CaptureFixture[str]) -> str:
        path = scripts / "Studio edition (Python)" / f"{name}.py"
        capsys.readouterr()
        exec(compile(path.read_text(), path, "exec"), {"resolve": world.resolve})
        return capsys.readouterr().out.removeprefix("TokenFlow: ").strip()

    opened: list[str] = []
    monkeypatch.syspath_prepend(str(folders.library))
    from tokenflow_resolve import studio as called  # pyright: ignore[reportMissingImports]

    monkeypatch.setattr(called, "open_window", opened.append)
    monkeypatch.setattr(called.subprocess, "run", run_here)
    yield SimpleNamespace(run=run, opened=opened, lua=False)
    sys.path[:] = [entry for entry in sys.path if entry != str(folders.library)]
    for module in [name for name in sys.modules if name.startswith("tokenflow_resolve")]:
        del sys.modules[module]


Say = Callable[[str, World], str]


@pytest.fixture
def say(host: Any, capsys: pytest.CaptureFixture[str]) -> Say:
    return lambda name, world: host.run(name, world, capsys)


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 frames numbered from 1001, which nothing here ever writes to."""
    folder = tmp_path_factory.mktemp("shows")
    for number in range(1001, 1041):
        write_exr(folder / f"plate.{number}.exr", np.full((4, 6, 3), number / 2000, np.float32))
    return folder


@pytest.fixture
def plate(frames: Path) -> MediaPoolItem:
    path = str(frames / "plate.[1001-1040].exr")
    return MediaPoolItem(path, 40, **{"Input Color Space": "ACEScct", "Reel Name": "A001"})


def cut_in(world: World, media: MediaPoolItem, speed: float = 1.0) -> TimelineItem:
    """Ten frames of the media, from its twentieth, an hour and 100 frames in; selected."""
    item = TimelineItem(media, 86500, 10, 20, speed)
    item._grade, item._properties["ZoomX"] = "warm", 1.5
    timeline = world.timelines[0]
    timeline._place(item, 1)
    timeline._selected = [item]
    return item


def sent(host: Any, say: Say, world: World) -> Any:
    assert say("Send to TokenFlow", world).startswith("Sent to")
    return open_package(Path(host.opened[-1]))


def test_the_path_of_a_readable_file_goes_over(host: Any, say: Say, plate: MediaPoolItem) -> None:
    world = World()
    item = cut_in(world, plate)
    package = sent(host, say, world)
    manifest = package.manifest
    assert (manifest.shot, manifest.host.item, manifest.mode) == ("sh010", item._id, Mode.SOURCE)
    assert (str(manifest.source.frames), str(manifest.cut)) == ("1013-1038", "1021-1030")
    assert manifest.source.host_first == 86492
    assert (manifest.reel, manifest.colour.file) == ("A001", "ACEScct")
    assert package.clip.endswith("/plate.####.exr")
    assert [marker["customData"] for marker in item._markers.values()] == [str(package.folder)]
    assert world.rendered == []


@pytest.mark.parametrize("end_included", [False, True])
def test_a_version_lands_above_its_clip(
    end_included: bool, host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World(end_included=end_included)
    item = cut_in(world, plate)
    title = TimelineItem(None, 86500, 10, 0)
    timeline = world.timelines[0]
    timeline.AddTrack("video")
    timeline._place(title, 2)
    package = sent(host, say, world)
    return_clip(package, package.clip)
    assert say("Bring back from TokenFlow", world) == (
        "The version lies on track 2, above its clip."
    )
    assert [[entry._name for entry in track] for track in timeline._tracks] == [["sh010"]] * 3
    (placed,) = timeline._tracks[1]
    assert title._track == 3  # titles stay on top
    assert (placed._start, placed._duration, placed._offset) == (86500, 10, 8)
    assert (placed._grade, placed._properties["ZoomX"]) == ("warm", 1.5)
    media = placed._media
    assert media is not None
    assert media._properties["Input Color Space"] == "ACEScct"
    assert world.resolve._page == "color"
    assert [folder._name for folder in world.project._pool._root._folders] == ["TokenFlow"]
    assert world.project._pool._current._name == "Master"
    assert item._track == 1


def test_a_later_version_takes_the_place_of_the_earlier(
    host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World()
    cut_in(world, plate)
    package = sent(host, say, world)
    return_clip(package, package.clip)
    say("Bring back from TokenFlow", world)
    timeline = world.timelines[0]
    (earlier,) = timeline._tracks[1]
    earlier._start, earlier._duration, earlier._offset = 86502, 6, 10  # trimmed by the editor
    earlier._grade = "cold"
    return_clip(package, package.clip)
    assert "took the earlier one's place on track 2" in say("Bring back from TokenFlow", world)
    assert len(timeline._tracks) == 2
    (later,) = timeline._tracks[1]
    assert later is not earlier
    assert (later._start, later._duration, later._offset, later._grade) == (86502, 6, 10, "cold")
    media = later._media
    assert media is not None
    assert "_v002" in media._properties["File Path"]


def test_a_clip_slipped_within_its_handles_is_placed_by_source_frame(
    host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World()
    item = cut_in(world, plate)
    package = sent(host, say, world)
    return_clip(package, package.clip)
    item._offset, item._start = 25, 86700
    say("Bring back from TokenFlow", world)
    (placed,) = world.timelines[0]._tracks[1]
    assert (placed._start, placed._offset) == (86700, 13)


@pytest.mark.parametrize(("change", "said", "begins"), [
    ({"_offset": 5}, "re-cut beyond its handles", 0),
    ({"_duration": 20}, "re-cut beyond its handles", 8),
    ({"_speed": 2.0}, "is retimed", 8),
])  # fmt: skip
def test_what_cannot_be_placed_goes_into_the_bin_with_a_marker(
    change: dict[str, Any], said: str, begins: int, host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World()
    item = cut_in(world, plate)
    package = sent(host, say, world)
    return_clip(package, package.clip)
    for name, value in change.items():
        setattr(item, name, value)
    assert said in say("Bring back from TokenFlow", world)
    assert len(world.timelines[0]._tracks) == 1
    (clip,) = world.project._pool._root._folders[0]._clips
    ((frame, marker),) = clip._markers.items()
    assert (frame, marker["name"], marker["customData"]) == (
        begins, "sh010 begins here", item._id,
    )  # fmt: skip
    assert said in marker["note"]


def test_a_movie_comes_back_as_a_movie_at_the_same_frames(
    host: Any, say: Say, tmp_path: Path
) -> None:
    movie = str(write_footage(tmp_path / "a.mov", 40, form="mov"))
    world = World()
    item = cut_in(world, MediaPoolItem(movie, 40))
    package = sent(host, say, world)
    assert (package.clip, str(package.manifest.source.frames)) == (movie, "12-37")
    back = write_footage(tmp_path / "back.mov", 26, form="mov")  # what was sent, handles included
    assert return_clip(package, str(back)).media.endswith("_v001.mov")
    assert "lies on track 2" in say("Bring back from TokenFlow", world)
    (placed,) = world.timelines[0]._tracks[1]
    assert (placed._start, placed._duration, placed._offset) == (item._start, 10, 8)


def ramped(world: World, plate: MediaPoolItem, track: int = 1) -> TimelineItem:
    """The same ten frames in the same time, some of them fast and some slow."""
    item = cut_in(world, plate)
    item._ramp = True
    if track > 1:
        world.timelines[0].AddTrack("video", {"index": 1})
    return item


@pytest.mark.parametrize("rate", ["24", "29.97", "29.97 DF"])
def test_a_ramp_that_lasts_as_long_as_its_frames_is_noticed_by_an_edl(
    rate: str, host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World(rate=rate)
    plate._properties["FPS"] = rate.split()[0]
    item = ramped(world, plate)
    package = sent(host, say, world)
    assert str(package.manifest.cut) == "1021-1030"  # untouched source frames
    return_clip(package, package.clip)
    assert "is retimed" in say("Bring back from TokenFlow", world)
    assert world.timelines[0]._tracks == [[item]]


def test_a_ramp_is_not_noticed_in_the_free_edition_and_above_the_first_track(
    host: Any, say: Say, plate: MediaPoolItem
) -> None:
    free = [("DaVinci Resolve", 1)] if host.lua else []
    for product, track in (*free, ("DaVinci Resolve Studio", 2)):
        world = World()
        world.product = product
        ramped(world, plate, track)
        package = sent(host, say, world)
        return_clip(package, package.clip)
        assert "lies on track" in say("Bring back from TokenFlow", world)


@pytest.mark.parametrize("speed", [2.0, 0.5, -1.0])
def test_a_retimed_clip_goes_as_untouched_source_frames(
    speed: float, host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World()
    cut_in(world, plate, speed)
    manifest = sent(host, say, world).manifest
    length = round(10 * abs(speed))
    assert str(manifest.cut) == f"1021-{1020 + length}"


def test_a_conformed_clip_goes_with_all_its_frames(
    host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World()
    cut_in(world, plate)._conformed = True
    assert str(sent(host, say, world).manifest.source.frames) == "1001-1040"


def test_a_cameras_own_format_is_rendered_and_everything_put_back(
    host: Any, say: Say, tmp_path: Path
) -> None:
    raw = tmp_path / "A001.braw"
    raw.write_bytes(bytes(range(256)) * 8)
    world = World()
    item = cut_in(world, MediaPoolItem(str(raw), 40))
    package = sent(host, say, world)
    with open_clip(package.clip) as clip:
        assert clip.info.frames == range(12, 38)
    assert str(package.manifest.cut) == "20-29"
    (rendered,) = world.rendered
    assert rendered[0] is not world.timelines[0]  # a timeline of its own: no grade is baked in
    assert rendered[1]["AddFrameHandles"] == 0
    project = world.project
    assert world.timelines == [project._timeline]
    assert (project._form["format"], project._settings["CustomName"]) == ("mp4", "old")
    assert (project._presets, project._jobs, world.resolve._page) == ({}, {}, "color")
    assert item._markers


def test_as_seen_is_baked_and_comes_back_as_a_finished_clip(
    host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World()
    cut_in(world, plate, speed=2.0)
    timeline = world.timelines[0]
    timeline.AddTrack("video")
    assert say("Send as seen to TokenFlow", world).startswith("Sent to")
    package = open_package(Path(host.opened[0]))
    assert (package.manifest.mode, len(package.manifest.source.frames)) == (Mode.AS_SEEN, 10)
    assert world.rendered[0][2] == [True, False]  # what lies above is not baked in
    assert timeline._enabled == [True, True]
    return_clip(package, package.clip)
    say("Bring back from TokenFlow", world)
    (placed,) = timeline._tracks[1]
    assert (placed._start, placed._duration, placed._grade) == (86500, 10, "none")


def test_what_resolve_does_not_take_is_named(host: Any, say: Say, plate: MediaPoolItem) -> None:
    world = World()
    world.fixed = ("Input Color Space",)
    cut_in(world, plate)
    package = sent(host, say, world)
    return_clip(package, package.clip)
    assert say("Bring back from TokenFlow", world).endswith(
        "It did not take over Input Color Space."
    )


def test_what_does_not_work_is_said(host: Any, say: Say, plate: MediaPoolItem) -> None:
    world = World()
    assert "Select a video clip" in say("Send to TokenFlow", world)
    item = cut_in(world, plate)
    assert SENT in say("Bring back from TokenFlow", world)
    item._media = None
    assert "titles and generators" in say("Send to TokenFlow", world)
    item._media = plate
    sent(host, say, world)
    assert "no finished version" in say("Bring back from TokenFlow", world)


def test_a_failed_render_leaves_nothing_behind(host: Any, say: Say, tmp_path: Path) -> None:
    raw = tmp_path / "A001.braw"
    raw.write_bytes(bytes(range(256)) * 8)
    world = World()
    item = cut_in(world, MediaPoolItem(str(raw), 40))
    world.render_ends = "Failed"
    assert "ended as 'Failed'" in say("Send to TokenFlow", world)
    assert (item._markers, host.opened, len(world.timelines)) == ({}, [], 1)
    assert world.project._settings["CustomName"] == "old"


@pytest.mark.parametrize("host", ["Python"], indirect=True)
def test_python_scripts_leave_the_free_edition_alone(
    host: Any, say: Say, plate: MediaPoolItem
) -> None:
    world = World()
    world.product = "DaVinci Resolve"
    cut_in(world, plate)
    assert "use the Lua scripts" in say("Send to TokenFlow", world)


@pytest.mark.parametrize("host", ["Lua"], indirect=True)
def test_lua_scripts_work_in_the_free_edition(host: Any, say: Say, plate: MediaPoolItem) -> None:
    world = World()
    world.product = "DaVinci Resolve"
    cut_in(world, plate)
    package = sent(host, say, world)
    return_clip(package, package.clip)
    assert "lies on track 2" in say("Bring back from TokenFlow", world)
    assert say("Send as seen to TokenFlow", world).startswith("Sent to")
    world.timelines[0]._settings["timelineResolutionWidth"] = "4096"
    assert "renders at most 3840x2160, not 4096x1080" in say("Send as seen to TokenFlow", world)


def test_the_double_refuses_what_is_not_documented() -> None:
    resolve = World().resolve
    for wrong in (lambda: resolve.Invented(), lambda: resolve.OpenPage("edit", 1)):
        with pytest.raises(UndocumentedCall):
            wrong()
