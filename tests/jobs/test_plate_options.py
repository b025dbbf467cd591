"""Which pixels of a plate a job edits and which it hands through, by every option that says so."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from tests.jobs.conftest import Runner
from tests.jobs.plates import SIZE, changed, channels, write_exr, write_plates
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import AlphaMode, Fill, Missing
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import open_clip

HEIGHT, WIDTH = 40, 56
FAST: dict[str, Any] = {"size": SIZE, "steps": 2}


def noise(seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).uniform(0.05, 1, (HEIGHT, WIDTH))
    return drawn.astype(np.float16)


def report(take: Path) -> dict[str, Any]:
    return json.loads((take / "report.json").read_bytes())


def test_a_layer_is_edited_and_everything_else_is_named(job: Runner, tmp_path: Path) -> None:
    names = ("R", "G", "B", "diffuse.R", "diffuse.G", "diffuse.B", "Z")
    for frame in (1, 2):
        pixels = {name: noise(10 * frame + n) for n, name in enumerate(names)}
        write_exr(tmp_path / f"p.{frame}.exr", pixels)
    plate = tmp_path / "p.#.exr"
    take = job(plate, layer="diffuse", **FAST)
    for frame in (1, 2):
        found = changed(tmp_path / f"p.{frame}.exr", take / "plates" / f"{frame:04d}.exr")
        assert found == {"diffuse.R", "diffuse.G", "diffuse.B"}
    told = report(take)
    assert told["settings"]["layer"] == "diffuse"
    assert set(told["settings"]["not_edited"]) == {"R", "G", "B", "Z"}
    assert any("Not edited" in notice and "Z" in notice for notice in told["notices"])
    with pytest.raises(BadInput, match=r"no layer 'beauty'.*diffuse"):
        job(plate, layer="beauty", **FAST)


def test_without_a_layer_the_rgb_of_the_hero_view_is_edited(job: Runner, tmp_path: Path) -> None:
    views = {"multiView": ["right", "left"]}
    names = ("R", "G", "B", "left.R", "left.G", "left.B")
    write_exr(tmp_path / "s.1.exr", {n: noise(k) for k, n in enumerate(names)}, **views)
    hero = job(tmp_path / "s.#.exr", **FAST)
    assert changed(tmp_path / "s.1.exr", hero / "plates" / "0001.exr") == {"R", "G", "B"}
    left = job(tmp_path / "s.#.exr", stereo_view="left", **FAST)
    found = changed(tmp_path / "s.1.exr", left / "plates" / "0001.exr")
    assert found == {"left.R", "left.G", "left.B"}
    assert report(left)["settings"]["stereo_view"] == "left"
    assert report(left)["settings"]["not_edited"] == ["B", "G", "R"]


def test_alpha_is_taken_as_premultiplied_in_exr_and_as_straight_where_asked(
    job: Runner, tmp_path: Path
) -> None:
    alpha = np.full((HEIGHT, WIDTH), 0.5, np.float16)
    alpha[:, :10] = 0
    pixels = {name: noise(n) for n, name in enumerate("RGB")} | {"A": alpha}
    write_exr(tmp_path / "a.1.exr", pixels)
    clip, source = tmp_path / "a.#.exr", tmp_path / "a.1.exr"
    takes = {mode: job(clip, alpha=mode, **FAST) for mode in AlphaMode}
    told = {mode: report(take)["settings"]["alpha"] for mode, take in takes.items()}
    assert told == {
        "auto": "premultiplied",
        "premultiplied": "premultiplied",
        "straight": "straight",
    }
    results = {mode: channels(take / "plates" / "0001.exr") for mode, take in takes.items()}
    for mode, take in takes.items():
        assert changed(source, take / "plates" / "0001.exr") == set("RGB")
        for name in "RGB":  # where nothing shows, nothing is edited
            assert np.array_equal(results[mode][name][:, :10], pixels[name][:, :10])
    auto, premultiplied, straight = (results[mode]["R"] for mode in AlphaMode)
    assert np.array_equal(auto, premultiplied)
    assert not np.array_equal(auto, straight)


def test_a_png_counts_as_straight(job: Runner, tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(20, 200, (HEIGHT, WIDTH, 4), np.uint16) * 256
    pixels[..., 3] = 32768
    cv2.imwrite(str(tmp_path / "a.1.png"), pixels)
    take = job(tmp_path / "a.#.png", **FAST)
    assert report(take)["settings"]["alpha"] == "straight"
    after = cv2.imread(str(take / "plates" / "0001.png"), cv2.IMREAD_UNCHANGED)
    assert after.dtype == np.uint16
    assert np.array_equal(after[..., 3], pixels[..., 3])
    assert not np.array_equal(after[..., :3], pixels[..., :3])


def test_a_view_is_for_what_a_screen_shows_and_never_for_exr(job: Runner, tmp_path: Path) -> None:
    plate = write_plates(tmp_path, range(1001, 1002))
    options: dict[str, Any] = {"technique": "identity", "prompt": "", "size": SIZE}

    def picture(view: str) -> np.ndarray:
        out = tmp_path / view.replace(" ", "-") / "o.####.png"
        job(Path(plate), view=view, output=str(out), **options)
        with open_clip(str(out)) as clip:
            return clip.read(1001)

    plain, film = picture("Un-tone-mapped"), picture("ACES 1.0 - SDR Video")
    assert plain.shape == film.shape == (40, 72, 3)
    assert np.abs(plain - film).mean() > 0.02
    job(Path(plate), view="ACES 1.0 - SDR Video", output=str(tmp_path / "e" / "o.#.exr"), **options)
    assert changed(tmp_path / "plate.1001.exr", tmp_path / "e" / "o.1001.exr") == set()
    with pytest.raises(BadInput, match="There is no view 'Sepia'"):
        picture("Sepia")


def test_a_range_is_filled_up_with_the_plate_or_is_all_there_is(
    job: Runner, tmp_path: Path
) -> None:
    plate = write_plates(tmp_path, range(1001, 1005))
    some: dict[str, Any] = {"frames": FrameRange(1002, 1003), **FAST}
    for fill, frames in ((Fill.NONE, {1002, 1003}), (Fill.PLATE, {1001, 1002, 1003, 1004})):
        out = tmp_path / fill
        take = job(Path(plate), fill=fill, output=str(out / "o.#.exr"), **some)
        assert {int(path.stem[2:]) for path in out.iterdir()} == frames
        edited = {n for n in frames if changed(tmp_path / f"plate.{n}.exr", out / f"o.{n}.exr")}
        assert edited == {1002, 1003}
        assert {int(path.stem) for path in (take / "frames").iterdir()} == frames


def test_a_plate_that_changed_outside_the_range_makes_another_take(
    job: Runner, tmp_path: Path
) -> None:
    plate = write_plates(tmp_path, range(1001, 1003))
    options: dict[str, Any] = {"technique": "identity", "prompt": "", "size": SIZE}
    options |= {"frames": FrameRange(1001, 1001), "fill": Fill.PLATE}
    first = job(Path(plate), **options)
    (tmp_path / "plate.1002.exr").write_bytes((tmp_path / "plate.1001.exr").read_bytes())
    second = job(Path(plate), **options)
    assert second != first
    assert not changed(tmp_path / "plate.1002.exr", second / "plates" / "1002.exr")


def test_a_missing_frame_is_held_or_black_whatever_was_asked_before(
    job: Runner, tmp_path: Path
) -> None:
    plate = write_plates(tmp_path, range(1001, 1004))
    (tmp_path / "plate.1002.exr").unlink()
    held = job(Path(plate), missing=Missing.HOLD, **FAST)
    black = job(Path(plate), missing=Missing.BLACK, **FAST)
    seen = [channels(take / "plates" / "1002.exr")["R"] for take in (held, black)]
    assert np.nanmean(np.abs(seen[0].astype(np.float32))) > 0.1
    assert not np.array_equal(seen[0], seen[1])
    assert report(black)["network_rows"]["source"] > 0  # what was held serves no black frame
