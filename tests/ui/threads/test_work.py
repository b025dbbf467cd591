"""Every order ends with exactly one final event, whatever the worker does."""

import sys
from collections.abc import Callable, Iterator

import psutil
import pytest
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.job import FINAL, EventKind, JobEvent, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.threads.work import WorkThread, launch_behind

ORDER = JobOrder(request=EditRequest(clip="/a.mp4", prompt="an owl"))


class OneEnding:
    """A worker that ends as the given function does."""

    def __init__(self, ending: Callable[[], Iterator[JobEvent]]) -> None:
        self._ending = ending

    def run(self, order: JobOrder) -> Iterator[JobEvent]:
        yield JobEvent(kind=EventKind.PROGRESS, job=order.id)
        yield from self._ending()

    def cancel(self, job_id: str) -> None: ...

    def close(self) -> None: ...


def _lost() -> Iterator[JobEvent]:
    raise WorkerLost("The worker did not come up: see its log.")


def _broken() -> Iterator[JobEvent]:
    raise KeyError("nobody thought of this")


def _silent() -> Iterator[JobEvent]:
    return iter(())


def _done() -> Iterator[JobEvent]:
    yield JobEvent(kind=EventKind.DONE, job=ORDER.id)
    yield JobEvent(kind=EventKind.DONE, job=ORDER.id)


@pytest.mark.parametrize(
    ("ending", "kind", "words"),
    [
        (_lost, EventKind.FAILED, "did not come up"),
        (_broken, EventKind.FAILED, "unknown reason"),
        (_silent, EventKind.FAILED, "unknown reason"),
        (_done, EventKind.DONE, ""),
    ],
)
def test_one_final_event(
    qtbot: QtBot, ending: Callable[[], Iterator[JobEvent]], kind: EventKind, words: str
) -> None:
    thread = WorkThread(lambda: OneEnding(ending))
    told: list[JobEvent] = []
    thread.reported.connect(told.append)
    try:
        thread.submit(ORDER)
        qtbot.waitUntil(lambda: any(event.kind in FINAL for event in told))
        qtbot.wait(20)
    finally:
        thread.close()
    finals = [event for event in told if event.kind in FINAL]
    assert [event.kind for event in finals] == [kind]
    assert words in finals[0].message


def test_a_worker_that_cannot_be_made_fails_the_order(qtbot: QtBot) -> None:
    def make() -> OneEnding:
        raise WorkerLost("no worker here")

    thread = WorkThread(make)
    try:
        with qtbot.waitSignal(thread.reported) as told:
            thread.submit(ORDER)
        assert told.args[0].message == "no worker here"
    finally:
        thread.close()


@pytest.mark.skipif(sys.platform == "win32", reason="priority classes there, no niceness")
def test_the_window_s_worker_lets_the_window_go_first() -> None:
    with launch_behind() as client:
        assert psutil.Process(client.pid).nice() > psutil.Process().nice()
