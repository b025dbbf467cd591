"""Projects as a user meets them: menus, tabs, panels, and a window that is killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, write_frames
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.project.recovery import recovery_folder
from tokenflow_studio.ui.main_window import MainWindow, build_window
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.studio import Studio

MakeWindow = Callable[[], MainWindow]


@pytest.fixture
def another(qtbot: QtBot) -> Iterator[MakeWindow]:
    """Further windows, as later starts of the program."""
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = build_window(Studio(ScriptedWorker))
        qtbot.addWidget(window)
        window.show()
        made.append(window)
        return window

    yield make
    for window in made:
        window.studio.close()


def click(window: MainWindow, name: str) -> None:
    button = window.findChild(QPushButton, name)
    assert button.isVisible(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(window: MainWindow, path: Path) -> None:
    """What a user does in the file dialog that is open."""
    dialog = window.findChild(QFileDialog)
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(str(path))
    dialog.accept()


def type_prompt(window: MainWindow, text: str) -> None:
    QTest.keyClicks(window.findChild(QPlainTextEdit, "promptEdit"), text)


def saved(qtbot: QtBot, window: MainWindow, file: Path) -> Path:
    window.studio.project.save_as(str(file))
    qtbot.waitUntil(lambda: window.studio.project.path == file)
    return file


def prompt_in(file: Path) -> str:
    return json.loads(file.read_text("utf-8"))["shots"][0]["recipe"]["prompt"]


def test_save_by_menu_names_the_project_and_the_title_marks_changes(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    assert opened.windowTitle() == "plate[*] – TokenFlow Studio"
    type_prompt(opened, "a fox")
    assert opened.isWindowModified()
    opened.actions_by_id["project.save"].trigger()
    choose(opened, tmp_path / "film")
    qtbot.waitUntil(lambda: not opened.isWindowModified())
    assert opened.windowTitle() == "film[*] – plate – TokenFlow Studio"
    assert prompt_in(tmp_path / "film.tfproj") == "a fox"
    type_prompt(opened, "!")
    opened.actions_by_id["project.save"].trigger()
    qtbot.waitUntil(lambda: not opened.isWindowModified())
    assert prompt_in(tmp_path / "film.tfproj") == "a fox!"


def test_closing_asks_once_there_is_a_file(
    qtbot: QtBot, opened: MainWindow, worker: ScriptedWorker, tmp_path: Path
) -> None:
    file = saved(qtbot, opened, tmp_path / "film.tfproj")
    type_prompt(opened, "a fox")
    assert not opened.close()
    assert opened.isVisible()
    assert opened.panels.unsaved.buttons["saveButton"].hasFocus()
    click(opened, "stayButton")
    assert not opened.panels.unsaved.isVisible()
    assert not opened.close()
    click(opened, "saveButton")
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert prompt_in(file) == "a fox"
    assert list(recovery_folder().glob("*.json")) == []


def test_closing_without_saving_forgets_the_changes(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    file = saved(qtbot, opened, tmp_path / "film.tfproj")
    type_prompt(opened, "a fox")
    assert not opened.close()
    click(opened, "dontSaveButton")
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert prompt_in(file) == ""
    assert list(recovery_folder().glob("*.json")) == []


def test_work_without_a_file_needs_no_answer_and_is_there_at_the_next_start(
    qtbot: QtBot, opened: MainWindow, another: MakeWindow
) -> None:
    type_prompt(opened, "a fox")
    assert opened.close()
    later = another()
    qtbot.waitUntil(lambda: later.panels.recovery.isVisible())
    assert later.panels.recovery.text.text().startswith("Unsaved work on plate from")
    click(later, "discardButton")
    assert not later.panels.recovery.isVisible()
    qtbot.waitUntil(lambda: list(recovery_folder().glob("*.json")) == [])


def test_tabs_switch_between_shots_and_remove_them(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    write_frames(tmp_path / "other", range(1, 6))
    assert not opened.tabs.isVisible()
    type_prompt(opened, "a fox")
    opened.studio.open(str(tmp_path / "other"))
    qtbot.waitUntil(lambda: opened.tabs.isVisible())
    assert [opened.tabs.tabText(place) for place in range(2)] == ["plate", "other"]
    assert (opened.tabs.currentIndex(), opened.recipe.prompt.toPlainText()) == (1, "")
    opened.tabs.setCurrentIndex(0)
    qtbot.waitUntil(lambda: opened.recipe.prompt.toPlainText() == "a fox")
    closer = opened.tabs.tabButton(0, opened.tabs.ButtonPosition.RightSide)
    QTest.mouseClick(closer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.studio.session.clip.name == "other")
    assert not opened.tabs.isVisible()
    assert opened.actions_by_id["edit.undo"].text() == "Undo Remove Shot"


def test_recent_projects_and_clips_open_again(
    qtbot: QtBot, opened: MainWindow, another: MakeWindow, clip: str, tmp_path: Path
) -> None:
    file = saved(qtbot, opened, tmp_path / "film.tfproj")
    opened.close()
    later = another()
    qtbot.waitUntil(lambda: len(later.recent.actions()) == 3)  # with the line between them
    project, _line, movie = later.recent.actions()
    assert project.text().startswith("film.tfproj")
    movie.trigger()
    qtbot.waitUntil(lambda: later.studio.session.clip is not None)
    project.trigger()
    qtbot.waitUntil(lambda: later.studio.project.path == file)
    shutil.rmtree(tmp_path / "plate")
    file.unlink()
    last = another()
    qtbot.waitUntil(lambda: last.studio.recent.value.projects == ())
    last.studio.recent.look_again()
    qtbot.wait(50)
    assert not last.recent.isEnabled()


def test_the_empty_window_shows_what_was_opened_as_pictures(
    qtbot: QtBot, opened: MainWindow, another: MakeWindow, clip: str, tmp_path: Path
) -> None:
    file = saved(qtbot, opened, tmp_path / "film.tfproj")
    opened.studio.session.set_playhead(1009)
    qtbot.waitUntil(lambda: len(opened.studio.recent.pictures) == 2, timeout=30_000)
    opened.close()
    later = another()
    later.empty.first.hide()
    tiles = later.empty.recent
    qtbot.waitUntil(lambda: len(tiles.tiles) == 2 and tiles.isVisible(), timeout=30_000)
    assert [tile.accessibleName() for tile in tiles.tiles] == ["Project film", "Clip plate"]
    assert set(later.studio.recent.pictures) == {str(file), clip}
    QTest.mouseClick(tiles.tiles[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: later.studio.session.clip is not None, timeout=60_000)


def test_a_dropped_project_opens(qtbot: QtBot, opened: MainWindow, another: MakeWindow,
                                 tmp_path: Path) -> None:  # fmt: skip
    file = saved(qtbot, opened, tmp_path / "film.tfproj")
    opened.studio.close()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    later = another()
    event = QDropEvent(
        QPointF(40, 40), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    later.dropEvent(event)
    qtbot.waitUntil(lambda: later.studio.project.path == file)
    qtbot.waitUntil(lambda: later.viewer.isVisible())


def test_lost_media_is_located_by_a_dialog_and_the_other_shot_follows(
    qtbot: QtBot, window: MainWindow, another: MakeWindow, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        write_frames(tmp_path / "old" / name, range(1, 6))
        window.studio.open(str(tmp_path / "old" / name))
        place = str(tmp_path / "old" / name / "####.png")
        qtbot.waitUntil(
            lambda place=place: getattr(window.studio.session.clip, "spec", "") == place
        )
    file = saved(qtbot, window, tmp_path / "projects" / "film.tfproj")
    window.close()
    shutil.move(tmp_path / "old", tmp_path / "new")
    later = another()
    later.studio.open(str(file))
    qtbot.waitUntil(lambda: later.panels.missing.isVisible())
    assert str(tmp_path / "old" / "b") in later.panels.missing.text.text()
    assert later.empty.title.text() == "b is missing"
    assert not later.empty.open.isVisible()
    click(later, "locateButton")
    choose(later, tmp_path / "new" / "b" / "0003.png")
    qtbot.waitUntil(lambda: later.panels.others.isVisible())
    assert later.viewer.isVisible()
    assert not later.panels.missing.isVisible()
    click(later, "relinkButton")
    later.tabs.setCurrentIndex(0)
    qtbot.waitUntil(
        lambda: later.studio.session.clip.spec == str(tmp_path / "new" / "a" / "####.png")
    )
    later.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: later.panels.missing.isVisible())
    later.actions_by_id["edit.redo"].trigger()
    qtbot.waitUntil(lambda: not later.panels.missing.isVisible())


def test_every_change_can_be_undone_and_made_again(qtbot: QtBot, opened: MainWindow) -> None:
    studio = opened.studio
    undo, redo = opened.actions_by_id["edit.undo"], opened.actions_by_id["edit.redo"]

    def state() -> tuple[Recipe, FrameRange | None, tuple[int, ...]]:
        return studio.recipe.value, studio.session.in_out, studio.marks.planned

    states = [state()]
    changes: tuple[Callable[[], object], ...] = (
        lambda: type_prompt(opened, "a paper fox"),
        lambda: QTest.keyClicks(opened.recipe.texts["negative_prompt"].edit, "blur"),
        lambda: opened.recipe.seed.setValue(12),
        lambda: opened.recipe.interval.setValue(4),
        lambda: studio.session.set_range(FrameRange(1003, 1017)),
        studio.placement.toggle,
        lambda: studio.placement.move(studio.marks.planned[0], 1017),
        studio.placement.spread,
        lambda: opened.recipe.settings.technique.setCurrentIndex(1),
    )
    studio.session.set_playhead(1005)
    for change in changes:
        change()
        assert state() != states[-1]
        states.append(state())
    for expected in reversed(states[:-1]):
        undo.trigger()
        assert state() == expected
    assert not undo.isEnabled()
    for expected in states[1:]:
        redo.trigger()
        assert state() == expected
    assert not redo.isEnabled()


_TYPING = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
app = QApplication([])
from tokenflow_studio.ui.main_window import build_window
window = build_window()
window.show()
window.studio.settings.set(autosave=1)
window.studio.open(sys.argv[1])
letters = iter("a fox made of folded paper " * 1000)
def type_on():
    if window.studio.session.clip is not None:
        QTest.keyClicks(window.recipe.prompt, next(letters))
timer = QTimer(interval=60)
timer.timeout.connect(type_on)
timer.start()
app.exec()
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
def test_a_window_that_is_killed_while_one_types_is_restored(
    qtbot: QtBot, another: MakeWindow, clip: str
) -> None:
    typing = subprocess.Popen([sys.executable, "-c", _TYPING, clip])
    try:
        deadline = time.monotonic() + 40
        while not any("a fox made" in f.read_text() for f in recovery_folder().glob("*.json")):
            assert typing.poll() is None, "the window ended by itself"
            assert time.monotonic() < deadline, "nothing was written aside"
            time.sleep(0.05)
    finally:
        typing.send_signal(signal.SIGKILL)
        typing.wait()
    later = another()
    qtbot.waitUntil(lambda: later.panels.recovery.isVisible())
    assert later.panels.recovery.text.text().startswith("TokenFlow Studio did not end properly.")
    click(later, "restoreButton")
    qtbot.waitUntil(lambda: later.studio.session.clip is not None)
    assert later.recipe.prompt.toPlainText().startswith("a fox made")
    assert later.isWindowModified()
    assert not later.panels.recovery.isVisible()
