"""What the machine offers and how the worker is, told without waiting for either."""

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, machine
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.state.system import WorkerState, memory_text

GIB = 2**30


def test_before_a_worker_runs_the_memory_is_known_and_no_worker_is_started(
    qtbot: QtBot, studio: Studio, worker: ScriptedWorker
) -> None:
    qtbot.waitUntil(lambda: studio.system.view.total > 0)
    view = studio.system.view
    assert (view.worker, view.device, view.own) == (WorkerState.STOPPED, "", False)
    assert 0 < view.free <= view.total
    assert not worker.called


def test_a_check_asks_the_worker(qtbot: QtBot, studio: Studio) -> None:
    studio.system.check()
    qtbot.waitUntil(lambda: studio.system.view.device == "CPU, 2 cores")
    view = studio.system.view
    assert (view.worker, view.torch) == (WorkerState.IDLE, "2.13.0")
    assert view.summary.startswith("CPU, 2 cores  ·  ")


def test_a_gpu_counts_its_own_memory(qtbot: QtBot, studio: Studio, worker: ScriptedWorker) -> None:
    worker.machine = machine(device="A GPU, 24 GB", device_total=24 * GIB, device_free=5 * GIB)
    studio.system.check()
    qtbot.waitUntil(lambda: studio.system.view.own)
    view = studio.system.view
    assert view.total == 24 * GIB
    assert view.summary == "A GPU, 24 GB  ·  5.0 GB free"
    worker.machine = machine(device="A GPU, 24 GB", device_total=24 * GIB, device_free=2 * GIB)
    studio.system.look()
    qtbot.waitUntil(lambda: studio.system.view.free <= 2 * GIB)


def test_busy_idle_lost_and_restarted(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    studio, badge = opened.studio, opened.job_bar.system
    worker.hold = True
    studio.recipe.set(prompt="a paper cut")
    studio.preview()
    qtbot.waitUntil(lambda: studio.system.view.worker is WorkerState.BUSY)
    assert "busy" in badge.accessibleName()
    worker.go.set()
    qtbot.waitUntil(lambda: studio.system.view.worker is WorkerState.IDLE)
    worker.lost = True
    studio.system.look()
    assert studio.system.view.worker is WorkerState.LOST
    assert badge.toolTip() == "Worker: lost"
    badge.restart.trigger()
    qtbot.waitUntil(lambda: worker.restarts == 1)
    qtbot.waitUntil(lambda: studio.system.view.worker is WorkerState.IDLE)
    qtbot.waitUntil(lambda: "restarted" in studio.notices.status)


def test_a_worker_that_does_not_come_up_is_one_sentence(
    qtbot: QtBot, studio: Studio, worker: ScriptedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tokenflow_studio.core.errors import WorkerLost

    def refuse(wait: float = 0) -> None:
        raise WorkerLost("The worker process did not come up within 20 seconds.")

    monkeypatch.setattr(worker, "info", refuse)
    studio.system.check()
    qtbot.waitUntil(lambda: studio.notices.notice is not None)
    assert "did not come up" in studio.notices.notice.text


@pytest.mark.parametrize(
    ("number", "text"),
    [(640 * 2**20, "640 MB"), (GIB, "1.0 GB"), (9.44 * GIB, "9.4 GB"), (139 * GIB, "139 GB")],
)
def test_sizes_for_people(number: float, text: str) -> None:
    assert memory_text(number) == text
