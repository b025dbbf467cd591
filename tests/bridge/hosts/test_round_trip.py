"""From the host to the studio and back: numbers, time, windows and pixels equal at every hop.

Everything is real but the host: its scripts, the package, the command line, the stages of a job.
Files are compared by the OpenEXR binding, never by our own reader.
"""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import OpenEXR
import pytest

from bridge.exchange.manifest import Geometry
from bridge.exchange.packages import Package, list_versions, open_package
from bridge.host_folders import host_folders
from bridge.host_install import Studio, install
from tests.bridge.hosts.lua_resolve import LuaResolve
from tests.bridge.hosts.nuke_double import Nuke
from tests.bridge.hosts.resolve_double import World
from tests.bridge.hosts.resolve_items import MediaPoolItem, TimelineItem
from tests.bridge.worker_here import SessionHere
from tests.jobs.plates import attributes, changed, check_same, write_plates
from tokenflow_studio.cli import jobs, main

IDENTITY = ("--technique", "identity", "--size", "64x64")


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate on disk, and what every hop must say of it.

    first: file number of the first frame; rate: as hosts write it and as we do; edited: channels
    that an edit changes.
    """

    folder: Path
    stem: str
    first: int
    last: int
    padding: int
    said_rate: str
    rate: str
    timecode: str
    geometry: Geometry
    edited: frozenset[str] = frozenset("RGB")

    def file(self, frame: int) -> Path:
        return self.folder / f"{self.stem}.{frame:0{self.padding}d}.exr"


def synthetic(folder: Path) -> Plate:
    """Overscan, pixel aspect 2, timecode, values to 16, below 0 and not finite, float depth."""
    write_plates(folder, range(1001, 1007))
    geometry = Geometry(display=(0, 0, 72, 40), data=(-4, -5, 80, 50), pixel_aspect=2.0)
    return Plate(folder, "plate", 1001, 1006, 4, "23.976", "24000/1001", "01:00:00:17", geometry)


def beachball(folder: Path, shared: Path) -> Plate:
    """Twenty channels in two eyes, a data window that moves; neither rate nor timecode."""
    for frame in range(1, 6):
        name = f"beachball.{frame:04d}.exr"
        shutil.copyfile(shared / "clips" / "exr" / name, folder / name)
    windows = [_data_window(folder / f"beachball.{frame:04d}.exr") for frame in range(1, 6)]
    x, y = min(w[0] for w in windows), min(w[1] for w in windows)
    size = max(w[2] for w in windows) - x + 1, max(w[3] for w in windows) - y + 1
    geometry = Geometry(display=(0, 0, 2048, 1556), data=(x, y, *size))
    return Plate(folder, "beachball", 1, 5, 4, "24", "24", "", geometry)


def _data_window(path: Path) -> tuple[int, int, int, int]:
    """Left, upper, right and lower edge, all inside."""
    with OpenEXR.File(str(path), header_only=True) as file:
        (left, upper), (right, lower) = file.header()["dataWindow"]
    return int(left), int(upper), int(right), int(lower)


@pytest.fixture(autouse=True)
def _worker_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "WorkerSession", SessionHere)


class Resolve:
    """A Resolve with the plate on its timeline: three frames of it, from the third on."""

    name = "resolve"

    def __init__(self, plate: Plate, tmp_path: Path) -> None:
        folders = host_folders("resolve", "linux", {"HOME": str(tmp_path / "home")})
        studio = Studio((sys.executable, "-m", "tokenflow_studio"), tmp_path / "exchange")
        self._scripts, self._lua = install(folders, studio), LuaResolve()
        self._world = World(rate=plate.said_rate)
        place = f"[{plate.first:0{plate.padding}d}-{plate.last:0{plate.padding}d}]"
        path = str(plate.folder / f"{plate.stem}.{place}.exr")
        media = MediaPoolItem(path, plate.last - plate.first + 1, plate.said_rate)
        self._item = TimelineItem(media, 86500, 3, 2)
        timeline = self._world.timelines[0]
        timeline._place(self._item, 1)
        timeline._selected = [self._item]

    def send(self) -> Package:
        said = self._lua.run(self._scripts / "Send to TokenFlow.lua", self._world.resolve)
        assert said.startswith("Sent to"), said
        return open_package(Path(self._lua.opened[-1]))

    def bring_back(self, package: Package) -> str:
        """The pattern that the host shows; where it lies is checked."""
        self._lua.run(self._scripts / "Bring back from TokenFlow.lua", self._world.resolve)
        ((placed,),) = self._world.timelines[0]._tracks[1:]
        media = placed._media
        assert media is not None
        head = package.manifest.handles[0]
        assert (placed._start, placed._duration, placed._offset) == (86500, 3, head)
        assert package.manifest.source.host_first == 86500 - head
        if package.manifest.timecode:
            assert media._properties["Start TC"] == package.manifest.timecode
        path = media._properties["File Path"]
        assert path.endswith(f".[{package.manifest.source.frames}].exr")
        return path.rpartition(".[")[0] + ".####.exr"


class NukeScript:
    """A Nuke with a Read of the plate; the script begins with the plate's third frame."""

    name = "nuke"

    def __init__(self, plate: Plate, host: Any) -> None:
        self._host, self._plate = host, plate
        nuke: Nuke = host.nuke
        node = nuke._make("Read", "Read1")
        path = f"{plate.folder.as_posix()}/{plate.stem}.%0{plate.padding}d.exr"
        values = {"file": path, "first": plate.first, "last": plate.last}
        for knob, value in values.items():
            node._knobs[knob]._value = value
        node._metadata["input/timecode"] = plate.timecode
        root = nuke._root._knobs
        root["fps"]._value = float(plate.said_rate)
        root["first_frame"]._value, root["last_frame"]._value = plate.first + 2, plate.first + 4
        nuke._selected = [node]

    def send(self) -> Package:
        self._host.actions.send_selected()
        assert self._host.nuke._messages == []
        return open_package(Path(self._host.opened[-1]))

    def bring_back(self, package: Package) -> str:
        """The pattern that the host shows; its range is checked."""
        self._host.actions.bring_back_selected()
        assert self._host.nuke._messages == []
        _, back = self._host.nuke._nodes
        frames = package.manifest.source.frames
        assert (back._knobs["first"]._value, back._knobs["last"]._value) == (
            frames.first, frames.last,
        )  # fmt: skip
        return back._knobs["file"].getEvaluatedValue().replace("%04d", "####")


def there_and_back(
    host: Any, plate: Plate, options: tuple[str, ...], out: Path, capsys: Any
) -> tuple[Package, str]:
    """Send, edit by the command line, return, bring back; gives what the host shows in the end."""
    package = host.send()
    manifest = package.manifest
    assert (manifest.host.name, str(manifest.rate)) == (host.name, plate.rate)
    assert (manifest.timecode, manifest.geometry) == (plate.timecode, plate.geometry)
    frames = manifest.source.frames
    assert manifest.cut.first == plate.first + 2
    assert len(manifest.cut) == 3
    assert (frames.first, frames.last) == (plate.first, plate.last)
    pattern = str(out / "edit.####.exr")
    capsys.readouterr()
    assert main(["edit", str(package.folder), "-o", pattern, "--json", *options]) == 0
    take = Path(json.loads(capsys.readouterr().out.splitlines()[-1])["folder"])
    assert main(["shot", "return", str(package.folder), pattern]) == 0
    shown = host.bring_back(package)
    (version,) = list_versions(package)
    assert (shown, version.frames) == (version.media, frames)
    for frame in frames:
        wanted = Path(pattern.replace("####", f"{frame:04d}")).read_bytes()
        assert (take / "plates" / f"{frame:04d}.exr").read_bytes() == wanted
        assert Path(shown.replace("####", f"{frame:04d}")).read_bytes() == wanted
    return package, shown


def check_identity(plate: Plate, package: Package, shown: str) -> None:
    for frame in package.manifest.source.frames:
        check_same(plate.file(frame), Path(shown.replace("####", f"{frame:04d}")))


def check_edit(plate: Plate, package: Package, shown: str) -> None:
    """Every attribute as on the plate, timecode and windows too, and all but the edited colour."""
    for frame in package.manifest.source.frames:
        back = Path(shown.replace("####", f"{frame:04d}"))
        assert attributes(back) == attributes(plate.file(frame))
        assert changed(plate.file(frame), back) == plate.edited


def small_edit(model: Path) -> tuple[str, ...]:
    line = "-p ball --keyframe-interval 4 --steps 2 --inversion-steps 4 --size 64x64 --device cpu"
    return (*line.split(), "--model", str(model))


def test_resolve_gets_an_untouched_plate_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plate = synthetic(tmp_path)
    host = Resolve(plate, tmp_path)
    check_identity(plate, *there_and_back(host, plate, IDENTITY, tmp_path / "out", capsys))


def test_nuke_gets_an_untouched_plate_back(
    nuke_host: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plate = synthetic(tmp_path)
    host = NukeScript(plate, nuke_host)
    check_identity(plate, *there_and_back(host, plate, IDENTITY, tmp_path / "out", capsys))


def test_resolve_gets_an_edit_back(
    tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plate = synthetic(tmp_path)
    edit, out = small_edit(tiny_model), tmp_path / "out"
    check_edit(plate, *there_and_back(Resolve(plate, tmp_path), plate, edit, out, capsys))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_resolve_gets_the_beachball_back(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plate = beachball(tmp_path, shared)
    host = Resolve(plate, tmp_path)
    check_identity(plate, *there_and_back(host, plate, IDENTITY, tmp_path / "out", capsys))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nuke_gets_an_edit_of_the_beachball_back(
    nuke_host: Any,
    shared: Path,
    tiny_model: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plate = beachball(tmp_path, shared)
    host, edit = NukeScript(plate, nuke_host), small_edit(tiny_model)
    check_edit(plate, *there_and_back(host, plate, edit, tmp_path / "out", capsys))
