"""Shortcuts: a table, presets over it, the user's own over both; no key belongs to two."""

import pytest

from tests.ui.keyboards import LAYOUTS, works_on
from tokenflow_studio.ui.actions import COMMANDS, real_commands
from tokenflow_studio.ui.key_presets import PRESET_TITLES, PRESETS
from tokenflow_studio.ui.state.shortcuts import Shortcuts, normalised, preset_table
from tokenflow_studio.ui.state.studio import Studio


@pytest.fixture
def shortcuts(studio: Studio) -> Shortcuts:
    return Shortcuts(studio.settings, real_commands())


def test_the_keyboards_know_what_is_dead_or_shifted() -> None:
    german, french = LAYOUTS["German"], LAYOUTS["French"]
    for key in ("`", "=", "/", "?", "[", "]", "\\", "Ctrl+/"):
        assert not works_on(german, key), key
    for key in ("1", "Ctrl+1", "/", "?", "[", "`", "Ctrl+."):
        assert not works_on(french, key), key
    for key in ("W", "Shift+W", "F5", "Ctrl+,", "Space", "Alt+Left", "Ctrl+Return", "Esc"):
        assert works_on(german, key), key
        assert works_on(french, key), key


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_command_with_keys_has_one_that_works_there(layout: str, preset: str) -> None:
    table = preset_table(real_commands(), preset)
    dead = {
        command: keys
        for command, keys in table.items()
        if keys and not any(works_on(LAYOUTS[layout], key) for key in keys)
    }
    assert dead == {}


@pytest.mark.parametrize("preset", PRESETS)
def test_no_key_belongs_to_two_commands(preset: str) -> None:
    table = preset_table(real_commands(), preset)
    keys = [key for keys in table.values() for key in keys]
    assert sorted(keys) == sorted(set(keys))
    assert all(keys)


def test_every_key_of_the_table_is_one() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert [key for key in keys if not normalised(key)] == []


def test_presets_speak_of_commands_that_there_are() -> None:
    known = {command.id for command in real_commands()}
    assert set(PRESET_TITLES) == set(PRESETS)
    assert [name for table in PRESETS.values() for name in table if name not in known] == []


def test_a_preset_takes_its_keys_from_their_old_owners(shortcuts: Shortcuts) -> None:
    assert shortcuts.keys("view.source")[0] == "1"
    shortcuts.set_preset("rv")
    assert shortcuts.keys("view.actual")[0] == "1"
    assert shortcuts.keys("view.source") == ("F5",)
    assert shortcuts.keys("range.in") == ("[", "I")
    shortcuts.set_preset("resolve")
    assert shortcuts.keys("view.source")[0] == "1"


def test_own_keys_outlive_a_preset_and_can_be_reset(shortcuts: Shortcuts, studio: Studio) -> None:
    shortcuts.set_keys("view.fit", ["Ctrl+Shift+F", "", "ctrl+shift+f"])
    assert shortcuts.keys("view.fit") == ("Ctrl+Shift+F",)
    shortcuts.set_preset("rv")
    assert shortcuts.keys("view.fit") == ("Ctrl+Shift+F",)
    assert shortcuts.is_changed("view.fit")
    shortcuts.reset("view.fit")
    assert shortcuts.keys("view.fit") == ("F",)
    shortcuts.set_keys("view.fit", ["F"])
    assert studio.settings.stored.shortcuts == ()
    shortcuts.set_keys("view.fit", [])
    shortcuts.set_keys("view.hud", ["F9"])
    assert shortcuts.keys("view.fit") == ()
    shortcuts.reset_all()
    assert (shortcuts.keys("view.fit"), shortcuts.keys("view.hud")) == (("F",), ("H",))


def test_a_conflict_is_named_on_both_sides_and_settled(shortcuts: Shortcuts) -> None:
    assert shortcuts.conflicts() == {}
    shortcuts.set_keys("view.fit", ["W", "F"])
    assert {c.id for c in shortcuts.conflicts()["W"]} == {"view.fit", "view.wipe"}
    assert [(key, other.id) for key, other in shortcuts.rivals("view.fit")] == [("W", "view.wipe")]
    assert [other.id for _, other in shortcuts.rivals("view.wipe")] == ["view.fit"]
    shortcuts.settle("view.fit")
    assert shortcuts.conflicts() == {}
    assert shortcuts.keys("view.fit") == ("W", "F")
    assert shortcuts.keys("view.wipe") == ()


def test_settings_of_another_version_do_no_harm(studio: Studio) -> None:
    studio.settings.set(shortcut_preset="blender", shortcuts=(("no.such", ("X",)),))
    shortcuts = Shortcuts(studio.settings, real_commands())
    assert shortcuts.preset == "resolve"
    shortcuts.set_keys("view.fit", ["F9"])
    assert dict(studio.settings.stored.shortcuts)["no.such"] == ("X",)
