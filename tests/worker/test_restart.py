"""A session says where its worker stands, what that runs on, and starts it anew when asked."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.worker.conftest import MakeOrder
from tokenflow_studio.core.errors import BadInput, WorkerLost
from tokenflow_studio.core.job import EventKind
from tokenflow_studio.worker.client import WorkerClient
from tokenflow_studio.worker.phase import WorkerPhase
from tokenflow_studio.worker.session import WorkerSession


@pytest.fixture
def session(command: list[str]) -> Iterator[WorkerSession]:
    running = WorkerSession(lambda: WorkerClient.launch(command))
    yield running
    running.close()


def soon(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)
    return done()


def test_phases_of_a_life(session: WorkerSession) -> None:
    assert session.phase is WorkerPhase.STOPPED
    assert session.info().device == "CPU, 2 cores"
    assert session.phase is WorkerPhase.UP
    os.kill(session.client().pid, signal.SIGKILL)
    assert soon(lambda: session.phase is WorkerPhase.LOST)
    session.client()
    assert session.phase is WorkerPhase.UP
    session.close()
    assert session.phase is WorkerPhase.STOPPED


def test_the_phase_while_it_starts(command: list[str]) -> None:
    seen: list[WorkerPhase] = []

    def launch() -> WorkerClient:
        seen.append(session.phase)
        return WorkerClient.launch(command)

    session = WorkerSession(launch)
    session.client()
    assert seen == [WorkerPhase.STARTING]
    assert session.phase is WorkerPhase.UP
    session.close()


def test_restart_is_another_process_at_once(session: WorkerSession) -> None:
    before = session.client().pid
    started = time.monotonic()
    for _ in range(5):  # more often than a worker may die
        session.restart()
    assert session.client().pid != before
    assert time.monotonic() - started < 60
    assert session.phase is WorkerPhase.UP


def test_restart_during_a_job_and_the_job_goes_on(
    session: WorkerSession, make_order: MakeOrder
) -> None:
    order = make_order("wait")
    events = session.run(order)
    next(events)
    session.restart()
    assert next(event for event in events if event.kind is EventKind.NOTICE)
    session.cancel(order.id)
    assert list(events)[-1].kind is EventKind.CANCELLED


def test_restart_after_too_many_deaths_helps(command: list[str]) -> None:
    session = WorkerSession(lambda: WorkerClient.launch(command))
    session._policy.forgive()
    for _ in range(4):
        session._policy.pause()
    session.client().kill()
    with pytest.raises(WorkerLost, match="not started again by itself"):
        session.client()
    session.restart()
    assert session.phase is WorkerPhase.UP
    session.close()


def test_a_model_is_checked_in_the_worker(session: WorkerSession) -> None:
    assert session.check_model("demo").summary == "a small model"
    with pytest.raises(BadInput, match="no model other"):
        session.check_model("other")
