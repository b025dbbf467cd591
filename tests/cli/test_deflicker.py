"""`deflicker` on small clips, from files to files."""

import json
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest

from tests.jobs.plates import attributes, changed, channels, check_same, write_plates
from tests.jobs.plates import write_exr as exr
from tests.media.movies import Made, loudest, traits_of, write_made
from tokenflow_studio.bench.flickering import Scene, flickering, scene
from tokenflow_studio.cli import main
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.encoding import write_movie
from tokenflow_studio.media.planes import ColourTags
from tokenflow_studio.media.stills import write_png


def write_frames(folder: Path, name: str, images: list[np.ndarray], first: int = 1001) -> str:
    for n, image in enumerate(images, start=first):
        write_png(folder / f"{name}.{n:04d}.png", image)
    return str(folder / f"{name}.####.png")


def timecode_of(frame: int) -> OpenEXR.TimeCode:
    return OpenEXR.TimeCode(1, 0, 0, frame, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def read_frames(spec: str) -> list[np.ndarray]:
    with open_clip(spec) as clip:
        return [clip.read(n) for n in clip.info.frames]


@pytest.fixture(scope="module")
def pan() -> Scene:
    return scene("pan", (48, 64), 8)


@pytest.fixture
def flicker(tmp_path: Path, pan: Scene) -> str:
    return write_frames(tmp_path, "edit", flickering(pan.truth, "gain"))


def test_a_sequence_keeps_its_numbers_and_loses_its_flicker(
    pan: Scene, flicker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_frames(tmp_path, "source", pan.source)
    output = str(tmp_path / "out" / "calm.####.png")
    assert main(["deflicker", flicker, "-o", output, "--source", source]) == 0
    said = capsys.readouterr()
    assert said.out == f"{output}\n"
    assert "8/8" in said.err or "1/8" in said.err
    with open_clip(output) as clip:
        assert clip.info.frames == range(1001, 1009)
    assert pan.removed(read_frames(flicker), read_frames(output)) > 0.8


def test_a_movie_stays_a_movie_of_its_rate(pan: Scene, tmp_path: Path) -> None:
    clip, output = tmp_path / "edit.mp4", tmp_path / "calm.mp4"
    write_movie(clip, flickering(pan.truth, "gain"), Fraction(25))
    assert main(["deflicker", str(clip), "-o", str(output)]) == 0
    with open_clip(str(output)) as calm:
        assert calm.info.rate == 25
        assert calm.info.frames == range(8)


def test_json_tells_progress_and_the_result_last(
    flicker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["deflicker", flicker, "-o", str(tmp_path / "c.####.png"), "--frames", "1002-1004"]
    assert main([*line, "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["step"] for event in told[:-1]] == [1, 2, 3]
    assert told[-1]["kind"] == "result"
    assert told[-1]["frames"] == 3
    assert len(list(tmp_path.glob("c.*.png"))) == 3


def test_part_of_a_shot_is_guided_by_its_own_frames(
    pan: Scene, flicker: str, tmp_path: Path
) -> None:
    source = write_frames(tmp_path, "source", [pan.source[0]] * 3 + pan.source, first=998)
    whole, part = (str(tmp_path / f"{name}.####.png") for name in ("whole", "part"))
    trimmed = write_frames(tmp_path, "trimmed", pan.source)
    assert main(["deflicker", flicker, "-o", whole, "--source", trimmed]) == 0
    assert main(["deflicker", flicker, "-o", part, "--source", source]) == 0
    assert all(map(np.array_equal, read_frames(whole), read_frames(part)))


def test_no_amount_changes_nothing(flicker: str, tmp_path: Path) -> None:
    output = str(tmp_path / "same.####.png")
    assert main(["deflicker", flicker, "-o", output, "--amount", "0"]) == 0
    assert all(map(np.array_equal, read_frames(flicker), read_frames(output)))


def test_light_above_one_loses_its_flicker_and_nothing_else(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    height, width = 40, 64
    light = np.geomspace(0.05, 12, width)[:, None] * random.uniform(0.5, 1.5, (height, width, 3))
    gains = 1 + 0.05 * np.array([1, -1, 0.6, -0.8, 1, -1, 0.7, -0.5])
    for number, gain in enumerate(gains, start=1001):
        colour = (light * gain).astype(np.float16)
        colour[3, 3], colour[4, 4] = np.nan, -0.25
        pixels = {n: colour[..., place].copy() for place, n in enumerate("RGB")}
        pixels["Z"] = random.uniform(1, 1e6, (height, width)).astype(np.float32)
        exr(tmp_path / f"lit.{number}.exr", pixels, timeCode=timecode_of(number % 24))
    clip, calm = str(tmp_path / "lit.####.exr"), tmp_path / "calm.####.exr"
    assert main(["deflicker", clip, "-o", str(calm)]) == 0
    kept = [channels(tmp_path / f"calm.{number}.exr") for number in range(1001, 1009)]
    levels = np.array([pixels["G"][10:, 48:].astype(float).mean() for pixels in kept])
    assert levels.mean() > 4
    assert levels.std() < 0.2 * gains.std() * levels.mean()
    for number in range(1001, 1009):
        before, after = (tmp_path / f"{name}.{number}.exr" for name in ("lit", "calm"))
        assert changed(before, after) == {"R", "G", "B"}
        assert attributes(after) == attributes(before)
        assert np.isnan(channels(after)["R"][3, 3])


def test_no_amount_gives_plates_back_to_the_bit(tmp_path: Path) -> None:
    clip, same = write_plates(tmp_path, range(1001, 1004)), tmp_path / "same.####.exr"
    assert main(["deflicker", clip, "-o", str(same), "--source", clip, "--amount", "0"]) == 0
    for number in range(1001, 1004):
        check_same(tmp_path / f"plate.{number}.exr", tmp_path / f"same.{number}.exr")


def test_a_movie_keeps_its_sound_timecode_tags_and_depth(tmp_path: Path) -> None:
    tags = ColourTags(9, 9, 14, 1)
    made = Made("prores_ks", "yuv422p10le", tags=tags, timecode="10:00:00:00", beep=0.2)
    clip, calm = write_made(tmp_path / "edit.mov", 12, made), tmp_path / "calm.mov"
    assert main(["deflicker", str(clip), "-o", str(calm), "--frames", "2-9"]) == 0
    traits = traits_of(calm)
    assert (traits.tags, traits.layout.bits, len(traits.times)) == (tags, 10, 9)
    assert loudest(calm) == pytest.approx(0.2 - 2 / 24, abs=0.003)
    with open_clip(str(calm)) as clip:
        assert clip.info.timecode == "10:00:00:02"


def test_what_a_movie_cannot_hold_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Made("libx264", "yuv420p", beep=0.1, sound="wavpack")
    clip = write_made(tmp_path / "a.mkv", 4, made)
    assert main(["deflicker", str(clip), "-o", str(tmp_path / "calm.mp4")]) == 0
    assert "cannot hold the wavpack sound" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--amount", "2"], "no share"),
        (["--amount", "nan"], "no share"),
        (["--amount", "much"], "--amount"),
        (["--frames", "1-9"], "has no frames 1-9"),
        (["--source", "nowhere.mp4"], "nowhere.mp4"),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    options: list[str],
    reason: str,
    flicker: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = str(tmp_path / "out" / "calm.####.png")
    assert main(["deflicker", flicker, "-o", output, *options]) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_source_of_another_length_is_refused(
    pan: Scene, flicker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_frames(tmp_path, "source", pan.source[:5])
    line = ["deflicker", flicker, "-o", str(tmp_path / "c.####.png"), "--source", source]
    assert main(line) == 2
    assert "equal length" in capsys.readouterr().err


def test_nothing_is_replaced_unasked(
    flicker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deflicker", flicker, "-o", flicker, "--overwrite"]) == 2
    assert "lies on the source clip" in capsys.readouterr().err
    cv2.imwrite(str(tmp_path / "calm.1003.png"), np.zeros((4, 4, 3), np.uint8))
    line = ["deflicker", flicker, "-o", str(tmp_path / "calm.####.png")]
    assert main(line) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert main([*line, "--overwrite"]) == 0
