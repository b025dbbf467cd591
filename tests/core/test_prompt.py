"""Prompts as they are written: weights, comments, and what is neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.prompt import find_groups, parse_prompt, without_comments
from tokenflow_studio.core.request import EditRequest


def spans(written: str) -> list[tuple[str, float]]:
    """The text in runs of equal weight."""
    prompt = parse_prompt(written)
    runs: list[tuple[str, float]] = []
    for sign, weight in zip(prompt.text, prompt.weights, strict=True):
        weight = round(weight, 6)
        if runs and runs[-1][1] == weight:
            runs[-1] = (runs[-1][0] + sign, weight)
        else:
            runs.append((sign, weight))
    return runs


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("a red fox", [("a red fox", 1.0)]),
        ("a (red:1.2) fox", [("a ", 1.0), ("red", 1.2), (" fox", 1.0)]),
        ("((red:1.5) fox:0.5)", [("red", 0.75), (" fox", 0.5)]),
        ("(red: .5)", [("red", 0.5)]),
        ("(red:7)", [("red", 2.0)]),
        ("a fox (red) (:-) at 10:30", [("a fox (red) (:-) at 10:30", 1.0)]),
        (r"\(red:1.2\) and C\# ", [("(red:1.2) and C#", 1.0)]),
        ("a (red:1.2", [("a (red:1.2", 1.0)]),
        ("(a\nfox:1.1)", [("a\nfox", 1.1)]),
        ("", []),
    ],
)
def test_weights_and_what_is_no_weight(written: str, runs: list[tuple[str, float]]) -> None:
    assert spans(written) == runs


def test_comments_end_with_their_line() -> None:
    written = "a fox # (red:2)\n# only a note\nin the snow"
    assert without_comments(written) == "a fox\nin the snow"
    assert spans(written) == [("a fox\nin the snow", 1.0)]


def test_a_prompt_of_comments_is_an_empty_one() -> None:
    with pytest.raises(BadInput, match="prompt is empty"):
        EditRequest(clip="/a.mp4", prompt="# later\n  # more")


@given(st.text("(:)a1.#\\ \n", max_size=40))
def test_any_text_is_a_prompt(written: str) -> None:
    prompt = parse_prompt(written)
    assert len(prompt.text) == len(prompt.weights)
    assert all(0 <= weight <= 2 ** len(written) for weight in prompt.weights)
    assert all(written[g.start] == "(" and written[g.end] == ")" for g in find_groups(written))


def test_a_long_nest_is_read_at_once() -> None:
    depth = 20_000
    assert parse_prompt("(" * depth + "a" + ":1.0)" * depth).text == "a"
