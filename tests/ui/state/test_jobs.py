"""Jobs run one after the other, and the queue outlives failures, workers and the program."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.job import JobEvent, JobKind, JobOrder
from tokenflow_studio.ui.state.queue import EntryState
from tokenflow_studio.ui.state.queue_file import read_queue
from tokenflow_studio.ui.state.studio import Studio

MakeStudio = Callable[[ScriptedWorker], Studio]


@pytest.fixture
def made() -> Iterator[list[Studio]]:
    """The studios of a test, ended with it."""
    studios: list[Studio] = []
    yield studios
    for studio in studios:
        studio.close()


@pytest.fixture
def start(qtbot: QtBot, made: list[Studio], clip: str) -> MakeStudio:
    """Starts the program's state as the window does, with the clip open."""

    def started(worker: ScriptedWorker) -> Studio:
        studio = Studio(lambda: worker)
        made.append(studio)
        studio.jobs.restore()
        studio.open(clip)
        qtbot.waitUntil(lambda: studio.session.clip is not None)
        return studio

    return started


def _end(made: list[Studio]) -> None:
    made.pop().close()


def _order(studio: Studio, *prompts: str) -> None:
    for prompt in prompts:
        studio.recipe.set(prompt=prompt)
        studio.propagate()


def _states(studio: Studio) -> list[tuple[str, EntryState]]:
    return [(entry.order.request.prompt, entry.state) for entry in studio.jobs.queue.all]


def _prompts(worker: ScriptedWorker) -> list[str]:
    return [order.request.prompt for order in worker.orders]


def _drained(studio: Studio) -> Callable[[], bool]:
    queue = studio.jobs.queue
    return lambda: queue.running is None and not queue.waiting


def test_jobs_run_in_their_order(qtbot: QtBot, start: MakeStudio, worker: ScriptedWorker) -> None:
    studio = start(worker)
    _order(studio, "one", "two")
    studio.preview()
    assert "queue" in studio.notices.status
    qtbot.waitUntil(_drained(studio))
    assert _prompts(worker) == ["one", "two", "two"]
    assert [order.kind for order in worker.orders][1:] == [JobKind.EDIT, JobKind.KEYFRAMES]
    assert [take.name for take in studio.takes.all] == ["Take 2", "Take 1"]
    assert {take.count for take in studio.takes.all} == {20}
    assert studio.marks.pictured


def test_a_job_that_begins_by_itself_leaves_the_view_alone(
    qtbot: QtBot, start: MakeStudio, worker: ScriptedWorker
) -> None:
    studio = start(worker)
    _order(studio, "one")
    studio.preview()
    first = studio.takes.current
    qtbot.waitUntil(_drained(studio))
    assert studio.takes.current.id == first.id


def test_the_same_job_is_not_queued_twice(
    qtbot: QtBot, start: MakeStudio, worker: ScriptedWorker
) -> None:
    studio = start(worker)
    worker.hold = True
    _order(studio, "one", "one")
    assert "already" in studio.notices.notice.text
    worker.go.set()
    qtbot.waitUntil(_drained(studio))
    assert _prompts(worker) == ["one"]


def test_cancel_stops_the_running_job_and_the_next_begins(
    qtbot: QtBot, start: MakeStudio, worker: ScriptedWorker
) -> None:
    studio = start(worker)
    worker.hold = True
    _order(studio, "one", "two")
    qtbot.waitUntil(lambda: studio.takes.current.count == 19)
    studio.cancel()
    assert studio.jobs.queue.running.state is EntryState.CANCELLING
    qtbot.waitUntil(lambda: _prompts(worker) == ["one", "two"])
    worker.go.set()
    qtbot.waitUntil(_drained(studio))
    assert _states(studio) == [("one", EntryState.CANCELLED), ("two", EntryState.DONE)]


def test_a_failure_does_not_stop_the_others_and_can_be_tried_again(
    qtbot: QtBot, start: MakeStudio, worker: ScriptedWorker
) -> None:
    studio = start(worker)
    worker.hold, worker.failure = True, "The disk is full: free some space and start again."
    _order(studio, "one")
    qtbot.waitUntil(lambda: studio.takes.current.count == 19)
    worker.go.set()
    qtbot.waitUntil(_drained(studio))
    assert studio.notices.notice.text == worker.failure
    worker.failure = ""
    worker.go.clear()
    _order(studio, "two", "three")
    studio.jobs.retry(studio.jobs.queue.all[0].id)
    assert _states(studio)[1:] == [("one", EntryState.WAITING), ("three", EntryState.WAITING)]
    worker.go.set()
    qtbot.waitUntil(_drained(studio))
    assert _prompts(worker) == ["one", "two", "one", "three"]
    assert {state for _, state in _states(studio)} == {EntryState.DONE}


class DeadWorker(ScriptedWorker):
    """One that does not come up."""

    def run(self, order: JobOrder) -> Iterator[JobEvent]:
        self.orders.append(order)
        raise WorkerLost("The worker did not come up: see its log.")


def test_a_worker_that_does_not_come_up_pauses_the_queue(qtbot: QtBot, start: MakeStudio) -> None:
    worker = DeadWorker()
    studio = start(worker)
    _order(studio, "one", "two", "three")
    qtbot.waitUntil(lambda: studio.jobs.queue.paused)
    assert _states(studio) == [
        ("one", EntryState.FAILED),
        ("two", EntryState.WAITING),
        ("three", EntryState.WAITING),
    ]
    assert "did not come up" in studio.notices.notice.text
    assert "2 jobs still waiting" in studio.notices.notice.text
    studio.jobs.retry_last()
    qtbot.waitUntil(lambda: studio.jobs.queue.paused)
    assert _prompts(worker) == ["one", "one"]


def test_pause_lets_the_running_job_end_and_resume_goes_on(
    qtbot: QtBot, start: MakeStudio, worker: ScriptedWorker
) -> None:
    studio = start(worker)
    worker.hold = True
    _order(studio, "one", "two")
    studio.jobs.pause()
    worker.go.set()
    qtbot.waitUntil(lambda: not studio.job.view.busy)
    assert _states(studio) == [("one", EntryState.DONE), ("two", EntryState.WAITING)]
    _order(studio, "three")
    assert studio.notices.notice.action == "queue.resume"
    studio.jobs.resume()
    qtbot.waitUntil(_drained(studio))
    assert _prompts(worker) == ["one", "two", "three"]


def test_the_queue_survives_a_restart(
    qtbot: QtBot, start: MakeStudio, made: list[Studio], worker: ScriptedWorker
) -> None:
    studio = start(worker)
    worker.hold = True
    _order(studio, "one", "two", "three")
    studio.jobs.queue.move(studio.jobs.queue.all[2].id, 1)
    qtbot.waitUntil(lambda: len(read_queue()) == 3)  # kept while it runs, not at the end only
    _end(made)

    again = ScriptedWorker()
    studio = start(again)
    qtbot.waitUntil(lambda: len(studio.jobs.queue.all) == 3)
    assert studio.jobs.queue.paused
    assert again.orders == []
    studio.jobs.resume()
    qtbot.waitUntil(_drained(studio))
    assert _prompts(again) == ["one", "three", "two"]
    _end(made)
    assert read_queue() == ()


def test_a_restart_tells_how_many_jobs_wait(
    qtbot: QtBot, start: MakeStudio, made: list[Studio], worker: ScriptedWorker
) -> None:
    studio = start(worker)
    worker.hold = True
    _order(studio, "one", "two")
    _end(made)
    studio = Studio(ScriptedWorker)
    made.append(studio)
    studio.jobs.restore()
    qtbot.waitUntil(lambda: studio.notices.notice is not None)
    assert "2 jobs were waiting" in studio.notices.notice.text
    assert studio.notices.notice.action == "queue.resume"
