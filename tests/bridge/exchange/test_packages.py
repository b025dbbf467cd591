"""A shot goes out and comes back: every file is what it was, and half a package is none."""

import dataclasses
import json
import os
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from bridge.exchange.facts import Facts, read_facts
from bridge.exchange.manifest import Colour, Host, Mode
from bridge.exchange.packages import (
    is_package,
    list_versions,
    open_package,
    preflight,
    writers,
)
from bridge.exchange.returning import return_clip
from bridge.exchange.sending import Passage, send
from tokenflow_studio.core.errors import BadInput, StudioError
from tokenflow_studio.core.frames import FrameRange

FACTS = Facts(
    frames=FrameRange(1002, 1007),
    cut=FrameRange(1003, 1006),
    host_first=86,
    host=Host(name="nuke", version="15.1", item="Read1"),
    colour=Colour(file="ACEScg"),
    premultiplied=True,
    reel="A001",
)


def content(spec: str, numbers: range) -> list[bytes]:
    return [Path(spec.replace("####", str(number))).read_bytes() for number in numbers]


def test_what_is_sent_is_what_lies_there(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh [010] 雪", FACTS)
    assert package.folder.name == "sh_010_雪"
    assert content(package.clip, range(1002, 1008)) == content(plate, range(1002, 1008))
    manifest = package.manifest
    assert (manifest.shot, manifest.handles) == ("sh [010] 雪", (1, 1))
    assert (manifest.source.frames, manifest.source.host_first) == (FrameRange(1002, 1007), 86)
    assert (manifest.rate, manifest.timecode) == (Fraction(24000, 1001), "01:00:00:01")
    assert (manifest.colour.file, manifest.premultiplied, manifest.reel) == ("ACEScg", True, "A001")
    assert manifest.original == plate
    assert preflight(package).width == 16


def test_a_package_can_be_copied_anywhere(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS)
    shutil.move(package.folder, tmp_path / "elsewhere")
    moved = open_package(tmp_path / "elsewhere")
    assert preflight(moved).frames == range(1002, 1008)


def test_a_reference_leaves_the_files_where_they_are(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS, Passage.REFERENCE)
    assert package.clip == plate
    assert [path.name for path in package.folder.iterdir()] == ["shot.json"]
    assert preflight(package).frames == range(1001, 1009)


def test_frames_rendered_for_the_package_are_moved(plate: str, tmp_path: Path) -> None:
    before = content(plate, range(1001, 1009))
    package = send(plate, tmp_path / "exchange", "sh010", Facts(), Passage.MOVE)
    assert content(package.clip, range(1001, 1009)) == before
    assert not list(Path(plate).parent.iterdir())


def test_two_shots_of_one_name_are_two_packages(plate: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        packages = list(
            pool.map(lambda _: send(plate, tmp_path / "exchange", "sh010", FACTS), range(4))
        )
    assert sorted(package.folder.name for package in packages) == [
        "sh010", "sh010-2", "sh010-3", "sh010-4",
    ]  # fmt: skip


def test_a_matte_goes_along_by_frame_number(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", dataclasses.replace(FACTS, matte=plate))
    assert package.manifest.matte is not None
    assert package.manifest.matte.frames == FACTS.frames
    assert content(package.matte, range(1002, 1008)) == content(plate, range(1002, 1008))
    Path(package.matte.replace("####", "1004")).unlink()
    with pytest.raises(BadInput, match="frame 1004 is missing"):
        preflight(package)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(frames=FrameRange(1001, 1010)), "has frames 1001-1008, not 1001-1010"),
        (Facts(cut=FrameRange(990, 1004)), "does not lie within the frames sent"),
    ],
)
def test_what_cannot_be_sent_leaves_nothing_behind(
    facts: Facts, said: str, plate: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=said):
        send(plate, tmp_path / "exchange", "sh010", facts)
    assert not list((tmp_path / "exchange").glob("*"))


def test_a_missing_matte_leaves_nothing_behind(plate: str, tmp_path: Path) -> None:
    facts = dataclasses.replace(FACTS, matte=str(tmp_path / "none.exr"))
    with pytest.raises(BadInput, match="does not exist"):
        send(plate, tmp_path / "exchange", "sh010", facts)
    assert not list((tmp_path / "exchange").glob("*"))


def test_a_package_copied_half_is_refused(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS)
    for number in (1006, 1007):
        Path(package.clip.replace("####", str(number))).unlink()
    with pytest.raises(BadInput, match="frames 1006-1007 are missing: copy or send"):
        preflight(package)
    (package.folder / "shot.json").unlink()
    assert not is_package(package.folder)


def test_versions_come_back_one_after_the_other(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: return_clip(package, plate), range(3)))
    assert sorted(version.name for version in done) == ["v001", "v002", "v003"]
    versions = list_versions(package)
    assert [version.name for version in versions] == ["v001", "v002", "v003"]
    assert versions[0].frames == FACTS.frames
    assert content(versions[0].media, range(1002, 1008)) == content(plate, range(1002, 1008))
    assert not Path(versions[0].media.replace("####", "1001")).exists()


def test_a_version_that_is_not_finished_is_not_listed(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS)
    done = return_clip(package, plate)
    (done.folder / "version.json").unlink()
    assert list_versions(package) == ()
    (done.folder / "version.json").write_text('{"media": "../../x.exr", "frames": "1-2"}')
    assert list_versions(package) == ()
    assert return_clip(package, plate).name == "v002"


def test_a_take_must_cover_all_that_was_sent(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", Facts())
    Path(plate.replace("####", "1008")).unlink()
    with pytest.raises(BadInput, match="bring back the whole shot"):
        return_clip(package, plate)
    assert not (package.folder / "versions").exists()


def test_who_writes_a_version_at_this_moment_is_said(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS)
    assert return_clip(package, plate).name == "v001"
    assert writers(package) == ()
    folder = package.returns / "sh010_tf_v002"
    folder.mkdir()
    note = folder / "writing.json"
    note.write_text(json.dumps({"host": socket.gethostname(), "process": os.getpid()}))
    assert writers(package) == (
        "sh010_tf_v002 is being written by another job: the next one follows.",
    )
    note.write_text(json.dumps({"host": socket.gethostname(), "process": 2**22 + 1}))
    assert writers(package) == ()  # it died
    note.write_text(json.dumps({"host": "elsewhere", "process": 1}))
    assert "by a job on elsewhere" in writers(package)[0]
    os.utime(folder, (1, 1))
    assert writers(package) == ()
    assert return_clip(package, plate).name == "v003"


def test_a_disk_that_is_too_full_is_said_before_anything_is_written(
    plate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS)
    left = SimpleNamespace(free=100)  # bytes
    monkeypatch.setattr(shutil, "disk_usage", lambda _: left)
    with pytest.raises(BadInput, match="free some space, or send a reference"):
        send(plate, tmp_path / "exchange", "sh020", FACTS)
    assert [path.name for path in (tmp_path / "exchange").iterdir()] == ["sh010"]
    with pytest.raises(BadInput, match=r"A version of sh010 may take .* free some space"):
        preflight(package)


def test_a_return_that_fails_leaves_no_version_behind(
    plate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StudioError):
        return_clip(package, plate)
    assert not list(package.returns.iterdir())


def test_a_take_comes_back_by_its_folder(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "exchange", "sh010", FACTS)
    take = tmp_path / "takes" / "v001"
    shutil.copytree(Path(package.clip).parent, take / "plates")
    for path in (take / "plates").iterdir():
        path.rename(path.with_name(path.name.split(".")[1] + ".exr"))
    (take / "request.json").write_text("{}")
    returned = return_clip(package, str(take))
    assert content(returned.media, range(1002, 1008)) == content(plate, range(1002, 1008))
    shutil.rmtree(take / "plates")
    with pytest.raises(BadInput, match="keeps pictures of 8 bits alone"):
        return_clip(package, str(take))


def test_a_host_may_state_its_facts_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    stated = {
        "frames": "1002-1007",
        "cut": "1003-1006",
        "host_first": 86,
        "host": {"name": "nuke", "version": "15.1", "item": "Read1"},
        "colour": {"file": "ACEScg"},
        "premultiplied": True,
        "reel": "A001",
    }
    path.write_text(json.dumps(stated))
    assert read_facts(path) == FACTS
    path.write_text(json.dumps(stated | {"mode": "as seen", "rate": "25"}))
    assert (read_facts(path).mode, read_facts(path).rate) == (Mode.AS_SEEN, 25)
    for text, said in [("{", "is no JSON"), ('{"rate": 5}', "'rate' must be a line of text")]:
        path.write_text(text)
        with pytest.raises(BadInput, match=said):
            read_facts(path)
