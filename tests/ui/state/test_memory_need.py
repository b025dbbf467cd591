"""What the window says of memory before a run."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, machine
from tokenflow_studio.core.memory import ModelShape
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.memory_need import memory_need
from tokenflow_studio.ui.state.model_facts import ModelFacts
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.system import SystemView, WorkerState

GIB = 2**30
SD = ModelShape(1_290_000_000, 320, 2820, 1680, 768, 8)
FACTS = ModelFacts("sd", native_size=(512, 512), shape=SD)
CARD = SystemView(
    WorkerState.IDLE, "NVIDIA RTX 4090, 24 GB", free=20 * GIB, total=24 * GIB, own=True
)


def test_what_fits_is_said_quietly() -> None:
    need = memory_need(Recipe(), FACTS, 6, CARD)
    assert need.kind == "small"
    assert need.text.endswith("of memory, 20.0 GB is free")


def test_what_does_not_fit_now_says_what_would_help() -> None:
    full = dataclasses.replace(CARD, free=2 * GIB)
    need = memory_need(Recipe(), FACTS, 6, full)
    assert need.kind == "warning"
    assert "2.0 GB is free now: close other programs" in need.text
    busy = dataclasses.replace(full, worker=WorkerState.BUSY)  # it has taken that memory itself
    assert memory_need(Recipe(), FACTS, 6, busy).kind == "small"


def test_what_can_never_fit_is_an_alarm() -> None:
    small = dataclasses.replace(CARD, total=4 * GIB, free=4 * GIB)
    need = memory_need(Recipe(), FACTS, 6, small)
    assert need.kind == "alarm"
    assert "4.0 GB is all there is" in need.text
    assert "smaller size" in need.text


def test_the_recipe_decides() -> None:
    def figure(recipe: Recipe) -> float:
        return float(memory_need(recipe, FACTS, 12, CARD).text.split()[2])

    assert figure(Recipe(size=(768, 768))) > figure(Recipe()) > figure(Recipe(guidance=1.0))


@pytest.mark.parametrize(("facts", "keyframes"), [(ModelFacts("owner/name"), 6), (FACTS, 0)])
def test_nothing_is_said_of_what_is_not_known(facts: ModelFacts, keyframes: int) -> None:
    assert memory_need(Recipe(), facts, keyframes, CARD).text == ""


def test_the_panel_tells_it_and_follows_the_size(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker, tmp_path: Path
) -> None:
    line = opened.recipe.memory
    qtbot.waitUntil(lambda: line.text().startswith("Needs about"))
    assert line.isVisible()
    assert line.property("kind") == "small"
    worker.machine = machine(device="NVIDIA GT 710, 2 GB", device_total=2 * GIB, device_free=GIB)
    opened.studio.system.check()
    qtbot.waitUntil(lambda: opened.studio.system.view.own)
    box = opened.recipe.settings.working_size
    box.setEditText("2048 x 2048")
    line_edit = box.lineEdit()
    assert line_edit is not None
    QTest.keyClicks(line_edit, "\r")
    qtbot.waitUntil(lambda: line.property("kind") == "alarm")
    assert "2.0 GB is all there is" in line.text()
