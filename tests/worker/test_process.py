"""How a worker starts, and how it ends with its parent."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.worker.conftest import MakeOrder
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.worker import process as process_module
from tokenflow_studio.worker.client import WorkerClient
from tokenflow_studio.worker.handshake import API, CORE, Answer, build, check_versions
from tokenflow_studio.worker.process import WorkerProcess
from tokenflow_studio.worker.transport import UNIX

PARENT = """
import subprocess, sys, threading, time
from tokenflow_studio.core.job import JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.worker.client import WorkerClient

def start():
    worker = WorkerClient.launch(sys.argv[2:])
    order = JobOrder(request=EditRequest(clip="/clip.mp4", prompt="busy"))
    next(worker.run(order))
    if sys.argv[1] == "children":  # they outlive the parent, and must not hold on to its pipes
        subprocess.Popen(["sleep", "20"], stdout=subprocess.DEVNULL)
    print(worker.pid, flush=True)
    kept.append(worker)

kept = []
if sys.argv[1] == "thread":
    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    time.sleep(0.2)
    print("alive" if kept[0].alive else "dead", flush=True)
else:
    start()
time.sleep(60)
"""


def state(pid: int) -> str:
    """The state letter of a process; Z (a zombie) is as dead as a missing one."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def seconds_until_gone(pid: int) -> float:
    started = time.monotonic()
    while state(pid) not in "ZX":
        assert time.monotonic() - started < 5, f"worker {pid} outlives its parent"
        time.sleep(0.005)
    return time.monotonic() - started


linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@linux
@pytest.mark.parametrize("mode", ["main", "children"])
def test_the_worker_dies_with_a_killed_parent_while_it_computes(
    command: list[str], mode: str
) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, mode, *command], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
        assert state(pid) not in "ZX"
        parent.kill()
        gone = seconds_until_gone(pid)
    parent.wait()
    assert gone < 2


@linux
def test_end_of_stdin_alone_ends_a_busy_worker(command: list[str]) -> None:
    """A worker that a thread started has no signal of the kernel to rely on, nor dies with it."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, "thread", *command], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
        assert parent.stdout.readline() == "alive\n"
        parent.kill()
        gone = seconds_until_gone(pid)
    parent.wait()
    assert gone < 2


def test_closing_the_client_ends_a_busy_worker(
    command: list[str], make_order: MakeOrder, runtime: Path
) -> None:
    worker = WorkerClient.launch(command)
    next(worker.run(make_order("busy")))
    started = time.monotonic()
    worker.close()
    assert time.monotonic() - started < 2
    assert not worker.alive
    assert list(runtime.glob("tfs-*")) == []
    worker.close()


def test_closing_an_idle_client_is_quick(worker: WorkerClient) -> None:
    worker.info()
    started = time.monotonic()
    worker.close()
    assert time.monotonic() - started < 1
    with pytest.raises(WorkerLost, match="closed"):
        worker.info()


def test_a_killed_worker_is_told_at_once(
    worker: WorkerClient, make_order: MakeOrder, runtime: Path
) -> None:
    events = worker.run(make_order("wait"))
    next(events)
    os.kill(worker.pid, signal.SIGKILL)
    started = time.monotonic()
    with pytest.raises(WorkerLost, match="memory ran out"):
        next(events)
    assert time.monotonic() - started < 1
    with pytest.raises(WorkerLost, match="start the job again"):
        worker.info()
    worker.close()
    assert list(runtime.glob("tfs-*")) == []


def test_a_worker_that_cannot_start_says_why() -> None:
    script = "import sys; sys.stdin.readline(); sys.exit('no engine here')"
    with pytest.raises(
        WorkerLost, match=r"exit code 1 .*no engine here.* before it could be called"
    ):
        WorkerProcess([sys.executable, "-c", script], UNIX)
    with pytest.raises(WorkerLost, match="cannot be started"):
        WorkerProcess(["/nowhere/python"], UNIX)


def test_a_silent_worker_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "_HANDSHAKE", 0.3)
    with pytest.raises(WorkerLost, match="did not come up"):
        WorkerProcess([sys.executable, "-c", "import time; time.sleep(60)"], UNIX)


@pytest.mark.parametrize("line", ["hello", "[1]", '{"magic": "other"}', '{"pid": 1}'])
def test_another_program_is_no_worker(line: str) -> None:
    with pytest.raises(WorkerLost, match=r"no answer of a worker|no worker of TokenFlow Studio"):
        WorkerProcess([sys.executable, "-c", f"print({line!r})"], UNIX)


def test_the_worker_refuses_a_start_by_hand(command: list[str]) -> None:
    ended = subprocess.run(
        command, input="hello\n", capture_output=True, text=True, check=False, timeout=20
    )
    assert ended.returncode == 2
    assert "starts its worker by itself" in ended.stderr
    assert ended.stdout == ""


def test_torch_is_not_imported_before_the_handshake() -> None:
    script = (
        "import sys, tokenflow_studio.worker.server, tokenflow_studio.worker.duties; "
        "sys.exit(bool({'torch', 'diffusers', 'transformers'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_client_imports_neither_server_nor_engine() -> None:
    script = (
        "import sys, tokenflow_studio.worker.client, tokenflow_studio.worker.session; "
        "rooms = ('torch', 'tokenflow_studio.worker.server', 'tokenflow_studio.jobs', "
        "'tokenflow_studio.engine'); "
        "print([name for name in sys.modules if name.startswith(rooms)])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.stdout.strip() == "[]"


OURS = Answer(address="unix:/w", pid=1, version="1.4.0", build="abc")


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (replace(OURS, core=CORE + 1), "restart"),
        (replace(OURS, core=CORE - 1), "install"),
        (replace(OURS, api=(max(API) + 1,)), "restart"),
        (replace(OURS, api=(0,)), "install"),
        (replace(OURS, version="1.5.0"), "restart"),
        (replace(OURS, build="def"), "restart"),
    ],
)
def test_versions_that_do_not_fit_tell_what_to_do(answer: Answer, advice: str) -> None:
    with pytest.raises(WorkerLost, match=advice) as caught:
        check_versions(answer, "1.4.0", "abc")
    assert "1.4.0" in str(caught.value)
    assert answer.version in str(caught.value)


def test_versions_that_fit_pass() -> None:
    check_versions(replace(OURS, api=(*API, max(API) + 1)), "1.4.0", "abc")
    assert len(build()) == 12


def test_a_worker_of_another_build_is_refused(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "build", lambda: "another")
    with pytest.raises(WorkerLost, match="changed while it ran"):
        WorkerProcess(command, UNIX)
