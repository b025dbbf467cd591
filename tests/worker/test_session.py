"""A worker that dies is replaced, and the job goes on."""

import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.worker.conftest import MakeOrder
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.job import EventKind, JobEvent
from tokenflow_studio.worker.client import WorkerClient
from tokenflow_studio.worker.session import RestartPolicy, WorkerSession


@pytest.fixture
def session(command: list[str]) -> Iterator[WorkerSession]:
    running = WorkerSession(lambda: WorkerClient.launch(command))
    yield running
    running.close()


def test_a_death_is_a_notice_and_the_job_goes_on(
    session: WorkerSession, make_order: MakeOrder, tmp_path: Path
) -> None:
    events = list(session.run(make_order("die once", clip=str(tmp_path / "mark"))))
    notice = next(event for event in events if event.kind is EventKind.NOTICE)
    assert "goes on in a new one" in notice.message
    assert events[-1].kind is EventKind.DONE
    assert all(before.seq < after.seq for before, after in pairwise(events))


def test_two_deaths_at_one_step_end_the_job(
    session: WorkerSession, make_order: MakeOrder, tmp_path: Path
) -> None:
    last = list(session.run(make_order("die always", clip=str(tmp_path / "mark"))))[-1]
    assert (last.kind, last.exit_code) == (EventKind.FAILED, 1)
    assert "twice at step 3 of stage invert" in last.message
    assert list(session.run(make_order()))[-1].kind is EventKind.DONE


def test_three_restarts_in_five_minutes() -> None:
    now = 0.0
    policy = RestartPolicy(lambda: now)
    assert [policy.pause() for _ in range(4)] == [0.5, 2.0, 8.0, None]
    now = 301.0
    assert policy.pause() == 0.5


def test_a_bad_order_ends_with_its_sentence(session: WorkerSession, make_order: MakeOrder) -> None:
    assert list(session.run(make_order(id="same")))[-1].kind is EventKind.DONE
    last = list(session.run(make_order("another", id="same")))[-1]
    assert (last.kind, last.exit_code) == (EventKind.FAILED, 2)


def test_cancel_reaches_a_job_wherever_it_is(session: WorkerSession, make_order: MakeOrder) -> None:
    order = make_order("wait")
    events = session.run(order)
    next(events)
    session.cancel(order.id)
    assert list(events)[-1].kind is EventKind.CANCELLED
    session.cancel("unknown")


def test_cancel_ends_a_job_that_does_not_listen(command: list[str], make_order: MakeOrder) -> None:
    session = WorkerSession(lambda: WorkerClient.launch(command), patience=0.5)
    order = make_order("busy")
    events = session.run(order)
    next(events)
    session.cancel(order.id)
    assert [event.kind for event in events] == [EventKind.CANCELLED]
    assert list(session.run(make_order()))[-1].kind is EventKind.DONE
    session.close()


def test_cancel_before_the_worker_is_up(command: list[str], make_order: MakeOrder) -> None:
    launching = threading.Event()

    def launch() -> WorkerClient:
        launching.set()
        time.sleep(0.1)
        return WorkerClient.launch(command)

    session = WorkerSession(launch)
    order = make_order("wait")
    seen: list[JobEvent] = []
    thread = threading.Thread(target=lambda: seen.extend(session.run(order)))
    thread.start()
    launching.wait()
    session.cancel(order.id)
    thread.join(10)
    session.close()
    assert [event.kind for event in seen] == [EventKind.CANCELLED]


def test_a_worker_that_never_starts_ends_the_job(make_order: MakeOrder) -> None:
    session = WorkerSession(lambda: WorkerClient.launch(["/nowhere/python"]))
    [last] = session.run(make_order())
    assert (last.kind, last.exit_code) == (EventKind.FAILED, 1)
    assert "cannot be started" in last.message


def test_a_closed_session_starts_no_worker(session: WorkerSession) -> None:
    session.close()
    with pytest.raises(WorkerLost, match="closed"):
        session.client()
