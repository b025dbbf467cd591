"""The scripts inside Nuke, against a double of its documented interface and the real studio."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge.exchange.facts import Facts
from bridge.exchange.manifest import read_manifest
from bridge.exchange.packages import open_package
from bridge.exchange.returning import return_clip
from bridge.exchange.sending import send
from tests.bridge.hosts.nuke_double import Node, UndocumentedCall
from tests.media.footage import write_footage
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.stills import write_exr

FRAMES = range(1001, 1009)


@pytest.fixture
def host(nuke_host: Any) -> Any:
    return nuke_host


def read_of(host: Any, folder: Path, name: str = "Read1") -> Node:
    """A Read of eight real frames, selected."""
    for number in FRAMES:
        write_exr(folder / f"plate.{number}.exr", np.full((8, 12, 3), number / 2000, np.float32))
    node = host.nuke._make("Read", name)
    path = f"{folder.as_posix()}/plate.%04d.exr"
    for sign in "[]{}$":
        path = path.replace(sign, "\\" + sign)
    values = {
        "file": path, "first": 1001, "last": 1008, "frame_mode": "start at", "frame": "88",
        "premultiplied": True, "colorspace": "ACEScg", "on_error": "black", "before": "black",
    }  # fmt: skip
    for knob, value in values.items():
        node._knobs[knob]._value = value
    node._metadata["input/timecode"] = "01:00:00:00"
    host.nuke._selected = [node]
    return node


@pytest.mark.real_process
def test_a_selected_read_opens_in_the_studio(host: Any, tmp_path: Path) -> None:
    read_of(host, tmp_path / "shows")
    host.actions.send_selected()
    assert host.nuke._messages == []
    (package,) = host.opened
    _, manifest = read_manifest(Path(package))
    assert (manifest.shot, manifest.host.name, manifest.host.version) == ("Read1", "nuke", "15.1v2")
    assert (str(manifest.source.frames), manifest.source.host_first) == ("1001-1008", 88)
    assert str(manifest.cut) == "1003-1006"  # the script runs from 90 to 93
    assert (manifest.handles, str(manifest.rate)) == ((2, 2), "24000/1001")
    assert (manifest.colour.file, manifest.colour.working) == ("ACEScg", "ACEScg")
    assert (manifest.premultiplied, manifest.timecode) == (True, "01:00:00:00")
    assert open_package(Path(package)).clip == str(tmp_path / "shows" / "plate.####.exr")


def test_a_version_comes_back_beside_its_source_and_then_switches(
    host: Any, tmp_path: Path
) -> None:
    source = read_of(host, tmp_path / "shows")
    host.actions.send_selected()
    package = open_package(Path(host.opened[0]))
    host.actions.bring_back_selected()
    assert host.nuke._messages == ["There is no finished version of Read1 yet."]
    return_clip(package, package.clip)
    host.actions.bring_back_selected()
    _, back = host.nuke._nodes
    values = {name: knob._value for name, knob in back._knobs.items()}
    assert back._name == "TF_Read1"
    assert values["file"].endswith("/Read1_tf_v001/Read1_tf_v001.%04d.exr")
    same = ("colorspace", "premultiplied", "on_error", "before", "frame_mode", "frame")
    assert [values[n] for n in same] == [source._knobs[n]._value for n in same]
    assert [values[name] for name in ("first", "last", "origset")] == [1001, 1008, True]
    assert back._place == (210, 200)
    return_clip(package, package.clip)
    host.actions.bring_back_selected()
    assert len(host.nuke._nodes) == 2
    assert "Read1_tf_v002" in back._knobs["file"]._value
    assert host.nuke._messages == ["There is no finished version of Read1 yet."]


def test_a_movie_counts_from_one_in_nuke_and_its_versions_lie_where_it_lies(
    host: Any, tmp_path: Path
) -> None:
    movie = write_footage(tmp_path / "clip.mov", 12, form="mov")
    source = read_of(host, tmp_path / "shows")
    values = {"file": str(movie), "first": 1, "last": 12, "frame_mode": "expression", "frame": ""}
    for knob, value in values.items():
        source._knobs[knob]._value = value
    host.nuke._root._knobs["first_frame"]._value = 3
    host.nuke._root._knobs["last_frame"]._value = 10
    host.actions.send_selected()
    assert host.nuke._messages == []
    package = open_package(Path(host.opened[0]))
    manifest = package.manifest
    assert (str(manifest.source.frames), str(manifest.cut)) == ("0-11", "2-9")
    assert manifest.source.host_first == 1
    copied = send(str(movie), tmp_path / "out", "x", Facts(cut=manifest.cut)).clip
    for version, first in ((str(movie), 1), (copied, 999)):
        return_clip(package, version)
        host.actions.bring_back_selected()
        back = {name: knob._value for name, knob in host.nuke._nodes[1]._knobs.items()}
        assert (back["first"], back["last"]) == (first, first + 11)
        assert (back["frame_mode"], back["frame"]) == ("start at", "1")


def test_upstream_is_rendered_at_full_size_and_everything_put_back(
    host: Any, tmp_path: Path
) -> None:
    host.nuke._selected = [host.nuke._make("Read", "Grade1")]
    host.actions.render_and_send()
    assert host.nuke._messages == []
    with open_clip(open_package(Path(host.opened[0])).clip) as clip:
        assert (clip.info.width, clip.info.frames) == (12, range(90, 94))
    assert host.nuke._root._knobs["proxy"]._value is True
    assert [node._class for node in host.nuke._nodes] == ["Read"]
    assert not list((host.exchange / ".rendered").iterdir())


@pytest.mark.parametrize(
    "name", ["a b", "[python {1}]", "$env", "{x}", "100%d # 雪", "-rf", 'it\'s "x"', "x" * 200]
)
def test_names_are_never_evaluated(name: str, host: Any, tmp_path: Path) -> None:
    source = read_of(host, tmp_path / name.replace("#", ""), name)
    host.actions.send_selected()
    assert host.nuke._messages == []
    package = open_package(Path(host.opened[0]))
    return_clip(package, package.clip)
    host.actions.bring_back_selected()
    assert host.nuke._messages == []
    assert host.nuke._executed == []
    assert source._knobs["tokenflow_package"]._value == str(package.folder)


def test_an_exchange_folder_with_brackets_is_escaped(host: Any, tmp_path: Path) -> None:
    note = host.place / "tokenflow_nuke" / "studio.json"
    content = json.loads(note.read_text())
    content["exchange"] = str(tmp_path / "[python {evil}] $x")
    note.write_text(json.dumps(content))
    read_of(host, tmp_path / "shows")
    host.actions.send_selected()
    package = open_package(Path(host.opened[0]))
    return_clip(package, package.clip)
    host.actions.bring_back_selected()
    assert (host.nuke._messages, host.nuke._executed) == ([], [])
    back = host.nuke._nodes[1]
    assert back._knobs["file"].getEvaluatedValue().startswith(str(tmp_path / "[python {evil}] $x"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"file": ""}, "names no file"),
        ({"frame_mode": "expression", "frame": "frame-10"}, "give it a plain number"),
        ({"last": 1020}, "has frames 1001-1008, not 1001-1020"),
    ],
)
def test_what_cannot_be_sent_is_said(
    change: dict[str, Any], said: str, host: Any, tmp_path: Path
) -> None:
    node = read_of(host, tmp_path / "shows")
    for knob, value in change.items():
        node._knobs[knob]._value = value
    host.actions.send_selected()
    assert said in host.nuke._messages[0]
    assert host.opened == []


def test_a_colour_space_that_is_missing_is_named(host: Any, tmp_path: Path) -> None:
    source = read_of(host, tmp_path / "shows")
    host.actions.send_selected()
    package = open_package(Path(host.opened[0]))
    return_clip(package, package.clip)
    source._knobs["colorspace"]._value = "Utility - Raw"
    host.actions.bring_back_selected()
    assert host.nuke._messages == ["TF_Read1 did not take over colorspace."]


def test_nothing_selected(host: Any) -> None:
    for action in ("send_selected", "render_and_send", "bring_back_selected"):
        getattr(host.actions, action)()
    assert len(host.nuke._messages) == 3


def test_the_menu_names_every_action(host: Any) -> None:
    exec((host.place / "menu.py").read_text())
    assert len(host.nuke._menu._commands) == 3


def test_the_double_refuses_what_is_not_documented(host: Any) -> None:
    node = host.nuke._make("Read")
    for wrong in (
        lambda: node.inventedMethod(),
        lambda: node.knob("file", 1, 2),
        lambda: host.nuke.runIn("x"),
    ):
        with pytest.raises(UndocumentedCall):
            wrong()
