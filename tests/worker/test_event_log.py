"""The log of a job's events."""

from tokenflow_studio.core.job import EventKind, JobEvent, Stage
from tokenflow_studio.worker.event_log import CAPACITY, EventLog


def notice(text: str) -> JobEvent:
    return JobEvent(kind=EventKind.NOTICE, message=text)


def progress(stage: Stage, step: int) -> JobEvent:
    return JobEvent(kind=EventKind.PROGRESS, stage=stage, step=step, total=10)


def replay(log: EventLog, from_seq: int = 0) -> list[JobEvent]:
    return list(log.watch(from_seq, lambda: True))


def finished(*events: JobEvent) -> EventLog:
    log = EventLog("job")
    for event in (*events, JobEvent(kind=EventKind.DONE)):
        log.append(event)
    return log


def test_events_are_numbered_and_named() -> None:
    events = replay(finished(notice("a"), notice("b")))
    assert [(event.seq, event.job) for event in events] == [(1, "job"), (2, "job"), (3, "job")]


def test_progress_keeps_the_last_of_each_stage_in_order() -> None:
    log = finished(
        progress(Stage.INVERT, 1), progress(Stage.INVERT, 2), notice("a"), progress(Stage.DECODE, 1)
    )
    kept = [(event.seq, event.stage, event.step) for event in replay(log)]
    assert kept == [(2, Stage.INVERT, 2), (3, None, 0), (4, Stage.DECODE, 1), (5, None, 0)]


def test_the_ring_keeps_the_newest() -> None:
    log = finished(*(notice(str(number)) for number in range(2 * CAPACITY)))
    events = replay(log)
    assert len(events) == CAPACITY
    assert events[-1].kind is EventKind.DONE
    assert [event.seq for event in events] == list(range(CAPACITY + 2, 2 * CAPACITY + 2))


def test_nothing_follows_the_final_event() -> None:
    log = finished()
    assert log.append(notice("late")).kind is EventKind.DONE
    assert [event.kind for event in replay(log)] == [EventKind.DONE]


def test_watching_past_the_end_ends() -> None:
    assert replay(finished(), from_seq=99) == []


def test_a_watcher_that_is_not_wanted_leaves() -> None:
    log = EventLog("job")
    answers = iter([True, False])
    assert list(log.watch(0, lambda: next(answers))) == []
