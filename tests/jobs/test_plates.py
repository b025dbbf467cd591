"""Real plates through a whole job: what comes back, bit by bit, read by a second library."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
import pytest

from tests.jobs.conftest import Runner
from tests.jobs.plates import SIZE, channels, check_same, write_plates
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import Fill, Missing, Return
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import open_clip

EVERY_RETURN = pytest.mark.parametrize("returns", list(Return))


@EVERY_RETURN
def test_identity_gives_a_plate_back_to_the_bit(
    job: Runner, tmp_path: Path, returns: Return
) -> None:
    plate = write_plates(tmp_path, range(1001, 1003))
    out = str(tmp_path / "out" / "o.####.exr")
    job(Path(plate), technique="identity", prompt="", returns=returns, size=SIZE, output=out)
    for frame in (1001, 1002):
        check_same(tmp_path / f"plate.{frame}.exr", tmp_path / "out" / f"o.{frame}.exr")


@pytest.mark.parametrize(
    "returns",  # ten seconds for each
    [pytest.param(way, marks=[pytest.mark.slow] * (way is not Return.HYBRID)) for way in Return],
)
def test_identity_of_twenty_channels_with_a_moving_data_window(
    job: Runner, shared: Path, tmp_path: Path, returns: Return
) -> None:
    for frame in (1, 2):
        name = f"beachball.{frame:04d}.exr"
        shutil.copyfile(shared / "clips" / "exr" / name, tmp_path / name)
    clip = tmp_path / "beachball.####.exr"
    take = job(clip, technique="identity", prompt="", returns=returns, size=SIZE)
    for frame in (1, 2):
        check_same(tmp_path / f"beachball.{frame:04d}.exr", take / "plates" / f"{frame:04d}.exr")
    told = json.loads((take / "report.json").read_text("utf-8"))
    assert any("disparityL.x" in notice for notice in told["notices"])


def test_an_edit_of_a_plate_keeps_data_and_what_lies_outside_its_matte(
    job: Runner, tmp_path: Path
) -> None:
    plate = write_plates(tmp_path, range(1001, 1004))
    shape = (((10.0, 10.0), (40.0, 10.0), (40.0, 30.0), (10.0, 30.0)),)
    take = job(Path(plate), matte_shape=shape, matte_softness=3.0, size=SIZE)
    for frame in (1001, 1003):
        before = channels(tmp_path / f"plate.{frame}.exr")
        after = channels(take / "plates" / f"{frame}.exr")
        differs = np.zeros((50, 80), bool)
        for name, pixels in before.items():
            changed = after[name].view(np.uint8) != pixels.view(np.uint8)
            differs |= changed.reshape(50, 80, -1).any(-1)
            assert name in "RGB" or not changed.any()
        assert differs[15:35, 14:44].any()
        differs[15:35, 14:44] = False
        assert not differs.any()


def test_the_plate_fills_what_is_not_edited(job: Runner, tmp_path: Path) -> None:
    plate = write_plates(tmp_path, range(1001, 1005))
    take = job(
        Path(plate),
        technique="identity",
        prompt="",
        frames=FrameRange(1002, 1003),
        fill=Fill.PLATE,
        size=SIZE,
    )
    assert len(list((take / "plates").iterdir())) == 4
    assert len(list((take / "model").iterdir())) == 2
    check_same(tmp_path / "plate.1004.exr", take / "plates" / "1004.exr")


def test_a_missing_matte_frame_follows_what_was_asked(job: Runner, tmp_path: Path) -> None:
    plate = write_plates(tmp_path, range(1001, 1003))
    (tmp_path / "matte").mkdir()
    matte = np.ones((40, 72), np.float16)
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    OpenEXR.File(header, {"Y": matte}).write(str(tmp_path / "matte" / "m.1001.exr"))
    options: dict[str, Any] = {"matte": str(tmp_path / "matte" / "m.####.exr"), "size": SIZE}
    with pytest.raises(BadInput, match="no frame 1002"):
        job(Path(plate), steps=2, **options)
    held = job(Path(plate), steps=2, missing=Missing.HOLD, **options)
    black = job(Path(plate), steps=2, missing=Missing.BLACK, **options)
    source = channels(tmp_path / "plate.1002.exr")["R"].tobytes()
    assert channels(held / "plates" / "1002.exr")["R"].tobytes() != source
    assert channels(black / "plates" / "1002.exr")["R"].tobytes() == source


def test_a_movie_through_identity_looks_the_same(job: Runner, clip: Any, tmp_path: Path) -> None:
    movie, out = clip(5), tmp_path / "out.mov"
    job(movie, technique="identity", prompt="", output=str(out))
    with open_clip(str(movie)) as before, open_clip(str(out)) as after:
        assert list(after.info.frames) == list(before.info.frames)
        for frame in before.info.frames:
            # H.264 once more, of noise: its chroma is halved again.
            assert np.abs(after.read(frame) - before.read(frame)).mean() < 0.03


def test_a_run_again_of_the_same_order_computes_nothing(job: Runner, tmp_path: Path) -> None:
    plate = write_plates(tmp_path, range(1001, 1003))
    first = job(Path(plate), technique="identity", prompt="", size=SIZE)
    kept = {path: path.stat().st_mtime_ns for path in (first / "plates").iterdir()}
    assert job(Path(plate), technique="identity", prompt="", size=SIZE) == first
    assert {path: path.stat().st_mtime_ns for path in (first / "plates").iterdir()} == kept
