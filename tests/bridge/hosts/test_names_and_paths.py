"""Names and folders as people give them go the whole way: nothing is executed or overwritten."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bridge.exchange.facts import Facts
from bridge.exchange.packages import list_versions, open_package
from bridge.exchange.returning import return_clip
from bridge.exchange.sending import Passage, send
from bridge.host_folders import host_folders
from bridge.host_install import Studio, install
from tests.bridge.hosts.lua_resolve import LuaResolve
from tests.bridge.hosts.resolve_double import World
from tests.bridge.hosts.resolve_items import MediaPoolItem, TimelineItem
from tokenflow_studio.cli import main
from tokenflow_studio.media.stills import write_exr

NASTY = (
    "sh 010  wide",
    "Größe 雪 ñ",
    "[python {exit 1}] {y} [exec id]",
    "100%d %04d %PATH%",
    "a #### b #",
    'it\'s "quoted" `id` $(id) $HOME',
    "--rf -o",
    "semi;colon & pipe | > out",
    "x" * 200,
)


def frames(folder: Path) -> list[bytes]:
    """Two small frames, 1001 and 1002; gives their bytes."""
    paths = [folder / f"plate.{number}.exr" for number in (1001, 1002)]
    for path in paths:
        pixels = np.random.default_rng(7).random((4, 6, 3), np.float32)
        write_exr(path, pixels, rate=Fraction(24))
    return [path.read_bytes() for path in paths]


def frames_of(spec: str) -> list[bytes]:
    folder, name = Path(spec).parent, Path(spec).name
    return [(folder / name.replace("####", str(number))).read_bytes() for number in (1001, 1002)]


@pytest.mark.parametrize("name", NASTY)
def test_a_shot_goes_out_and_back_whatever_it_and_its_folders_are_called(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = frames(tmp_path / name)
    clip = str(tmp_path / name / "plate.####.exr")
    exchange = tmp_path / f"{name[:150]} exchange"
    assert main(["shot", "send", clip, "-o", str(exchange), f"--shot={name}", "--json"]) == 0
    package = Path(json.loads(capsys.readouterr().out.splitlines()[-1])["package"])
    assert package.parent == exchange
    assert json.loads((package / "shot.json").read_text("utf-8"))["shot"] == name
    for version in ("v001", "v002"):
        assert main(["shot", "return", str(package), clip, "--json"]) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["version"] == version
    assert main(["shot", "inspect", str(package), "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [frames_of(version["media"]) for version in found["versions"]] == [before] * 2
    assert frames_of(clip) == before
    entries = {path.name for path in tmp_path.iterdir()}
    assert entries == {name, exchange.name}


@pytest.mark.parametrize("name", NASTY)
def test_resolve_sends_a_clip_whatever_it_and_its_folder_are_called(
    name: str, tmp_path: Path
) -> None:
    frames(tmp_path / name)
    folders = host_folders("resolve", "linux", {"HOME": str(tmp_path / f"{name[:100]} home")})
    studio = Studio((sys.executable, "-m", "tokenflow_studio"), tmp_path / "exchange")
    scripts, lua, world = install(folders, studio), LuaResolve(), World()
    path = str(tmp_path / name / "plate.[1001-1002].exr")
    item = TimelineItem(MediaPoolItem(path, 2), 86400, 2, 0)
    item._name = name
    world.timelines[0]._place(item, 1)
    world.timelines[0]._selected = [item]
    said = lua.run(scripts / "Send to TokenFlow.lua", world.resolve)
    assert said.startswith("Sent to"), said
    package = open_package(Path(lua.opened[0]))
    assert package.manifest.shot == name
    assert frames_of(package.clip) == frames_of(str(tmp_path / name / "plate.####.exr"))


def test_a_name_that_leaves_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frames(tmp_path)
    clip, exchange = str(tmp_path / "plate.####.exr"), tmp_path / "exchange"
    assert main(["shot", "send", clip, "-o", str(exchange), "--shot=../.."]) == 2
    assert "no letter" in capsys.readouterr().err
    assert not exchange.exists()


def test_links_are_followed_where_they_may_lead(tmp_path: Path) -> None:
    before = frames(tmp_path / "real")
    (tmp_path / "plates").symlink_to(tmp_path / "real")
    (tmp_path / "store").mkdir()
    (tmp_path / "exchange").symlink_to(tmp_path / "store")
    clip = str(tmp_path / "plates" / "plate.####.exr")
    package = send(clip, tmp_path / "exchange", "sh010", Facts())
    assert return_clip(package, clip).name == "v001"
    assert (tmp_path / "store/sh010/versions/sh010_tf_v001").is_dir()
    assert frames_of(package.clip) == before
    assert not any(path.is_symlink() for path in package.folder.rglob("*"))


def test_a_share_with_two_leading_slashes_is_a_path_like_others(tmp_path: Path) -> None:
    frames(tmp_path)
    clip = f"/{tmp_path}/plate.####.exr"
    package = send(clip, Path(f"/{tmp_path}/exchange"), "sh010", Facts(), Passage.REFERENCE)
    assert frames_of(package.clip) == frames_of(clip)
    assert return_clip(package, clip).name == "v001"


def test_two_hosts_send_and_return_at_once(tmp_path: Path) -> None:
    before = frames(tmp_path)
    clip = str(tmp_path / "plate.####.exr")

    def trip(host: int) -> SimpleNamespace:
        package = send(clip, tmp_path / "exchange", "sh010", Facts())
        return SimpleNamespace(folder=package.folder, back=return_clip(package, clip))

    with ThreadPoolExecutor(4) as pool:
        trips = list(pool.map(trip, range(8)))
    assert len({trip.folder for trip in trips}) == 8
    for done in trips:
        (version,) = list_versions(open_package(done.folder))
        assert (version.name, frames_of(version.media)) == ("v001", before)
