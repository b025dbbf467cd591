"""What a prompt says once its weights and comments are read: plain text, and how much each
character counts.

The syntax is that of krita-ai-diffusion (`ai_diffusion/text.py`): `(words:1.2)` weighs words, inner
groups multiply with outer ones, `#` begins a comment up to the line's end. Parentheses without a
number are text. A backslash before `(`, `)` or `#` makes the sign itself.
"""

import re
from dataclasses import dataclass

HEAVIEST = 2.0  # as krita-ai-diffusion limits weights
_COMMENT = re.compile(r"(?<!\\)#.*")
_WEIGHT = re.compile(r":\s*(\d{1,3}(?:\.\d{0,6})?|\.\d{1,6})\s*\Z")
_SIGNS = "()#"


@dataclass(frozen=True, slots=True)
class Prompt:
    """text: without syntax; weights: one for each character of it, 1 where none was given."""

    text: str
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`(words:1.2)` in a written prompt: the places of its parentheses and of the colon."""

    start: int
    colon: int
    end: int  # of the closing parenthesis
    weight: float


def without_comments(written: str) -> str:
    """The prompt without what follows a `#`, and without the lines that are empty then."""
    lines = (_COMMENT.sub("", line).strip() for line in written.splitlines())
    return "\n".join(line for line in lines if line)


def find_groups(written: str) -> tuple[Group, ...]:
    """All weighted groups, by where they begin."""
    opened: list[int] = []
    found: list[Group] = []
    for place, sign in enumerate(written):
        if sign not in "()" or (place and written[place - 1] == "\\"):
            continue
        if sign == "(":
            opened.append(place)
        elif opened:
            start = opened.pop()
            match = _WEIGHT.search(written[max(start + 1, place - 20) : place])
            if match is not None:
                colon = place - len(match[0])
                found.append(Group(start, colon, place, min(float(match[1]), HEAVIEST)))
    return tuple(sorted(found, key=lambda group: group.start))


def parse_prompt(written: str) -> Prompt:
    """Read weights and drop comments. No text is refused: what is no syntax is text."""
    written = without_comments(written)
    begins = {group.start: group for group in find_groups(written)}
    open_groups: list[tuple[Group, float]] = []  # with the weight that counts again after it
    text: list[str] = []
    weights: list[float] = []
    weight, place = 1.0, 0
    while place < len(written):
        if open_groups and place == open_groups[-1][0].colon:
            group, weight = open_groups.pop()
            place = group.end + 1
            continue
        sign = written[place]
        if (group := begins.get(place)) is not None:
            open_groups.append((group, weight))
            weight *= group.weight
        elif not (sign == "\\" and written[place + 1 : place + 2] in (*_SIGNS,)):
            text.append(sign)
            weights.append(weight)
        place += 1
    return Prompt("".join(text), tuple(weights))
