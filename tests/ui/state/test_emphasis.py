"""Weights of words by key, as krita-ai-diffusion's users know them."""

import pytest

from tokenflow_studio.ui.state.emphasis import reweighted


def press(written: str, step: float = 0.1, times: int = 1) -> str:
    """The prompt after the key; `|` marks the cursor, or both ends of the selection."""
    start = written.index("|")
    text = written.replace("|", "", 1)
    end = text.index("|") if "|" in text else start
    text = text.replace("|", "", 1)
    for _ in range(times):
        edited = reweighted(text, start, end, step)
        if edited is None:
            return text
        text, start, end = edited.text, edited.start, edited.end
    return text


@pytest.mark.parametrize(
    ("written", "step", "times", "result"),
    [
        ("a red f|ox", 0.1, 1, "a red (fox:1.1)"),
        ("a red f|ox", 0.1, 3, "a red (fox:1.3)"),
        ("a red f|ox", -0.1, 2, "a red (fox:0.8)"),
        ("a red f|ox", 0.1, 30, "a red (fox:2)"),
        ("a red f|ox", -0.1, 30, "a red (fox:0)"),
        ("|red fox |at night", 0.1, 1, "(red fox:1.1) at night"),
        ("a (red f|ox:1.1)", -0.1, 1, "a red fox"),
        ("a ((re|d:1.2) fox:1.5)", 0.1, 1, "a ((red:1.3) fox:1.5)"),
        ("a ((red:1.2) f|ox:1.5)", 0.1, 1, "a ((red:1.2) fox:1.6)"),
        ("fox, |", 0.1, 1, "fox, "),
        ("|", 0.1, 1, ""),
    ],
)
def test_the_word_the_group_or_the_selection_is_weighed(
    written: str, step: float, times: int, result: str
) -> None:
    assert press(written, step, times) == result


def test_up_and_down_again_is_the_prompt_as_it_was() -> None:
    edited = reweighted("a red fox", 2, 5, 0.1)
    back = reweighted(edited.text, edited.start, edited.end, -0.1)
    assert (back.text, back.start, back.end) == ("a red fox", 2, 5)
