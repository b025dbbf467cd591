"""A real editing program at the other end: Blender's video sequencer, headless.

It needs an environment of its own; CONTRIBUTING.md says how to make one. Blender keeps no timecode
and no data window of what it renders, so these are compared in the files that come back to it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
import pytest

from bridge.exchange.packages import list_versions, open_package
from tests.bridge.worker_here import SessionHere
from tests.jobs.plates import attributes, changed, channels, check_same, write_plates
from tests.media.exr.writing import header, write_parts
from tests.source_files import ROOT
from tokenflow_studio.cli import jobs, main

VARIABLE = "TOKENFLOW_BLENDER_PYTHON"
IDENTITY = ("--technique", "identity", "--size", "64x64")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def blender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Blender":
    python = os.environ.get(VARIABLE)
    if not python:
        pytest.skip(f"no Blender: set {VARIABLE} to a Python with bpy, as CONTRIBUTING.md says")
    monkeypatch.setattr(jobs, "WorkerSession", SessionHere)
    return Blender(python, tmp_path)


class Blender:
    """A project and its steps, each in a Blender of its own; the studio is a real process too."""

    def __init__(self, python: str, folder: Path) -> None:
        self._python, self.folder = python, folder
        self._scripts = folder / "scripts"
        self._scripts.mkdir()
        for source in ("tests/bridge/blender/client.py", "bridge/hosts/shared/studio.py"):
            shutil.copy(ROOT / source, self._scripts)
        note = {
            "command": [sys.executable, "-m", "tokenflow_studio"],
            "exchange": str(folder / "exchange"),
        }
        (self._scripts / "studio.json").write_text(json.dumps(note))

    def do(self, step: str, **job: Any) -> dict[str, Any]:
        stated = self.folder / f"{step}.json"
        stated.write_text(json.dumps({"project": str(self.folder / "cut.blend"), **job}))
        done = subprocess.run(
            [self._python, str(self._scripts / "client.py"), step, str(stated)],
            capture_output=True,
            text=True,
            cwd=self.folder,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        # Blender may have a word about its memory after ours.
        return json.loads([line for line in done.stdout.splitlines() if line[:1] == "{"][-1])


def small_edit(model: Path) -> tuple[str, ...]:
    line = "-p ball --keyframe-interval 4 --steps 2 --inversion-steps 4 --size 64x64 --device cpu"
    return (*line.split(), "--model", str(model))


def same_pixels(file: Path, rendered: Path) -> float:
    """The largest difference of colour and alpha; NaN and infinity must be where they were."""
    before, after = channels(file), channels(rendered)
    worst = 0.0
    for name in ("R", "G", "B", "A"):
        if name not in before:
            continue
        wanted, got = before[name].astype(np.float32), after[name].astype(np.float32)
        assert wanted.shape == got.shape, name
        finite = np.isfinite(wanted)
        assert np.array_equal(finite, np.isfinite(got)), name
        worst = max(worst, float(np.abs(wanted[finite] - got[finite]).max()))
    return worst


def size_of(path: Path) -> tuple[int, int]:
    height, width = next(iter(channels(path).values())).shape
    return width, height


@pytest.mark.parametrize("kind", ["identity", "edit"])
def test_a_plate_with_overscan_goes_to_blender_and_back(
    kind: str, blender: Blender, tiny_model: Path, record_property: Any, capsys: Any
) -> None:
    folder = blender.folder / "plates"
    folder.mkdir()
    write_plates(folder, range(1001, 1009))
    files = [folder / f"plate.{number}.exr" for number in range(1001, 1009)]
    place = blender.do(
        "cut", files=[str(path) for path in files], fps=24, fps_base=1.001, pixel_aspect=2,
        frame_start=101, head=2, tail=3,
    )  # fmt: skip
    assert place == {"start": 103, "end": 106, "channel": 1, "seen": [1003, 1005]}
    package = open_package(Path(blender.do("send")["package"]))
    manifest = package.manifest
    assert (manifest.host.name, manifest.host.version) == ("blender", "5.0.1")
    assert (str(manifest.source.frames), str(manifest.cut)) == ("1001-1008", "1003-1005")
    assert (manifest.source.host_first, manifest.handles) == (101, (2, 3))
    assert (str(manifest.rate), manifest.timecode) == ("24000/1001", "01:00:00:17")
    assert manifest.geometry is not None
    assert (manifest.geometry.display, manifest.geometry.data) == ((0, 0, 72, 40), (-4, -5, 80, 50))

    options = IDENTITY if kind == "identity" else small_edit(tiny_model)
    out = str(blender.folder / "out" / "edit.####.exr")
    assert main(["edit", str(package.folder), "-o", out, *options]) == 0
    assert main(["shot", "return", str(package.folder), out]) == 0
    (version,) = list_versions(package)

    back = blender.do("bring_back")
    assert back["source"] == place
    assert back["version"] == {**place, "channel": 2}
    returned = {
        number: Path(path) for number, path in zip(range(1001, 1009), back["files"], strict=True)
    }
    assert returned[1001] == Path(version.media.replace("####", "1001"))
    sizes = [size_of(returned[number]) for number in (1003, 1004, 1005)]
    shown = blender.do("render", channel=2, sizes=sizes, folder=str(blender.folder / "shown"))
    assert list(shown["rendered"]) == ["103", "104", "105"]
    for number, rendered in zip((1003, 1004, 1005), shown["rendered"].values(), strict=True):
        assert same_pixels(returned[number], Path(rendered)) == 0
        source = folder / f"plate.{number}.exr"
        if kind == "identity":
            check_same(source, returned[number])
        else:
            assert changed(source, returned[number]) == {"R", "G", "B"}
            assert attributes(returned[number]) == attributes(source)


def small_beachball(source: Path, target: Path) -> None:
    """Its main colour, every fourth pixel: Blender's sequencer shows no file of many layers."""
    with OpenEXR.File(str(source), separate_channels=True) as file:
        pixels = {n: file.channels()[n].pixels[::4, ::4].copy() for n in ("R", "G", "B", "A")}
        (x, y), _ = file.header()["dataWindow"]
    height, width = pixels["R"].shape
    data, display = (int(x) // 4, int(y) // 4, width, height), (0, 0, 512, 389)
    write_parts(target, (header(width, height, data=data, display=display), pixels))


def test_the_beachball_goes_to_blender_and_back(blender: Blender, shared: Path) -> None:
    folder = blender.folder / "plates"
    folder.mkdir()
    files = [folder / f"beachball.{number:04d}.exr" for number in range(1, 4)]
    for path in files:
        small_beachball(shared / "clips" / "exr" / path.name, path)
    place = blender.do(
        "cut", files=[str(path) for path in files], fps=24, fps_base=1, pixel_aspect=1,
        frame_start=1001, head=1, tail=1,
    )  # fmt: skip
    package = open_package(Path(blender.do("send")["package"]))
    assert (str(package.manifest.source.frames), str(package.manifest.cut)) == ("1-3", "2-2")
    out = str(blender.folder / "out" / "edit.####.exr")
    assert main(["edit", str(package.folder), "-o", out, *IDENTITY]) == 0
    assert main(["shot", "return", str(package.folder), out]) == 0
    back = blender.do("bring_back")
    assert back["version"] == {**place, "channel": 2}
    returned = [Path(path) for path in back["files"]]
    for source, path in zip(files, returned, strict=True):
        check_same(source, path)
    sizes = [size_of(path) for path in returned[1:2]]
    shown = blender.do("render", channel=2, sizes=sizes, folder=str(blender.folder / "shown"))
    assert list(shown["rendered"]) == ["1002"]
    for path, rendered in zip(returned[1:2], shown["rendered"].values(), strict=True):
        assert same_pixels(path, Path(rendered)) == 0
