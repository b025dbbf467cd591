"""The window as a user meets it, against a scripted worker."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, write_frames
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import JobKind
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.panels.export_dialog import ExportDialog
from tokenflow_studio.ui.state.marks import MarkState
from tokenflow_studio.ui.state.notices import Level
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.takes import TakeState

NAMES = (
    "viewer", "timeline", "promptEdit", "negativePromptEdit", "sourcePromptEdit", "modelBox",
    "techniqueBox", "seedBox", "keyframeIntervalBox", "previewKeyframesButton", "propagateButton",
    "cancelButton", "exportButton", "compareModeBox", "takesList", "jobProgress", "statusLine",
)  # fmt: skip
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def press(widget: QWidget, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifiers)


def child(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None, name
    return found


def click(qtbot: QtBot, window: MainWindow, name: str) -> None:
    button = child(window, name)
    assert button.isEnabled(), f"{name} is grey"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def type_prompt(window: MainWindow, text: str) -> None:
    edit = window.findChild(QPlainTextEdit, "promptEdit")
    edit.setFocus()
    QTest.keyClicks(edit, text)


def finish_job(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.studio.job.view.busy, timeout=10000)


@pytest.mark.parametrize("name", NAMES)
def test_scripts_find_every_widget_by_name(window: MainWindow, name: str) -> None:
    assert child(window, name).accessibleName() or isinstance(child(window, name), QPushButton)


def test_the_whole_way(qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker) -> None:
    studio = opened.studio
    type_prompt(opened, "a paper cut")
    click(qtbot, opened, "previewKeyframesButton")
    finish_job(qtbot, opened)
    assert worker.orders[0].kind is JobKind.KEYFRAMES
    assert [mark.frame for mark in studio.marks.pictured] == [1004, 1012, 1018]
    assert studio.session.compare is Compare.EDIT
    assert studio.session.playhead == 1004
    assert studio.display.edit.name == "Keyframe preview"
    assert opened.strip.isVisible()

    click(qtbot, opened, "propagateButton")
    finish_job(qtbot, opened)
    order = worker.orders[1]
    assert (order.kind, order.request.prompt) == (JobKind.EDIT, "a paper cut")
    take = studio.takes.current
    assert (take.name, take.state, take.count) == ("Take 1", TakeState.DONE, 20)
    assert studio.display.edit.name == "Take 1"
    assert window_list(opened).currentIndex().row() == 0


def window_list(window: MainWindow) -> QListView:
    return window.findChild(QListView, "takesList")


def test_export_asks_where_and_copies(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    type_prompt(opened, "a paper cut")
    opened.studio.propagate()
    finish_job(qtbot, opened)
    click(qtbot, opened, "exportButton")
    dialog = opened.findChild(ExportDialog)
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.name.setText("shot")
    dialog.last.setValue(1004)
    qtbot.waitUntil(lambda: "(4 files)" in dialog.names.text(), timeout=20_000)
    assert "shot.1001.png" in dialog.names.text()
    qtbot.waitUntil(dialog.go.isEnabled)
    dialog.go.click()
    qtbot.waitUntil(lambda: opened.studio.notices.status.startswith("Exported"), timeout=20_000)
    assert len(list((tmp_path / "out").glob("shot.*.png"))) == 4
    click(qtbot, opened, "exportButton")
    again = next(d for d in opened.findChildren(ExportDialog) if d.isVisible())
    again.folder.setText(str(tmp_path / "out"))
    again.name.setText("shot")
    qtbot.waitUntil(lambda: "is there already" in again.problem.text(), timeout=20_000)
    assert not again.go.isEnabled()
    again.reject()


def test_a_question_that_is_open_ends_with_the_window(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    type_prompt(opened, "a paper cut")
    opened.studio.propagate()
    finish_job(qtbot, opened)
    click(qtbot, opened, "exportButton")
    dialog = opened.findChild(ExportDialog)
    assert dialog.isVisible()
    opened.close()  # no thread is left, as every test here checks
    assert not dialog.isVisible()


def test_cancel_is_in_sight_and_keeps_what_is_there(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    worker.hold = True
    type_prompt(opened, "a paper cut")
    assert not child(opened, "cancelButton").isVisible()
    click(qtbot, opened, "propagateButton")
    qtbot.waitUntil(lambda: opened.studio.takes.current.count == 19)
    assert child(opened, "jobProgress").value() > 0
    click(qtbot, opened, "cancelButton")
    finish_job(qtbot, opened)
    assert opened.studio.takes.current.state is TakeState.CANCELLED
    assert not child(opened, "exportButton").isEnabled()
    assert "Cancelled" in child(opened, "statusLine").text()


def test_what_a_job_tells_stays_in_sight_when_it_is_done(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    worker.notice = "This is the small demo model: add a Stable Diffusion model for real footage."
    type_prompt(opened, "a paper cut")
    click(qtbot, opened, "previewKeyframesButton")
    finish_job(qtbot, opened)
    assert opened.notice.isVisible()
    assert opened.notice.text.text() == worker.notice
    assert opened.studio.notices.notice.level is Level.INFO


def test_a_failure_is_a_sentence_with_a_remedy(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    worker.failure = "The disk is full: free some space and start again."
    type_prompt(opened, "a paper cut")
    click(qtbot, opened, "previewKeyframesButton")
    finish_job(qtbot, opened)
    assert opened.notice.isVisible()
    assert opened.notice.text.text() == worker.failure
    assert child(opened, "statusLine").text() == worker.failure
    worker.failure = ""
    qtbot.mouseClick(opened.notice.remedy, Qt.MouseButton.LeftButton)
    finish_job(qtbot, opened)
    assert not opened.notice.isVisible()
    assert len(worker.orders) == 2


def test_an_empty_prompt_is_told_and_leads_to_the_field(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    click(qtbot, opened, "propagateButton")
    assert opened.studio.notices.notice.level is Level.WARNING
    assert worker.orders == []
    qtbot.mouseClick(opened.notice.remedy, Qt.MouseButton.LeftButton)
    assert child(opened, "promptEdit").hasFocus()


def test_a_missing_clip_is_one_sentence(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.studio.open(str(tmp_path / "nothing.mp4"))
    qtbot.waitUntil(lambda: window.notice.isVisible())
    assert "nothing.mp4" in window.notice.text.text()
    assert window.empty.isVisible()


def test_a_recipe_change_makes_the_preview_stale_and_undo_brings_it_back(
    qtbot: QtBot, opened: MainWindow
) -> None:
    type_prompt(opened, "a paper cut")
    opened.studio.preview()
    finish_job(qtbot, opened)

    def states() -> set[MarkState]:
        return {mark.state for mark in opened.studio.marks.pictured}

    assert states() == {MarkState.PREVIEWED}
    opened.recipe.seed.setValue(12)
    assert states() == {MarkState.PREVIEWED}  # without fresh noise, the seed draws nothing
    opened.studio.recipe.set(variation=0.4)
    assert states() == {MarkState.STALE}
    press(opened.recipe.prompt, Qt.Key.Key_Z, CTRL)
    assert states() == {MarkState.PREVIEWED}
    press(opened.recipe.prompt, Qt.Key.Key_Z, CTRL)
    assert opened.recipe.seed.value() == 0
    assert states() == {MarkState.PREVIEWED}
    press(opened, Qt.Key.Key_Z, CTRL | SHIFT)
    press(opened, Qt.Key.Key_Z, CTRL | SHIFT)
    assert opened.recipe.seed.value() == 12
    assert states() == {MarkState.STALE}


def test_single_letters_type_in_the_prompt_and_command_elsewhere(opened: MainWindow) -> None:
    session = opened.studio.session
    type_prompt(opened, "wide file, 12 jokes")
    assert opened.recipe.prompt.toPlainText() == "wide file, 12 jokes"
    assert session.compare is Compare.SOURCE
    assert opened.studio.playback.speed == 0
    press(opened.recipe.prompt, Qt.Key.Key_Escape)
    assert opened.viewer.hasFocus()
    for key, modifiers, mode in (
        (Qt.Key.Key_2, Qt.KeyboardModifier.NoModifier, Compare.EDIT),
        (Qt.Key.Key_W, Qt.KeyboardModifier.NoModifier, Compare.WIPE),
        (Qt.Key.Key_W, SHIFT, Compare.SIDE_BY_SIDE),
        (Qt.Key.Key_D, Qt.KeyboardModifier.NoModifier, Compare.DIFFERENCE),
        (Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, Compare.SOURCE),
    ):
        press(opened.viewer, key, modifiers)
        assert session.compare is mode


def test_transport_keys(opened: MainWindow) -> None:
    session, viewer = opened.studio.session, opened.viewer
    viewer.setFocus()
    for key, modifiers, frame in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 1002),
        (Qt.Key.Key_Right, SHIFT, 1012),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 1011),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, 1020),
        (Qt.Key.Key_Left, SHIFT, 1010),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 1012),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 1004),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 1001),
    ):
        press(viewer, key, modifiers)
        assert session.playhead == frame
    session.set_playhead(1005)
    press(viewer, Qt.Key.Key_I)
    session.set_playhead(1009)
    press(viewer, Qt.Key.Key_O)
    assert session.in_out == FrameRange(1005, 1009)
    press(viewer, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    assert session.in_out == FrameRange(1001, 1020)


def test_job_keys(qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker) -> None:
    type_prompt(opened, "a paper cut")
    prompt = opened.recipe.prompt
    press(prompt, Qt.Key.Key_Return, CTRL)
    finish_job(qtbot, opened)
    press(prompt, Qt.Key.Key_Return, CTRL | SHIFT)
    finish_job(qtbot, opened)
    assert [order.kind for order in worker.orders] == [JobKind.KEYFRAMES, JobKind.EDIT]
    assert prompt.toPlainText() == "a paper cut"


def test_shuttle(qtbot: QtBot, opened: MainWindow) -> None:
    playback, viewer = opened.studio.playback, opened.viewer
    viewer.setFocus()
    press(viewer, Qt.Key.Key_L)
    press(viewer, Qt.Key.Key_L)
    assert playback.speed == 2
    press(viewer, Qt.Key.Key_J)
    assert playback.speed == -1
    press(viewer, Qt.Key.Key_K)
    assert playback.speed == 0
    press(viewer, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: opened.studio.session.playhead > 1003)
    press(viewer, Qt.Key.Key_Space)
    assert playback.speed == 0


def test_a_dropped_frame_opens_its_sequence(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_frames(tmp_path / "shot", range(1, 6))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "shot" / "0003.png"))])
    event = QDropEvent(
        QPointF(40, 40), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.studio.session.clip is not None)
    assert window.studio.session.span == FrameRange(1, 5)
    assert window.viewer.isVisible()


def test_a_second_preview_comes_into_view_over_a_take(qtbot: QtBot, opened: MainWindow) -> None:
    type_prompt(opened, "a paper cut")
    opened.studio.propagate()
    finish_job(qtbot, opened)
    opened.studio.recipe.set(prompt="a wood cut")
    opened.studio.preview()
    finish_job(qtbot, opened)
    assert opened.studio.display.edit.name == "Keyframe preview"
    index = opened.takes.filter.index(0, 0)
    qtbot.mouseClick(
        window_list(opened).viewport(), Qt.MouseButton.LeftButton,
        pos=window_list(opened).visualRect(index).center(),
    )  # fmt: skip
    assert opened.studio.display.edit.name == "Take 1"


def test_another_clip_opens_while_a_job_runs(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker, clip: str, tmp_path: Path
) -> None:
    studio = opened.studio
    worker.hold = True
    type_prompt(opened, "a paper cut")
    studio.propagate()
    qtbot.waitUntil(lambda: studio.takes.current.count == 19)
    write_frames(tmp_path / "other", range(1, 6))
    studio.open(str(tmp_path / "other"))
    qtbot.waitUntil(lambda: studio.session.clip.name == "other")
    assert studio.takes.all == ()
    assert studio.job.view.busy
    studio.open(clip)
    qtbot.waitUntil(lambda: studio.session.clip.name == "plate")
    assert [take.count for take in studio.takes.all] == [19]
    worker.go.set()
    finish_job(qtbot, opened)
    assert [(t.state, t.count, t.version) for t in studio.takes.all] == [(TakeState.DONE, 20, 1)]


def test_closing_during_a_job_ends_everything(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker
) -> None:
    worker.hold = True
    type_prompt(opened, "a paper cut")
    opened.studio.propagate()
    qtbot.waitUntil(lambda: len(worker.orders) == 1)
    opened.close()
    assert worker.closed


def test_the_edit_menu_says_what_it_would_undo(opened: MainWindow) -> None:
    undo, redo = opened.actions_by_id["edit.undo"], opened.actions_by_id["edit.redo"]
    assert (undo.text(), undo.isEnabled(), redo.isEnabled()) == ("Undo", False, False)
    type_prompt(opened, "a fox")
    opened.studio.session.set_playhead(1004)
    opened.studio.session.mark_in()
    opened.studio.placement.toggle()
    for title in ("Keyframes", "In and Out", "Prompt"):
        assert undo.text() == f"Undo {title}"
        undo.trigger()
    assert (undo.isEnabled(), redo.text()) == (False, "Redo Prompt")
    assert opened.studio.session.in_out == FrameRange(1001, 1020)
    assert opened.recipe.prompt.toPlainText() == ""
