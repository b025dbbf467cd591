"""Manifests: everything comes back, and what must not be believed is refused in one sentence."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from bridge.exchange.manifest import Host, Mode, read_manifest, write_manifest
from tests.bridge.exchange.full_manifest import FULL
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange

SMALL = {
    "schema": 1,
    "shot": "sh010",
    "source": {"media": "plate.####.exr", "frames": "1001-1010"},
    "cut": "1002-1009",
    "rate": "24",
}


def written(folder: Path, content: Any) -> Path:
    (folder / "shot.json").write_text(json.dumps(content))
    return folder


def test_everything_comes_back(tmp_path: Path) -> None:
    write_manifest(tmp_path, FULL)
    assert read_manifest(tmp_path) == (tmp_path, FULL)
    assert read_manifest(tmp_path / "shot.json") == (tmp_path, FULL)


def test_a_host_need_not_say_more_than_it_knows(tmp_path: Path) -> None:
    _, manifest = read_manifest(written(tmp_path, SMALL | {"of a later version": [1, 2]}))
    assert manifest.handles == (1, 1)
    assert (manifest.source.host_first, manifest.mode) == (1001, Mode.SOURCE)
    assert manifest.host == Host()


def test_a_newer_version_asks_for_an_update(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"has version 2, .* update"):
        read_manifest(written(tmp_path, SMALL | {"schema": 2}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shot": ""}, "'shot' must not be empty"),
        ({"shot": "a\nb"}, "'shot' must be a line of text"),
        ({"rate": 24}, "'rate' must be a line of text"),
        ({"rate": "0"}, "no frame rate"),
        ({"cut": "990-1009"}, "does not lie within the frames sent"),
        ({"cut": "1009-1002"}, "ends before it starts"),
        ({"source": "plate"}, "must hold named entries"),
        ({"source": {"media": "a.exr"}}, "lacks 'frames'"),
        ({"source": {"media": "a.exr", "frames": "1-9999999999"}}, "must be a range of frames"),
        ({"mode": "graded"}, "must be one of source, as seen"),
        ({"premultiplied": "yes"}, "must be true or false"),
        ({"geometry": {"display": [0, 0, 0, 5], "data": [0, 0, 1, 1]}}, "'display' must be"),
        ({"schema": True}, "'schema' must be a whole number"),
    ],
)
def test_a_wrong_entry_is_named(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        read_manifest(written(tmp_path, SMALL | change))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, "\x00\xff"])
def test_what_is_no_manifest_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "shot.json").write_text(text, encoding="latin-1")
    with pytest.raises(BadInput):
        read_manifest(tmp_path)


def test_a_folder_without_manifest_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="name the folder of a package"):
        read_manifest(tmp_path)


def test_handles_are_those_that_were_got() -> None:
    assert dataclasses.replace(FULL, cut=FrameRange(1001, 1040)).handles == (0, 8)
