"""Suggestions stand in lines as wide as the panel."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tokenflow_studio.ui.panels.suggestions import Suggestions
from tokenflow_studio.ui.state.demo import Suggestion, demo_texts


def test_no_suggestion_is_cut_and_none_lie_over_another(qtbot: QtBot) -> None:
    panel = Suggestions()
    qtbot.addWidget(panel)
    panel.show_suggestions(demo_texts()[1])
    panel.resize(300, panel.heightForWidth(300))
    buttons = panel.findChildren(QPushButton)
    assert len(buttons) > 3
    for place, button in enumerate(buttons):
        assert panel.rect().contains(button.geometry())
        assert not any(button.geometry().intersects(b.geometry()) for b in buttons[:place])


def test_a_click_gives_the_whole_prompt(qtbot: QtBot) -> None:
    panel = Suggestions()
    qtbot.addWidget(panel)
    panel.show_suggestions((Suggestion("Gold", "a golden ball"),))
    with qtbot.waitSignal(panel.chosen) as told:
        QTest.mouseClick(panel.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert told.args == ["a golden ball"]
    panel.show_suggestions(())
    assert panel.isHidden()
