"""Settings in the window: they count at once, are saved off its thread, and outlive it."""

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.settings import (
    PlaceUnit,
    Settings,
    load_settings,
    save_settings,
    settings_file,
)
from tokenflow_studio.ui.main_window import MainWindow, build_window
from tokenflow_studio.ui.state.studio import Studio


def test_a_change_is_saved_and_told(qtbot: QtBot, studio: Studio) -> None:
    with qtbot.waitSignal(studio.settings.changed) as told:
        studio.settings.set(autosave=120)
    assert told.args[0].autosave == 120
    qtbot.waitUntil(lambda: load_settings().settings.autosave == 120)


def test_a_value_that_cannot_be_used_changes_nothing(studio: Studio) -> None:
    with pytest.raises(BadInput):
        studio.settings.set(frame_cache=1)
    assert studio.settings.value == Settings(
        **{name: getattr(studio.settings.value, name) for name in ("cache_folder", "takes_folder")}
    )


def test_the_next_window_begins_with_what_was_set(qtbot: QtBot, worker: ScriptedWorker) -> None:
    save_settings(Settings(default_model="/models/sd21", frame_cache=64))
    studio = Studio(lambda: worker)
    assert studio.recipe.value.model == "/models/sd21"
    assert not studio.recipe.undo.canUndo()
    assert studio.frames.room(1024, 1024) == 16
    studio.settings.set(frame_cache=128)
    assert studio.frames.room(1024, 1024) == 32
    studio.close()
    assert load_settings().settings.frame_cache == 128


def test_a_damaged_file_is_one_notice_in_the_window(qtbot: QtBot, worker: ScriptedWorker) -> None:
    settings_file().write_text("{")
    window = build_window(Studio(lambda: worker))
    qtbot.addWidget(window)
    window.show()
    assert "damaged" in window.notice.text.text()
    assert window.notice.isVisible()
    window.close()


def test_the_unit_of_the_transport_is_a_setting(qtbot: QtBot, opened: MainWindow) -> None:
    settings, code = opened.studio.settings, opened.transport.code
    assert code.text() == "00:00:00:00"
    code.click()
    assert (settings.value.place_unit, code.text()) == (PlaceUnit.SECONDS, "0.000 s")
    settings.set(place_unit=PlaceUnit.FRAMES)
    assert code.text() == "1 / 20"
    assert "Frames" in code.accessibleName()


def test_what_the_environment_decides_counts_and_is_not_saved(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENFLOW_MODEL", "forced")
    studio.settings.set(default_model="mine")
    assert studio.settings.value.default_model == "forced"
    assert studio.settings.stored.default_model == "mine"
    assert studio.settings.decided_by("default_model") == "TOKENFLOW_MODEL"


def test_a_file_that_cannot_be_written_is_told(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_file().mkdir(parents=True)
    with qtbot.waitSignal(studio.settings.refused):
        studio.settings.set(autosave=5)
    assert str(settings_file()) in studio.notices.notice.text
