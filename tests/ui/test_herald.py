"""A job that ends while the user works elsewhere is told; one that he cancelled is not."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.core.job import EventKind, JobEvent, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.herald import Herald, message
from tokenflow_studio.ui.state.queue import QueueEntry
from tokenflow_studio.ui.state.studio import Studio


@pytest.fixture
def alerted(monkeypatch: pytest.MonkeyPatch) -> list[QWidget]:
    """The windows that were marked in the task bar."""
    told: list[QWidget] = []
    monkeypatch.setattr(QApplication, "alert", told.append)
    return told


@pytest.mark.parametrize("ending", ["done", "failed", "cancelled"])
def test_the_end_of_a_job_marks_a_window_that_is_not_active(
    qtbot: QtBot, studio: Studio, worker: ScriptedWorker, clip: str, alerted: list[QWidget],
    ending: str,
) -> None:  # fmt: skip
    elsewhere = QWidget()
    qtbot.addWidget(elsewhere)
    Herald(studio.jobs, elsewhere)
    studio.open(clip)
    qtbot.waitUntil(lambda: studio.session.clip is not None)
    worker.failure = "The disk is full." if ending == "failed" else ""
    worker.hold = ending == "cancelled"
    studio.recipe.set(prompt="a paper cut")
    studio.propagate()
    if ending == "cancelled":
        studio.cancel()
    qtbot.waitUntil(lambda: not studio.job.view.busy)
    assert alerted == ([] if ending == "cancelled" else [elsewhere])


def test_the_message_says_what_ended_and_what_is_left() -> None:
    order = JobOrder(request=EditRequest(clip="/a/fox.mp4", prompt="an owl"))
    entry = QueueEntry(order=order, clip="fox")
    done = JobEvent(kind=EventKind.DONE, job=order.id)
    assert message(entry, done, 2) == ("Take of fox is done", "an owl. 2 more to do.")
    failed = JobEvent(kind=EventKind.FAILED, job=order.id, message="The disk is full.")
    assert message(entry, failed, 0) == ("Take of fox failed", "The disk is full.")
