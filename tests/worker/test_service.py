"""What the worker's calls promise, asked of a real process."""

import threading
from itertools import pairwise
from pathlib import Path

import pytest

import tokenflow_studio
from tests.worker.conftest import MakeOrder
from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.job import EventKind, JobEvent, JobKind
from tokenflow_studio.worker.client import WorkerClient
from tokenflow_studio.worker.job_state import JobState


def test_info_tells_version_device_and_sizes(worker: WorkerClient) -> None:
    info = worker.info()
    assert (info.version, info.pid) == (tokenflow_studio.__version__, worker.pid)
    assert (info.engine_ready, info.device) == (True, "CPU, 2 cores")
    assert 0 < info.memory_free <= info.memory_total
    assert info.cache_free > 0
    assert info.takes_free > 0


def test_a_job_ends_with_done(worker: WorkerClient, make_order: MakeOrder) -> None:
    order = make_order(kind=JobKind.KEYFRAMES, output="/out")
    events = list(worker.run(order))
    last = events[-1]
    assert (last.kind, last.folder, last.output) == (EventKind.DONE, "/takes/1", "/out")
    assert {event.job for event in events} == {order.id}
    assert all(before.seq < after.seq for before, after in pairwise(events))
    assert events[-2].frames == (0, 1)


def test_a_bad_input_is_one_sentence_and_the_worker_goes_on(
    worker: WorkerClient, make_order: MakeOrder
) -> None:
    [failed] = worker.run(make_order("bad input"))
    assert failed.kind is EventKind.FAILED
    assert (failed.message, failed.exit_code) == ("clip.mp4 is empty.", 2)
    assert list(worker.run(make_order()))[-1].kind is EventKind.DONE


def test_a_fault_is_one_sentence_and_its_traceback_is_in_the_log(
    worker: WorkerClient, make_order: MakeOrder
) -> None:
    [failed] = worker.run(make_order("fault"))
    assert (failed.kind, failed.exit_code) == (EventKind.FAILED, 1)
    assert "ZeroDivisionError" in failed.message
    assert "\n" not in failed.message
    assert "Traceback" in Path(worker.info().log_file).read_text()
    assert list(worker.run(make_order()))[-1].kind is EventKind.DONE


@pytest.mark.parametrize(("prompt", "reason"), [("memory", "smaller size"), ("exit", "exits")])
def test_whatever_a_job_does_the_worker_goes_on(
    worker: WorkerClient, make_order: MakeOrder, prompt: str, reason: str
) -> None:
    [failed] = worker.run(make_order(prompt))
    assert (failed.kind, failed.exit_code) == (EventKind.FAILED, 1)
    assert reason in failed.message
    assert list(worker.run(make_order()))[-1].kind is EventKind.DONE


def test_starting_twice_starts_once(worker: WorkerClient, make_order: MakeOrder) -> None:
    order = make_order()
    worker.start(order)
    first = list(worker.watch(order.id))
    worker.start(order)
    assert list(worker.watch(order.id))[-1] == first[-1]
    assert worker.states() == {order.id: JobState.DONE}


def test_one_id_for_two_orders_is_refused(worker: WorkerClient, make_order: MakeOrder) -> None:
    worker.start(make_order(id="one"))
    with pytest.raises(BadInput, match="another order"):
        worker.start(make_order("something else", id="one"))


def test_a_watcher_that_comes_back_loses_nothing(
    worker: WorkerClient, make_order: MakeOrder
) -> None:
    order = make_order("flood")
    seen: list[JobEvent] = []
    for event in worker.run(order):
        seen.append(event)
        if len(seen) == 3:
            break
    seen += worker.watch(order.id, seen[-1].seq + 1)
    notices = [event.message for event in seen if event.kind is EventKind.NOTICE]
    assert notices == [str(number) for number in range(500)]
    assert all(before.seq < after.seq for before, after in pairwise(seen))


def test_dropping_the_stream_leaves_the_job_running(
    worker: WorkerClient, make_order: MakeOrder
) -> None:
    order = make_order("wait")
    stream = worker.run(order)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert worker.states() == {order.id: JobState.RUNNING}


def test_cancel_ends_a_running_job(worker: WorkerClient, make_order: MakeOrder) -> None:
    order = make_order("wait")
    events = worker.run(order)
    next(events)
    worker.cancel(order.id)
    last = list(events)[-1]
    assert (last.kind, last.exit_code) == (EventKind.CANCELLED, 3)


def test_cancel_ends_a_waiting_job_at_once(worker: WorkerClient, make_order: MakeOrder) -> None:
    running, waiting = make_order("wait"), make_order()
    next(worker.run(running))
    worker.start(waiting)
    worker.cancel(waiting.id)
    assert [event.kind for event in worker.watch(waiting.id)] == [EventKind.CANCELLED]
    assert worker.states() == {running.id: JobState.RUNNING, waiting.id: JobState.CANCELLED}


def test_jobs_compute_one_after_the_other(worker: WorkerClient, make_order: MakeOrder) -> None:
    orders = [make_order(id=str(number)) for number in range(8)]
    threads = [threading.Thread(target=worker.start, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ends = [list(worker.watch(order.id))[-1].kind for order in orders]
    assert ends == [EventKind.DONE] * 8


def test_an_unknown_job_is_named(worker: WorkerClient) -> None:
    with pytest.raises(JobFailed, match="no job nowhere"):
        list(worker.watch("nowhere"))
    with pytest.raises(JobFailed, match="no job nowhere"):
        worker.cancel("nowhere")


def test_a_model_is_checked(worker: WorkerClient) -> None:
    assert worker.check_model("demo").summary == "a small model"
    with pytest.raises(BadInput, match="no model other"):
        worker.check_model("other")


def test_a_clip_is_scored_as_it_streams(worker: WorkerClient) -> None:
    scores = list(worker.score("clip.mp4", "a red ball"))
    assert [(s.done, s.total, s.prompt_match) for s in scores] == [(8, 10, 0.5), (10, 10, 0.75)]
    without = list(worker.score("clip.mp4", ""))[-1]
    assert (without.prompt_match, without.frame_consistency) == (None, 0.125)
    with pytest.raises(BadInput, match="no scorer in nowhere"):
        list(worker.score("clip.mp4", "", "nowhere"))
    assert next(worker.score("clip.mp4", "")).done == 8  # the rest is not waited for
    assert worker.check_model("demo").summary == "a small model"
