"""The takes panel, by mouse and by key."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.past import write_take
from tokenflow_studio.core.review import Review, Status
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.panels.take_delegate import facts, figures, star_place
from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.takes import TAKE_ROLE, Take

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def shelved(qtbot: QtBot, opened: MainWindow, clip: str) -> MainWindow:
    """The window with three takes of earlier days; the newest is in view."""
    write_take(clip, 1, "a paper cut", range(1001, 1021), Review(Status.APPROVED, starred=True))
    write_take(clip, 2, "a wood cut", range(1001, 1021))
    write_take(clip, 3, "an oil painting", range(1001, 1021))
    opened.studio.open(clip)
    qtbot.waitUntil(lambda: len(opened.studio.takes.all) == 3)
    choose(opened, 0)
    return opened


def shown(window: MainWindow) -> list[str]:
    rows = window.takes.filter
    return [rows.index(row, 0).data(TAKE_ROLE).name for row in range(rows.rowCount())]


def choose(window: MainWindow, row: int) -> None:
    view = window.takes.list
    QTest.mouseClick(
        view.viewport(), LEFT, pos=view.visualRect(view.model().index(row, 0)).center()
    )


def current(window: MainWindow) -> Take:
    take = window.studio.takes.current
    assert take is not None
    return take


def pick(window: MainWindow, name: str, text: str) -> None:
    box = window.findChild(QComboBox, name)
    box.setCurrentText(text)
    box.activated.emit(box.currentIndex())


def test_arrows_in_the_list_show_takes(shelved: MainWindow) -> None:
    shelved.takes.list.setFocus()
    assert current(shelved).name == "Take 3"
    QTest.keyClick(shelved.takes.list, Qt.Key.Key_Down)
    assert current(shelved).name == "Take 2"
    assert shelved.studio.session.compare is Compare.EDIT


def test_searching_narrows_the_list_and_leaves_the_view(shelved: MainWindow) -> None:
    QTest.keyClicks(shelved.takes.search, "cut")
    assert shown(shelved) == ["Take 2", "Take 1"]
    assert current(shelved).name == "Take 3"
    assert not shelved.takes.list.selectionModel().hasSelection()
    shelved.takes.search.clear()
    assert shown(shelved) == ["Take 3", "Take 2", "Take 1"]
    assert shelved.takes.list.currentIndex().row() == 0


def test_favourites_and_statuses_narrow_the_list(qtbot: QtBot, shelved: MainWindow) -> None:
    qtbot.mouseClick(shelved.takes.starred, LEFT)
    assert shown(shelved) == ["Take 1"]
    qtbot.mouseClick(shelved.takes.starred, LEFT)
    actions = {action.text(): action for action in shelved.takes.status.menu().actions()}
    actions["Approved"].trigger()
    assert shown(shelved) == ["Take 1"]
    assert shelved.takes.status.isChecked()
    actions["Rejected"].trigger()
    assert shown(shelved) == []
    assert not shelved.takes.list.isVisible()
    actions["All"].trigger()
    assert len(shown(shelved)) == 3


def test_the_star_in_a_row_is_a_button(qtbot: QtBot, shelved: MainWindow) -> None:
    view = shelved.takes.list
    index = view.model().index(1, 0)
    rect = view.visualRect(index)
    place = star_place(rect.toRectF(), index.data(TAKE_ROLE)).center().toPoint()
    qtbot.mouseClick(view.viewport(), LEFT, pos=place)
    assert index.data(TAKE_ROLE).review.starred
    qtbot.mouseClick(view.viewport(), LEFT, pos=place)
    assert not index.data(TAKE_ROLE).review.starred


def test_status_star_and_note_of_the_take_in_view(qtbot: QtBot, shelved: MainWindow) -> None:
    qtbot.mouseClick(shelved.takes.details.star, LEFT)
    pick(shelved, "takeStatusBox", "For review")
    note = shelved.findChild(QLineEdit, "takeNoteEdit")
    note.setFocus()
    QTest.keyClicks(note, "hat too red")
    QTest.keyClick(note, Qt.Key.Key_Return)
    assert current(shelved).review == Review(Status.FOR_REVIEW, "hat too red", starred=True)


def test_a_note_belongs_to_the_take_it_was_typed_for(qtbot: QtBot, shelved: MainWindow) -> None:
    note = shelved.findChild(QLineEdit, "takeNoteEdit")
    note.setFocus()
    QTest.keyClicks(note, "hat too red")
    shelved.studio.show_take(shelved.studio.takes.all[1])
    assert note.text() == ""
    assert [take.review.note for take in shelved.studio.takes.all] == ["hat too red", "", ""]


def test_any_two_takes_are_compared(qtbot: QtBot, shelved: MainWindow) -> None:
    pick(shelved, "takeABox", "Take 1")
    display = shelved.studio.display
    assert (display.source.label, display.edit.label) == ("A · Take 1 · v001", "B · Take 3 · v003")
    assert shelved.studio.session.compare is Compare.WIPE
    pick(shelved, "takeBBox", "Take 2")
    assert display.edit.label == "B · Take 2 · v002"
    qtbot.mouseClick(shelved.takes.details.swap, LEFT)
    assert (display.source.label, display.edit.label) == ("A · Take 2 · v002", "B · Take 1 · v001")
    pick(shelved, "takeABox", "Source")
    assert display.source.label == "A · Source"


def test_the_recipe_of_a_take_comes_back_and_can_be_undone(
    qtbot: QtBot, shelved: MainWindow
) -> None:
    qtbot.mouseClick(shelved.takes.details.restore, LEFT)
    assert shelved.studio.recipe.value.prompt == "an oil painting"
    assert shelved.studio.recipe.value.seed == 3
    shelved.studio.history.stack.undo()
    assert shelved.studio.recipe.value.prompt == ""


def test_deleting_asks_under_the_list_and_can_be_undone(qtbot: QtBot, shelved: MainWindow) -> None:
    details = shelved.takes.details
    QTest.keyClick(shelved.takes.list, Qt.Key.Key_Delete)
    assert details.question.text().startswith("Delete Take 3 (")
    qtbot.mouseClick(details.no, LEFT)
    assert not details.question.isVisible()
    assert len(shown(shelved)) == 3
    qtbot.mouseClick(details.delete, LEFT)
    qtbot.mouseClick(details.yes, LEFT)
    qtbot.waitUntil(lambda: shown(shelved) == ["Take 2", "Take 1"])
    assert shelved.takes.list.hasFocus()
    qtbot.mouseClick(shelved.notice.remedy, LEFT)
    qtbot.waitUntil(lambda: shown(shelved) == ["Take 3", "Take 2", "Take 1"])


def test_the_disk_line_says_how_much_there_is(qtbot: QtBot, shelved: MainWindow) -> None:
    line = shelved.findChild(QLabel, "takesDisk")
    qtbot.waitUntil(lambda: "free" in line.text())
    assert line.text().startswith("All takes ")


def test_a_row_tells_recipe_and_measures(shelved: MainWindow) -> None:
    take = current(shelved)
    assert facts(take) == "20 frames · seed 3 · 42 s"
    assert figures(take).startswith("warp 2.31 · match 0.27 · ")
    tip = shelved.takes.filter.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "an oil painting" in tip
    assert "pnp, seed 3" in tip


def test_the_menu_of_a_take(qtbot: QtBot, shelved: MainWindow) -> None:
    view = shelved.takes.list
    place: QPoint = view.visualRect(view.model().index(2, 0)).center()
    view.customContextMenuRequested.emit(place)
    menu = shelved.takes.findChild(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    actions = {action.text(): action for action in menu.actions()}
    actions["Compare With This"].trigger()
    actions["Rejected"].trigger()
    menu.close()
    assert shelved.studio.takes.reference.name == "Take 1"
    assert shelved.studio.takes.all[2].review.status is Status.REJECTED
