"""Jobs from the command line: what is said, and with which exit code."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FAKE_WORKER
from tokenflow_studio.cli import main
from tokenflow_studio.cli.output import progress_text
from tokenflow_studio.core.job import EventKind, JobEvent, Stage

EDIT = ["edit", "/clip.mp4", "-o", "/out.mp4", "-p"]

# The command line in a process of its own, with the same worker.
PROGRAM = f"""
import sys
from tokenflow_studio.cli import main
from tokenflow_studio.worker import client
client.worker_command = lambda: [sys.executable, "-I", {str(FAKE_WORKER)!r}]
sys.exit(main(sys.argv[1:]))
"""


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.usefixtures("fake_worker")
def test_a_job_prints_its_output_and_a_line_per_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*EDIT, "a few steps"]) == 0
    said = capsys.readouterr()
    assert said.out == "/out.mp4\n"
    assert said.err.startswith("invert ")
    assert said.err.count("\n") == 1


@pytest.mark.usefixtures("fake_worker")
def test_json_gives_the_events_and_then_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*EDIT, "a few steps", "--json"]) == 0
    said = capsys.readouterr()
    *events, result = lines(said.out)
    assert said.err == ""
    assert [JobEvent.from_json(json.dumps(event)).kind for event in events][-1] is EventKind.DONE
    assert result["kind"] == "result"
    assert (result["exit_code"], result["output"]) == (0, "/out.mp4")
    assert result["folder"] == "/takes/1"


@pytest.mark.usefixtures("fake_worker")
@pytest.mark.parametrize(
    ("prompt", "code", "reason"),
    [("bad input", 2, "clip.mp4 is empty."), ("fault", 1, "ZeroDivisionError")],
)
def test_a_failure_is_one_sentence(
    prompt: str, code: int, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*EDIT, prompt]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("tokenflow-studio: error: ")
    assert said.err.count("\n") == 1
    assert reason in said.err


@pytest.mark.usefixtures("fake_worker")
def test_a_failure_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*EDIT, "bad input", "--json"]) == 2
    failed, result = lines(capsys.readouterr().out)
    assert (failed["kind"], failed["exit_code"]) == ("failed", 2)
    assert result == {"kind": "result", "exit_code": 2, "message": "clip.mp4 is empty."}


@pytest.mark.usefixtures("fake_worker")
def test_the_job_outlives_its_worker(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clip = str(tmp_path / "mark")
    assert main(["edit", clip, "-o", "/out.mp4", "-p", "die once"]) == 0
    assert "note: The worker process was killed" in capsys.readouterr().err


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_cancels(number: signal.Signals) -> None:
    with start(*EDIT, "wait", "--json") as program:
        assert program.stdout is not None
        assert json.loads(program.stdout.readline())["kind"] == "progress"
        program.send_signal(number)
        out, err = program.communicate(timeout=20)
    assert program.returncode == 3
    assert [line["kind"] for line in lines(out)] == ["cancelled", "result"]
    assert "Traceback" not in err


def test_a_second_ctrl_c_ends_at_once() -> None:
    with start(*EDIT, "busy", "--json") as program:
        assert program.stdout is not None
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        time.sleep(0.3)
        program.send_signal(signal.SIGINT)
        started = time.monotonic()
        program.communicate(timeout=20)
    assert time.monotonic() - started < 2
    assert program.returncode == 3


def test_a_reader_that_goes_away_is_no_fault() -> None:
    with start(*EDIT, "flood", "--json") as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.readline()
        program.stdout.close()
        said = program.stderr.read()
    assert program.returncode == 1
    assert said == ""


def test_on_a_terminal_progress_moves_in_one_line() -> None:
    terminal, inside = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *EDIT, "a few steps"],
        stdout=subprocess.DEVNULL, stderr=inside,
    )  # fmt: skip
    os.close(inside)
    assert program.wait(20) == 0
    said = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert "\rinvert" in said
    assert "\n" not in said


def test_progress_text() -> None:
    event = JobEvent(
        kind=EventKind.PROGRESS, stage=Stage.PROPAGATE, step=17, total=50, fraction=0.5,
        elapsed=12.4, eta=3725,
    )  # fmt: skip
    assert progress_text(event) == (
        "propagate   17/50   [############............]  50%, 0:12, about 1:02:05 left"
    )
