"""The first steps: what the machine can do, the demo by one click, models; nothing waits."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, machine
from tokenflow_studio.core.job import JobKind
from tokenflow_studio.core.settings import read_settings
from tokenflow_studio.ui.main_window import MainWindow


def press(window: MainWindow, name: str) -> None:
    button = window.findChild(QWidget, name)
    assert button is not None, name
    assert button.isVisible(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_memory_and_disk_are_told_at_once_and_the_device_when_asked(
    qtbot: QtBot, window: MainWindow, worker: ScriptedWorker
) -> None:
    first = window.empty.first
    assert first.isVisible()
    qtbot.waitUntil(lambda: "free for takes" in first.facts["Disk"].text())
    qtbot.waitUntil(lambda: "free, of the machine" in first.facts["Memory"].text())
    assert not worker.called  # a worker is not started for a look at the window
    worker.machine = machine(device="NVIDIA RTX 4090, 24 GB", device_total=24 * 2**30,
                             device_free=20 * 2**30)  # fmt: skip
    press(window, "firstCheckButton")
    qtbot.waitUntil(lambda: first.facts["Device"].text() == "NVIDIA RTX 4090, 24 GB")
    assert first.facts["Memory"].text().endswith("of 24.0 GB free, of the device")
    assert "works here too" in first.verdict.text()
    assert not first.check.isVisible()


def test_a_processor_alone_is_told_what_it_is_good_for(qtbot: QtBot, window: MainWindow) -> None:
    press(window, "firstCheckButton")
    qtbot.waitUntil(lambda: window.empty.first.facts["Device"].text().startswith("CPU"))
    assert "wants a GPU" in window.empty.first.verdict.text()


def test_the_demo_runs_by_one_click(
    qtbot: QtBot, window: MainWindow, worker: ScriptedWorker
) -> None:
    press(window, "firstDemoButton")
    # The first clip brings the decoders with it, which takes seconds on a busy machine.
    qtbot.waitUntil(lambda: bool(worker.orders), timeout=60_000)
    order = worker.orders[0]
    assert order.kind is JobKind.KEYFRAMES
    assert order.request.prompt
    assert order.request.source_prompt


def test_models_open_beside_the_window(qtbot: QtBot, window: MainWindow) -> None:
    press(window, "firstModelsButton")
    assert window.side.models.isVisible()
    assert not window.side.models.isModal()
    assert [d for d in window.findChildren(QDialog) if d.isVisible() and d.isModal()] == []


def test_the_first_steps_stay_away_once_put_away(qtbot: QtBot, window: MainWindow) -> None:
    press(window, "firstHideButton")
    assert not window.empty.first.isVisible()
    qtbot.waitUntil(lambda: not read_settings().welcome)
    assert window.empty.open.isVisible()
