"""The recipe: requests, and undo in the steps that people expect."""

from fractions import Fraction

import pytest

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.ui.state import history as module
from tokenflow_studio.ui.state.recipe import Recipe, RecipeModel


def test_a_recipe_comes_back_from_its_request() -> None:
    recipe = Recipe("a fox", "blur", "a dog", "/m", "sdedit", 7, 20, 5)
    request = recipe.request("/clip.mp4", FrameRange(3, 9), Fraction(25))
    assert (request.clip, request.frames, request.rate) == ("/clip.mp4", FrameRange(3, 9), 25)
    assert Recipe.of(request) == recipe


def test_an_empty_prompt_makes_no_request() -> None:
    with pytest.raises(BadInput, match="prompt is empty"):
        Recipe(prompt="  \n").request("/clip.mp4", None, None)


def test_typing_is_one_step_of_undo() -> None:
    model = RecipeModel()
    for text in ("a", "a f", "a fox"):
        model.set(prompt=text)
    model.set(seed=4)
    model.undo.undo()
    assert model.value == Recipe(prompt="a fox")
    model.undo.undo()
    assert model.value == Recipe()
    model.undo.redo()
    assert model.value.prompt == "a fox"


def test_a_pause_while_typing_begins_another_step(monkeypatch: pytest.MonkeyPatch) -> None:
    model = RecipeModel()
    model.set(prompt="a")
    model.set(prompt="a fox")
    monkeypatch.setattr(module, "_PAUSE", -1.0)  # any time is a pause
    model.set(prompt="a fox at night")
    model.undo.undo()
    assert model.value.prompt == "a fox"


def test_equal_values_are_no_change() -> None:
    model = RecipeModel()
    told: list[Recipe] = []
    model.changed.connect(told.append)
    model.set(seed=0, prompt="")
    assert told == []
    assert not model.undo.canUndo()
