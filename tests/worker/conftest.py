"""A real worker process with duties that need no engine."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tokenflow_studio.core.job import JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.worker.client import WorkerClient

MakeOrder = Callable[..., JobOrder]


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Logs and sockets of one test never meet another's; short, since socket paths have a limit."""
    folder = Path(tempfile.mkdtemp(prefix="rt-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def command() -> list[str]:
    """The command line of the worker of fake_worker.py."""
    return [sys.executable, "-I", str(Path(__file__).with_name("fake_worker.py"))]


@pytest.fixture
def worker(command: list[str]) -> Iterator[WorkerClient]:
    """A client with such a worker."""
    with WorkerClient.launch(command) as client:
        yield client


@pytest.fixture
def make_order() -> MakeOrder:
    """Makes an order whose prompt tells the worker what to do."""

    def make(prompt: str = "a few steps", clip: str = "/clip.mp4", **fields: object) -> JobOrder:
        return JobOrder(request=EditRequest(clip=clip, prompt=prompt), **fields)  # type: ignore[arg-type]

    return make
