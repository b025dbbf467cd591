"""The page of hosts: real scripts in real folders, and out again; what packages may do here."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.preferences.hosts import HostsPage

WAIT = 30_000  # ms, on a busy machine


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with Nuke's in it."""
    (tmp_path / "home" / ".nuke").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def page(qtbot: QtBot, home: Path, window: MainWindow) -> HostsPage:
    window.actions_by_id["window.hosts"].trigger()
    made = window.side.preferences_window().hosts
    qtbot.waitUntil(lambda: len(made.cards) == 2, timeout=WAIT)
    return made


def click(button: QPushButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def until(qtbot: QtBot, done: Callable[[], bool]) -> None:
    qtbot.waitUntil(done, timeout=WAIT)


def test_scripts_go_in_and_out_again(qtbot: QtBot, page: HostsPage, home: Path) -> None:
    nuke, resolve = page.cards["nuke"], page.cards["resolve"]
    assert page.isVisible()
    assert nuke.state.text().startswith("Found on this machine, no scripts.\n~/.nuke")
    assert resolve.elsewhere.isHidden()
    assert not nuke.remove.isEnabled()
    click(nuke.install)
    until(qtbot, nuke.remove.isEnabled)
    assert (home / ".nuke" / "tokenflow_studio").is_dir()
    assert page.said.text() == "Installed: Nuke shows the commands at its next start."
    assert nuke.install.text() == "Install Again"
    click(nuke.remove)
    until(qtbot, lambda: not nuke.remove.isEnabled())
    assert list((home / ".nuke").iterdir()) == []
    assert page.said.text() == "Removed: Nuke is as it was before."


def test_scripts_for_a_folder_of_nuke_path(
    qtbot: QtBot, window: MainWindow, page: HostsPage, tmp_path: Path
) -> None:
    shared = tmp_path / "pipeline"
    shared.mkdir()
    click(page.cards["nuke"].elsewhere)
    dialog = window.side.preferences_window().findChild(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(shared))
    dialog.accept()
    until(qtbot, lambda: "NUKE_PATH" in page.said.text())
    assert (shared / "tokenflow_studio" / "menu.py").is_file()


def test_a_folder_that_is_not_ours_is_named_and_left_alone(
    qtbot: QtBot, page: HostsPage, home: Path
) -> None:
    (home / ".nuke" / "tokenflow_studio").mkdir()
    (home / ".nuke" / "tokenflow_studio" / "mine.py").write_text("mine")
    click(page.cards["nuke"].install)
    until(qtbot, lambda: "was not put there by TokenFlow Studio" in page.said.text())
    assert page.said.property("kind") == "error"
    assert (home / ".nuke" / "tokenflow_studio" / "mine.py").read_text() == "mine"


def test_the_return_folder_and_path_roots_are_settings(
    window: MainWindow, page: HostsPage, tmp_path: Path
) -> None:
    settings = window.studio.settings
    page.folder.setText(str(tmp_path))
    page.folder.editingFinished.emit()
    assert settings.stored.return_folder == str(tmp_path)
    page.folder.setText("not/absolute")
    page.folder.editingFinished.emit()
    assert page.folder.text() == settings.stored.return_folder == str(tmp_path)
    click(page.roots.add)
    (row,) = page.roots.rows
    row.there.setText("Z:\\show")
    row.there.editingFinished.emit()
    assert settings.stored.path_roots == ()  # half a pair says nothing
    row.here.setText("/mnt/show")
    row.here.editingFinished.emit()
    assert settings.stored.path_roots == (("Z:\\show", "/mnt/show"),)
    settings.set(path_roots=(("Y:\\", "/mnt/y"), ("X:\\", "/mnt/x")))
    assert [row.pair for row in page.roots.rows] == [("Y:\\", "/mnt/y"), ("X:\\", "/mnt/x")]
    QTest.mouseClick(page.roots.rows[0].remove, Qt.MouseButton.LeftButton)
    assert settings.stored.path_roots == (("X:\\", "/mnt/x"),)
