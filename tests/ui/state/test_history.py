"""One history for recipe, range and keyframes, whichever shot they belong to."""

import pytest

from tests.ui.state.test_session import INFO
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.ui.state import history as module
from tokenflow_studio.ui.state.history import History
from tokenflow_studio.ui.state.recipe import Recipe, RecipeModel
from tokenflow_studio.ui.state.session import Session


def test_recipe_and_range_are_undone_in_the_order_they_were_made() -> None:
    history = History()
    recipe, session = RecipeModel(history=history), Session(history=history)
    session.open(INFO)
    recipe.set(prompt="a fox")
    session.set_range(FrameRange(12, 20))
    recipe.set(seed=3)
    titles = []
    while history.stack.canUndo():
        titles.append(history.stack.undoText())
        history.stack.undo()
    assert titles == ["Seed", "In and Out", "Prompt"]
    assert (recipe.value, session.in_out) == (Recipe(), FrameRange(10, 29))
    while history.stack.canRedo():
        history.stack.redo()
    assert (recipe.value, session.in_out) == (Recipe(prompt="a fox", seed=3), FrameRange(12, 20))


def test_a_drag_is_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    session.open(INFO)
    for last in (28, 25, 21):
        session.set_range(FrameRange(10, last))
    session.history.stack.undo()
    assert session.in_out == FrameRange(10, 29)
    monkeypatch.setattr(module, "_PAUSE", -1.0)  # any time is a pause
    for last in (28, 25):
        session.set_range(FrameRange(10, last))
    session.history.stack.undo()
    assert session.in_out == FrameRange(10, 28)


def test_a_change_that_goes_back_to_where_it_began_is_no_step() -> None:
    recipe = RecipeModel()
    recipe.set(prompt="a")
    recipe.set(prompt="")
    assert not recipe.undo.canUndo()


def test_a_step_of_another_shot_goes_to_that_shot() -> None:
    history = History()
    recipe = RecipeModel(history=history)
    told: list[tuple[str, str, object]] = []
    history.elsewhere.connect(lambda *step: told.append(step))
    history.shot = "a"
    recipe.set(seed=3)
    history.shot = "b"
    recipe.show(Recipe(seed=9))
    history.stack.undo()
    assert told == [("a", "recipe", Recipe())]
    assert recipe.value.seed == 9
