"""Weights of words by key: what Ctrl+Up and Ctrl+Down make of a prompt."""

import re
from dataclasses import dataclass

from tokenflow_studio.core.prompt import HEAVIEST, Group, find_groups

STEP = 0.1
_WORD = re.compile(r"[^\s.,;:!?(){}\[\]<>#\\/|\"]+")


@dataclass(frozen=True, slots=True)
class Edited:
    """A prompt after an edit, and the words in it to select: from start up to end."""

    text: str
    start: int
    end: int


def reweighted(text: str, start: int, end: int, step: float) -> Edited | None:
    """Weigh the selected words, or the group or word at the cursor, by `step` more.

    start, end: the selection, equal for a cursor alone. A weight of 1 needs no parentheses. None
    where there is nothing to weigh.
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    group = _group_at(text, start, end)
    if group is not None:
        words = text[group.start + 1 : group.colon]
        return _written(text, group.start, group.end + 1, words, group.weight + step)
    if start == end:
        start, end = _word_at(text, start)
    if start == end:
        return None
    return _written(text, start, end, text[start:end], 1.0 + step)


def _written(text: str, start: int, end: int, words: str, weight: float) -> Edited:
    weight = round(min(max(weight, 0.0), HEAVIEST), 2)
    if weight == 1.0:
        return Edited(text[:start] + words + text[end:], start, start + len(words))
    made = f"({words}:{weight:g})"
    return Edited(text[:start] + made + text[end:], start + 1, start + 1 + len(words))


def _group_at(text: str, start: int, end: int) -> Group | None:
    """The innermost group around a cursor, or the one whose words are selected."""
    groups = find_groups(text)
    if start == end:
        around = [g for g in groups if g.start <= start <= g.end + 1]
    else:
        around = [g for g in groups if start in (g.start, g.start + 1)
                  and end in (g.colon, g.end + 1)]  # fmt: skip
    return max(around, key=lambda group: group.start, default=None)


def _word_at(text: str, place: int) -> tuple[int, int]:
    for match in _WORD.finditer(text):
        if match.start() <= place <= match.end():
            return match.span()
    return place, place
