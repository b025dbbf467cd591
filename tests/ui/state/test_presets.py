"""Presets: saved as files, taken up as one step of undo, damaged ones passed over."""

import json

import pytest
from pytestqt.qtbot import QtBot

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.paths import state_folder
from tokenflow_studio.ui.state.recipe import Recipe
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads.preset_files import delete_preset, list_presets, save_preset


def test_those_that_come_with_the_program_can_all_be_read() -> None:
    names = [preset.name for preset in list_presets()]
    assert len(names) >= 4
    assert not any(preset.own for preset in list_presets())
    assert "As in the paper" in names


def test_a_saved_preset_comes_back_and_leaves_the_clip_s_own_alone() -> None:
    recipe = Recipe("a fox", "blur", "a dog", "/m", "sdedit", 9, 20, 5, (3, 4), size=(64, 48))
    saved = next(preset for preset in save_preset("My  look", recipe) if preset.own)
    assert saved.name == "My look"
    fields = dict(saved.fields)
    assert (fields["prompt"], fields["size"], fields["steps"]) == ("a fox", (64, 48), 20)
    assert not {"seed", "keyframes", "source_prompt"} & fields.keys()
    again = [p for p in save_preset("My look", Recipe(prompt="an owl")) if p.own]
    assert [dict(preset.fields)["prompt"] for preset in again] == ["an owl"]
    assert not any(preset.own for preset in delete_preset(again[0]))


def test_names_that_make_the_same_file_name_do_not_meet() -> None:
    for name in ("Ink!", "Ink?", "墨"):
        save_preset(name, Recipe())
    assert [p.name for p in list_presets() if p.own] == ["Ink!", "Ink?", "墨"]
    with pytest.raises(BadInput, match="1 to 60"):
        save_preset("  ", Recipe())


def test_damaged_files_are_passed_over() -> None:
    folder = state_folder() / "presets"
    folder.mkdir(parents=True)
    for number, content in enumerate(
        ("{", "[]", {"schema": 9, "name": "a", "recipe": {}}, {"schema": 1, "recipe": {}},
         {"schema": 1, "name": "a", "recipe": {"steps": -4}},
         {"schema": 1, "name": "a", "recipe": {"guidance": "much"}})
    ):  # fmt: skip
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{number}.json").write_text(text)
    (folder / "good.json").write_text(
        json.dumps({"schema": 1, "name": "good", "recipe": {"steps": 4, "later": 1}})
    )
    assert [(p.name, p.fields) for p in list_presets() if p.own] == [("good", (("steps", 4),))]


def test_a_preset_is_one_step_of_undo(qtbot: QtBot, studio: Studio) -> None:
    with qtbot.waitSignal(studio.presets.changed):
        studio.presets.look_up()
    paper = next(p for p in studio.presets.all if p.name == "As in the paper")
    studio.recipe.set(prompt="a fox", seed=3, guidance=2.0)
    before = studio.recipe.value
    studio.presets.apply(paper)
    value = studio.recipe.value
    assert (value.prompt, value.seed) == ("a fox", 3)
    assert (value.guidance, value.pnp_attention, value.steps) == (7.5, 0.5, 50)
    studio.recipe.undo.undo()
    assert studio.recipe.value == before
