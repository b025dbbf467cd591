"""Weights in prompts reach the embedding, and a weight of 1 changes nothing."""

import pytest
import torch

from tokenflow_studio.core.paths import resource
from tokenflow_studio.engine.loading import load_model
from tokenflow_studio.engine.model import DiffusionModel


@pytest.fixture(scope="module")
def model() -> DiffusionModel:
    """The model that comes with the program: real words, real weights."""
    folder = resource("demo", "model")
    if not folder.is_dir():
        pytest.skip("the demo model is not there")
    return load_model(str(folder), device="cpu", dtype="float32")


@pytest.mark.parametrize("weighted", ["a (golden:1.0) ball on grass", "(a golden ball on grass:1)"])
def test_weight_one_gives_the_identical_embedding(model: DiffusionModel, weighted: str) -> None:
    assert torch.equal(model.embed(weighted), model.embed("a golden ball on grass"))


def test_only_the_weighted_words_move_and_by_their_weight(model: DiffusionModel) -> None:
    plain, empty = model.embed("a golden ball on grass"), model.embed("")
    heavy = model.embed("a (golden ball:1.5) on grass # a note")
    words = model.tokenizer(
        "a golden ball on grass", return_offsets_mapping=True, padding="max_length",
        max_length=plain.shape[1],
    )["offset_mapping"]  # fmt: skip
    moved = torch.tensor([start >= 2 and start < end <= 13 for start, end in words])
    assert moved.sum() >= 2
    assert torch.equal(heavy[0, ~moved], plain[0, ~moved])
    expected = empty[0, moved] + 1.5 * (plain[0, moved] - empty[0, moved])
    torch.testing.assert_close(heavy[0, moved], expected)


def test_weight_zero_is_the_empty_prompt_s_state(model: DiffusionModel) -> None:
    nothing = model.embed("(golden:0)")
    torch.testing.assert_close(nothing[0, 1], model.embed("")[0, 1])


def test_syntax_and_comments_are_no_tokens(model: DiffusionModel) -> None:
    plain = model.token_count("a golden ball")
    assert model.token_count("a (golden:1.3) ball # later: a fox") == plain
