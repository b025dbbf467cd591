"""The command line with a worker that needs no engine."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tokenflow_studio.worker import client

FAKE_WORKER = Path(__file__).parents[1] / "worker" / "fake_worker.py"


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Logs and sockets of one test never meet another's; short, since socket paths have a limit."""
    folder = Path(tempfile.mkdtemp(prefix="rt-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fake_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands start the worker of tests/worker/fake_worker.py; the prompt tells what it does."""
    command = [sys.executable, "-I", str(FAKE_WORKER)]
    monkeypatch.setattr(client, "worker_command", lambda: command)
