"""The page of shortcuts, the overlay, and that the window obeys both."""

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from tests.ui.keyboards import typed
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.preferences.command_tree import COMMAND_ROLE
from tokenflow_studio.ui.preferences.shortcuts import ShortcutsPage
from tokenflow_studio.ui.state.session import Compare


@pytest.fixture
def page(window: MainWindow) -> ShortcutsPage:
    preferences = window.side.preferences_window()
    preferences.present(preferences.shortcuts)
    return preferences.shortcuts


def listed(model: QAbstractItemModel, parent: QModelIndex | None = None) -> list[str]:
    """The ids of the commands that the tree shows."""
    parent = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        command = index.data(COMMAND_ROLE)
        found += [command.id] if command else listed(model, index)
    return found


def press(page: ShortcutsPage, which: int, key: str) -> None:
    edit = page.edits[which]
    edit.setFocus()
    QTest.keyClick(edit, *typed(key))
    edit.editingFinished.emit()


def test_the_tree_lists_every_command_by_group(page: ShortcutsPage, window: MainWindow) -> None:
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert listed(page.found) == [command.id for command in window.side.shortcuts.commands]
    assert page.model.index(0, 0).data() == "File"


def test_search_finds_titles_and_keys(page: ShortcutsPage) -> None:
    QTest.keyClicks(page.search, "wipe")
    assert listed(page.found) == ["view.wipe", "view.turn"]
    page.search.setText("F11")
    assert "view.full" in listed(page.found)
    page.search.clear()
    assert len(listed(page.found)) > 20


def test_a_new_key_works_at_once_and_the_old_one_no_more(
    qtbot: QtBot, page: ShortcutsPage, opened: MainWindow
) -> None:
    page.choose("view.wipe")
    press(page, 0, "U")
    assert opened.actions_by_id["view.wipe"].shortcut() == QKeySequence("U")
    assert "U" in page.model.index_of("view.wipe").siblingAtColumn(1).data()
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.viewer.setFocus()
    QTest.keyClick(opened.viewer, Qt.Key.Key_W)
    assert opened.studio.session.compare is Compare.SOURCE
    QTest.keyClick(opened.viewer, Qt.Key.Key_U)
    assert opened.studio.session.compare is Compare.WIPE
    page.reset.click()
    assert opened.actions_by_id["view.wipe"].shortcut() == QKeySequence("W")


def test_a_second_key_and_a_conflict(page: ShortcutsPage, window: MainWindow) -> None:
    page.choose("view.fit")
    press(page, 1, "W")
    assert "W also means Wipe" in page.conflict.text()
    assert page.settle.isVisible()
    page.settle.click()
    assert page.conflict.text() == ""
    assert not page.settle.isVisible()
    assert window.side.shortcuts.keys("view.fit") == ("F", "W")
    assert window.actions_by_id["view.wipe"].shortcuts() == []
    page.reset_all.click()
    assert window.side.shortcuts.keys("view.wipe") == ("W",)
    assert not page.reset_all.isEnabled()


def test_a_preset_changes_the_windows_keys(
    qtbot: QtBot, page: ShortcutsPage, opened: MainWindow
) -> None:
    page.preset.setCurrentIndex(page.preset.findData("rv"))
    page.preset.activated.emit(page.preset.currentIndex())
    assert opened.studio.settings.stored.shortcut_preset == "rv"
    opened.studio.session.set_playhead(1004)
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    opened.viewer.setFocus()
    QTest.keyClick(opened.viewer, Qt.Key.Key_BracketLeft)
    assert opened.studio.session.in_out.first == 1004


@pytest.mark.parametrize("key", ["`", "Q"])
def test_both_keys_show_the_source_while_they_are_held(opened: MainWindow, key: str) -> None:
    session, viewer = opened.studio.session, opened.viewer
    session.set_compare(Compare.EDIT)
    viewer.setFocus()
    QTest.keyPress(viewer, *typed(key))
    assert session.compare is Compare.SOURCE
    QTest.keyRelease(viewer, *typed(key))
    assert session.compare is Compare.EDIT


@pytest.mark.parametrize("key", ["F1", "?"])
def test_the_overlay_lists_all_keys_and_escape_closes_it(
    qtbot: QtBot, opened: MainWindow, key: str
) -> None:
    opened.viewer.setFocus()
    QTest.keyClick(opened.viewer, *typed(key))
    overlay = opened.side.overlay
    assert overlay.isVisible()
    assert overlay.geometry() == opened.rect()
    texts = {label.text() for label in overlay.findChildren(QLabel)}
    for command in opened.side.shortcuts.commands:
        if command.keys:
            assert command.title in texts
    assert "Ctrl+1  Shift+F" in texts
    opened.resize(1600, 1000)
    body = overlay.findChild(QScrollArea)
    assert body.widget().sizeHint().width() <= body.viewport().width()  # no key is cut
    opened.resize(900, 700)
    assert overlay.size() == opened.size()
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert not overlay.isVisible()
    assert opened.viewer.hasFocus()


def test_a_question_mark_in_the_prompt_is_text(opened: MainWindow) -> None:
    prompt = opened.recipe.prompt
    prompt.setFocus()
    QTest.keyClicks(prompt, "what? q = [1/2] `")
    assert prompt.toPlainText() == "what? q = [1/2] `"
    assert opened.side.overlay is None
