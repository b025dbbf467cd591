"""The recipe panel by mouse and key: prompts, structure, seed, marks, presets, undo."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QLabel, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.recipe import Recipe

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def child(window: MainWindow, kind: type[QWidget], name: str) -> QWidget:
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def recipe(window: MainWindow) -> Recipe:
    return window.studio.recipe.value


def test_tokens_are_counted_against_what_the_model_reads(qtbot: QtBot, opened: MainWindow) -> None:
    QTest.keyClicks(opened.recipe.prompt, "a golden ball # later: blue")
    count = child(opened, QLabel, "promptEditCount")
    qtbot.waitUntil(lambda: count.text() == "3 / 30 tokens")
    assert count.property("kind") == "small"
    opened.studio.recipe.set(prompt="ball " * 32)
    qtbot.waitUntil(lambda: count.text() == "32 / 30 tokens")
    assert count.property("kind") == "alarm"
    assert "last 2" in count.toolTip()
    opened.studio.recipe.set(prompt="")
    qtbot.waitUntil(lambda: count.text() == "")


def test_ctrl_up_and_down_weigh_the_word_at_the_cursor(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    prompt = opened.recipe.prompt
    QTest.keyClicks(prompt, "a red fox")
    for _ in range(2):
        QTest.keyClick(prompt, Qt.Key.Key_Up, CTRL)
    assert prompt.toPlainText() == "a red (fox:1.2)"
    QTest.keyClick(prompt, Qt.Key.Key_Down, CTRL)
    assert recipe(opened).prompt == "a red (fox:1.1)"
    opened.studio.preview()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    assert worker.orders[0].request.prompt == "a red (fox:1.1)"
    prompt.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClick(prompt, Qt.Key.Key_Down)  # alone it moves the cursor
    assert recipe(opened).prompt == "a red (fox:1.1)"


def test_a_comment_changes_no_request_and_makes_no_preview_stale(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    opened.studio.recipe.set(prompt="a red fox")
    opened.studio.preview()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    states = [mark.state for mark in opened.studio.marks.pictured]
    opened.studio.recipe.set(prompt="a red fox  # client likes it")
    assert [mark.state for mark in opened.studio.marks.pictured] == states
    assert opened.recipe.prompt.toPlainText() == "a red fox  # client likes it"


def test_structure_is_one_slider_over_two_exact_values(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    settings = opened.recipe.settings
    slider = child(opened, QSlider, "structureSlider")
    slider.setFocus()
    slider.setValue(50)
    assert (recipe(opened).pnp_attention, recipe(opened).pnp_features) == (0.5, 0.8)
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    assert (recipe(opened).pnp_attention, recipe(opened).pnp_features) == (0.6, 0.96)
    QTest.mouseClick(settings.fold, LEFT)
    assert settings.attention.isVisible()
    assert settings.features.value() == 0.96
    settings.features.setValue(0.7)
    assert recipe(opened).pnp_features == 0.7
    assert settings.structure_share.text() == "≈ 60%"
    settings.technique.setCurrentIndex(1)
    assert not settings.attention.isVisible()
    slider.setValue(40)
    assert recipe(opened).strength == 0.6
    opened.studio.recipe.set(prompt="a fox")
    opened.studio.preview()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    request = worker.orders[0].request
    assert (request.technique, request.strength, request.pnp_features) == ("sdedit", 0.6, 0.7)


def test_dice_brings_variation_where_the_seed_would_not_count(opened: MainWindow) -> None:
    dice = child(opened, QToolButton, "seedDice")
    before = recipe(opened)
    QTest.mouseClick(dice, LEFT)
    assert recipe(opened).seed != before.seed
    assert recipe(opened).variation == 0.3
    opened.studio.recipe.undo.undo()
    assert recipe(opened) == before
    opened.studio.recipe.set(technique="sdedit")
    QTest.mouseClick(dice, LEFT)
    assert recipe(opened).variation == 0.0


def test_a_locked_seed_stays(opened: MainWindow) -> None:
    opened.studio.recipe.set(seed=41)
    QTest.keyClick(opened.recipe.seed, Qt.Key.Key_Up)
    assert recipe(opened).seed == 42
    QTest.keyClick(opened.viewer, Qt.Key.Key_L, CTRL)
    assert child(opened, QToolButton, "seedLock").isChecked()
    assert not opened.recipe.seed.isEnabled()
    opened.actions_by_id["recipe.dice"].trigger()
    opened.studio.recipe.adopt(Recipe(prompt="another take", seed=5), "Restore Recipe")
    assert recipe(opened).seed == 42
    QTest.mouseClick(child(opened, QToolButton, "seedLock"), LEFT)
    opened.actions_by_id["recipe.dice"].trigger()
    assert recipe(opened).seed != 42


@pytest.mark.parametrize(
    ("field", "value"),
    [("guidance", 4.0), ("seed", 9), ("steps", 12), ("keyframe_interval", 5), ("variation", 0.2),
     ("deflicker", 0.5), ("size", (512, 288)), ("technique", "sdedit")],
)  # fmt: skip
def test_what_was_changed_is_marked_and_goes_back_by_its_arrow(
    opened: MainWindow, field: str, value: object
) -> None:
    reset = child(opened, QToolButton, f"reset-{field}")
    assert not reset.isVisible()
    opened.studio.recipe.set(**{field: value})
    assert reset.isVisible()
    QTest.mouseClick(reset, LEFT)
    assert recipe(opened) == Recipe()
    assert not reset.isVisible()
    opened.studio.recipe.undo.undo()
    assert getattr(recipe(opened), field) == value


def test_every_control_reaches_the_request(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    settings = opened.recipe.settings
    settings.guidance.setValue(4.5)
    settings.variation.setValue(25)
    settings.steps.setValue(8)
    settings.interval.setValue(4)
    child(opened, QSlider, "deflickerSlider").setValue(60)
    settings.working_size.lineEdit().selectAll()
    QTest.keyClicks(settings.working_size.lineEdit(), "320x180")
    QTest.keyClick(settings.working_size.lineEdit(), Qt.Key.Key_Return)
    opened.studio.recipe.set(prompt="a fox")
    opened.studio.preview()
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    request = worker.orders[0].request
    assert (request.guidance, request.variation, request.steps) == (4.5, 0.25, 8)
    assert (request.keyframe_interval, request.deflicker, request.size) == (4, 0.6, (320, 180))
    for _ in range(7):
        opened.studio.recipe.undo.undo()
    assert recipe(opened) == Recipe()
    assert settings.guidance.text().startswith("Model’s default")
    assert settings.working_size.currentText() == "Auto"


def test_shift_enter_in_the_prompt_previews(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    QTest.keyClicks(opened.recipe.prompt, "a fox")
    QTest.keyClick(opened.recipe.prompt, Qt.Key.Key_Return, SHIFT)
    qtbot.waitUntil(lambda: len(worker.orders) == 1)
    qtbot.waitUntil(lambda: not opened.studio.job.view.busy)
    assert recipe(opened).prompt == "a fox"


def test_presets_are_saved_taken_up_and_deleted_from_the_menu(
    qtbot: QtBot, opened: MainWindow
) -> None:
    presets, menu = opened.studio.presets, opened.recipe.presets.menu()
    opened.studio.recipe.set(prompt="ink on paper", guidance=5.0)
    opened.recipe.presets.ask_for_name()
    dialog = opened.findChild(QInputDialog)
    dialog.setTextValue("Ink")
    with qtbot.waitSignal(presets.changed):
        dialog.accept()
    opened.studio.recipe.set(prompt="a fox", guidance=2.0)
    next(action for action in menu.actions() if action.text() == "Ink").trigger()
    assert (recipe(opened).prompt, recipe(opened).guidance) == ("ink on paper", 5.0)
    deletions = next(a.menu() for a in menu.actions() if a.text() == "Delete Preset")
    with qtbot.waitSignal(presets.changed):
        deletions.actions()[0].trigger()
    assert "Ink" not in [action.text() for action in menu.actions()]


def test_an_unknown_model_s_location_is_offered_as_it_is(
    opened: MainWindow, tmp_path: Path
) -> None:
    opened.studio.recipe.set(model=str(tmp_path))
    assert opened.recipe.settings.model.currentData() == str(tmp_path)
