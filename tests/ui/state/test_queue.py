"""The queue's model, and the queue on disk."""

import json

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import JobKind, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.state.queue import EntryState, JobQueue, QueueEntry
from tokenflow_studio.ui.state.queue_file import queue_file, read_queue, write_queue


def entry(name: str, state: EntryState = EntryState.WAITING, **fields: object) -> QueueEntry:
    request = EditRequest(clip="/clips/fox.mp4", prompt=f"an owl, {name}", frames=FrameRange(3, 9))
    return QueueEntry(order=JobOrder(request=request, id=name), clip="fox", state=state, **fields)


@pytest.fixture
def queue(qtbot: QtBot, qtmodeltester: ModelTester) -> JobQueue:
    """One that ended, one that runs, three that wait."""
    made = JobQueue()
    qtmodeltester.check(made)
    for name, state in (("done", EntryState.DONE), ("runs", EntryState.RUNNING)):
        made.add(entry(name, state))
    for name in "abc":
        made.add(entry(name))
    return made


def names(queue: JobQueue) -> list[str]:
    return [found.id for found in queue.all]


@pytest.mark.parametrize(
    ("name", "to", "order"),
    [
        ("a", 4, "bca"),
        ("c", 2, "cab"),
        ("b", 3, "abc"),
        ("c", 0, "cab"),
        ("a", 99, "bca"),
        ("runs", 4, "abc"),
        ("done", 4, "abc"),
        ("nobody", 2, "abc"),
    ],
)
def test_only_waiting_jobs_move_and_only_among_themselves(
    queue: JobQueue, name: str, to: int, order: str
) -> None:
    queue.move(name, to)
    assert names(queue) == ["done", "runs", *order]


@pytest.mark.parametrize(
    ("name", "row", "order"), [("a", 5, "bca"), ("c", 2, "cab"), ("a", 4, "bac")]
)
def test_a_dragged_row_lands_where_it_was_dropped(
    queue: JobQueue, name: str, row: int, order: str
) -> None:
    index = queue.index(queue.row_of(name))
    assert index.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert queue.moveRow(QModelIndex(), index.row(), QModelIndex(), row)
    assert names(queue) == ["done", "runs", *order]
    assert not queue.index(1).flags() & Qt.ItemFlag.ItemIsDragEnabled


def test_the_running_job_cannot_be_removed(queue: JobQueue) -> None:
    for name in ("runs", "b"):
        queue.remove(name)
    queue.clear_ended()
    assert names(queue) == ["runs", "a", "c"]


def test_progress_alone_does_not_count_as_an_edit(qtbot: QtBot, queue: JobQueue) -> None:
    with qtbot.assertNotEmitted(queue.edited):
        queue.update("runs", fraction=0.5, step=3, total=6)
    with qtbot.waitSignal(queue.edited):
        queue.update("runs", state=EntryState.DONE)
    assert queue.running is None


def test_jobs_of_an_earlier_day_come_first_and_once(queue: JobQueue) -> None:
    queue.restore([entry("old"), entry("broken", EntryState.FAILED), entry("b")])
    assert names(queue) == ["broken", "done", "runs", "old", "a", "b", "c"]


def test_the_file_keeps_what_is_to_do_and_what_failed(queue: JobQueue) -> None:
    queue.add(entry("broken", EntryState.FAILED, message="The disk is full."))
    queue.add(entry("stopped", EntryState.CANCELLED))
    write_queue(queue.all)
    read = read_queue()
    assert [(found.id, found.state) for found in read] == [
        ("runs", EntryState.WAITING),
        ("a", EntryState.WAITING),
        ("b", EntryState.WAITING),
        ("c", EntryState.WAITING),
        ("broken", EntryState.FAILED),
    ]
    assert read[1] == entry("a")
    assert read[4].message == "The disk is full."


def test_an_order_comes_back_whole(qtbot: QtBot) -> None:
    request = EditRequest(clip="/a/####.exr", prompt="é", keyframes=(3, 7), size=(256, 128))
    order = JobOrder(request=request, kind=JobKind.KEYFRAMES, output="/out", start_frame=7,
                     takes="/shot/takes")  # fmt: skip
    write_queue([QueueEntry(order=order, clip="a")])
    assert read_queue()[0].order == order


def test_no_file_is_an_empty_queue() -> None:
    assert read_queue() == ()


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"schema": 99, "jobs": []}', b"\xff\xfe"])
def test_a_damaged_file_is_set_aside(content: bytes) -> None:
    queue_file().parent.mkdir(parents=True)
    queue_file().write_bytes(content)
    with pytest.raises(BadInput, match="moved to"):
        read_queue()
    assert queue_file().with_name("queue.damaged.json").read_bytes() == content
    assert read_queue() == ()


def test_a_job_that_cannot_be_read_does_not_take_the_others_with_it() -> None:
    write_queue([entry("a"), entry("b"), entry("c")])
    content = json.loads(queue_file().read_bytes())
    content["jobs"][0]["order"]["request"]["from the future"] = 1
    content["jobs"][1]["state"] = "dreaming"
    queue_file().write_text(json.dumps(content))
    assert [found.id for found in read_queue()] == ["c"]
