"""`doctor` tells what works; the command line itself stays light."""

import json
import subprocess
import sys

import pytest

from tokenflow_studio.cli import doctor, main
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.worker.client import WorkerClient


@pytest.mark.usefixtures("fake_worker")
def test_every_part_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--json"])
    *checks, result = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    states = {check["name"]: check["state"] for check in checks}
    assert states.keys() >= {"program", "worker", "device", "images", "movies", "opencv", "window",
                             "demo", "cache", "takes"}  # fmt: skip
    assert states["worker"] == states["images"] == states["movies"] == states["opencv"] == "ok"
    assert result["exit_code"] == code == int("failed" in states.values())


def test_a_worker_that_does_not_start_fails_the_machine(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def launch() -> WorkerClient:
        raise WorkerLost("The worker process cannot be started.")

    monkeypatch.setattr(doctor.WorkerClient, "launch", launch)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "failed   worker     The worker process cannot be started." in said
    assert said.endswith("Something that jobs need is missing.\n")


def test_a_folder_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKENFLOW_CACHE", "/proc/nowhere")
    monkeypatch.setattr(doctor, "_check_worker", list)
    assert main(["doctor"]) == 1
    assert "failed   cache      /proc/nowhere cannot be written to" in capsys.readouterr().out


def test_the_command_line_imports_neither_torch_nor_qt() -> None:
    script = (
        "import sys, tokenflow_studio.cli.jobs, tokenflow_studio.cli.models, "
        "tokenflow_studio.cli.doctor; "
        "print({'torch', 'diffusers', 'transformers', 'PySide6', 'cv2'} & sys.modules.keys())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert ended.stdout.strip() == "set()"
