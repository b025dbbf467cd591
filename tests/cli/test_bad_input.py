"""What cannot be used: one sentence and exit code 2, from the real worker, which goes on."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tokenflow_studio.cli.arguments import parse
from tokenflow_studio.cli.jobs import job_order
from tokenflow_studio.core.job import EventKind
from tokenflow_studio.core.paths import resource
from tokenflow_studio.media.stills import write_png
from tokenflow_studio.worker.client import WorkerClient

CLIP = resource("demo", "clip.mp4")


@pytest.fixture(scope="module")
def worker() -> Iterator[WorkerClient]:
    """One worker for all of them: it survives each."""
    with WorkerClient.launch() as client:
        yield client


def missing(folder: Path) -> str:
    return str(folder / "clip.mp4")


def empty(folder: Path) -> str:
    (folder / "clip.mp4").touch()
    return str(folder / "clip.mp4")


def text(folder: Path) -> str:
    (folder / "clip.mp4").write_text("this is no movie\n" * 1000)
    return str(folder / "clip.mp4")


def truncated(folder: Path) -> str:
    whole = CLIP.read_bytes()
    (folder / "clip.mp4").write_bytes(whole[: len(whole) // 2])
    return str(folder / "clip.mp4")


def gap(folder: Path) -> str:
    for number in (1, 2, 4):
        write_png(folder / f"clip.{number:04}.png", np.zeros((16, 16, 3), np.float32))
    return str(folder / "clip.####.png")


def an_empty_folder(folder: Path) -> str:
    (folder / "clip").mkdir()
    return str(folder / "clip")


@pytest.mark.parametrize("make", [missing, empty, text, truncated, gap, an_empty_folder])
def test_a_clip_that_cannot_be_used(
    make: Callable[[Path], str], worker: WorkerClient, tmp_path: Path
) -> None:
    out = tmp_path / "out" / "out.mp4"
    sentence = refusal(worker, "edit", make(tmp_path), "-p", "a cat", "-o", str(out))
    assert "clip" in sentence
    assert not out.parent.exists()


def test_an_unknown_hub_id_is_not_looked_up(worker: WorkerClient, tmp_path: Path) -> None:
    line = ["edit", str(CLIP), "-p", "a cat", "-o", str(tmp_path / "o.mp4")]
    assert "nobody/nothing" in refusal(worker, *line, "--model", "nobody/nothing")


@pytest.mark.parametrize("out", ["file/out.mp4", "file/out.####.png", "out.gif"])
def test_an_output_that_cannot_be_written(
    out: str, worker: WorkerClient, tiny_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    line = ["edit", str(CLIP), "-p", "a cat", "-o", str(tmp_path / out), "--frames", "0-1"]
    assert "file" in refusal(worker, *line, "--model", str(tiny_model))


def test_frames_that_the_clip_lacks(worker: WorkerClient, tiny_model: Path, tmp_path: Path) -> None:
    line = ["edit", str(CLIP), "-p", "a cat", "-o", str(tmp_path / "o.mp4"), "--frames", "90-99"]
    assert "frame 90" in refusal(worker, *line, "--model", str(tiny_model))


def refusal(worker: WorkerClient, *line: str) -> str:
    """The sentence with which the job that a command line orders is refused."""
    last = list(worker.run(job_order(parse(line))))[-1]
    assert (last.kind, last.exit_code) == (EventKind.FAILED, 2), last.message
    assert worker.alive
    assert "\n" not in last.message
    assert last.message[0].isupper() or last.message.startswith("/")
    assert last.message.endswith(".")
    return last.message


def test_the_command_says_it_and_ends(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "main", "edit", str(tmp_path / "no.mp4"), "-p", "x", "-o", "o.mp4"],
        cwd=resource().parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr.startswith("tokenflow-studio: error: ")
    assert "no.mp4" in ended.stderr
    assert ended.stderr.count("\n") == 1
