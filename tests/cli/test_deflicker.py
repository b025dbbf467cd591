"""`deflicker` on small clips, from files to files."""

import json
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from tokenflow_studio.bench.flickering import Scene, flickering, scene
from tokenflow_studio.cli import main
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.encoding import write_movie
from tokenflow_studio.media.stills import write_exr, write_png


def write_frames(folder: Path, name: str, images: list[np.ndarray], first: int = 1001) -> str:
    for n, image in enumerate(images, start=first):
        write_png(folder / f"{name}.{n:04d}.png", image)
    return str(folder / f"{name}.####.png")


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


def test_light_that_is_clipped_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(3):
        write_exr(tmp_path / f"hot.{n}.exr", np.full((16, 16, 3), 2, np.float32))
    output = tmp_path / "calm.####.exr"
    assert main(["deflicker", str(tmp_path / "hot.#.exr"), "-o", str(output)]) == 0
    assert "light above 1.0, which is clipped" in capsys.readouterr().err


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
