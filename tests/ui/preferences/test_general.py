"""The first page of the preferences: every change counts at once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.models import add_model
from tokenflow_studio.core.settings import PlaceUnit
from tokenflow_studio.ui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_key_opens_it_beside_the_window(qtbot: QtBot, opened: MainWindow) -> None:
    opened.viewer.setFocus()
    QTest.keyClick(opened.viewer, Qt.Key.Key_Comma, CTRL)
    preferences = opened.side.preferences
    assert preferences.isVisible()
    assert not preferences.isModal()
    qtbot.waitUntil(preferences.isActiveWindow)
    QTest.keyClick(preferences, Qt.Key.Key_Escape)
    assert not preferences.isVisible()


def test_fields_set_the_settings(qtbot: QtBot, window: MainWindow, tmp_path) -> None:
    (tmp_path / "sd21").mkdir()
    add_model(str(tmp_path / "sd21"))
    page, settings = window.side.preferences_window().general, window.studio.settings
    qtbot.waitUntil(lambda: page.model.count() == 2)
    page.model.setCurrentIndex(1)
    page.model.activated.emit(1)
    page.memory.setValue(1024)
    page.unit.setCurrentIndex(page.unit.findData(PlaceUnit.FRAMES))
    page.unit.activated.emit(page.unit.currentIndex())
    page.thumbnails.click()
    page.autosave.setValue(0)
    stored = settings.stored
    assert stored.default_model == str(tmp_path / "sd21")
    assert (stored.frame_cache, stored.place_unit) == (1024, PlaceUnit.FRAMES)
    assert (stored.thumbnails, stored.autosave) == (False, 0)
    assert page.autosave.text() == "Never"


def test_fields_follow_the_settings(window: MainWindow) -> None:
    page, settings = window.side.preferences_window().general, window.studio.settings
    settings.set(frame_cache=2048, thumbnails=False, autosave=90)
    assert page.memory.value() == 2048
    assert not page.thumbnails.isChecked()
    assert page.autosave.text().startswith("90 seconds")


def test_what_the_environment_decides_is_grey_and_says_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENFLOW_FRAME_CACHE", "512")
    page = window.side.preferences_window().general
    assert not page.memory.isEnabled()
    assert page.memory.value() == 512
    assert "TOKENFLOW_FRAME_CACHE" in page._memory_note.text()
    assert page.unit.isEnabled()
    assert window.studio.settings.stored.frame_cache == 768
