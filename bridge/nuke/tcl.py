"""The part of Tcl that Nuke scripts are written in: commands of words, braces, quotes, escapes.

Nothing is ever evaluated. A word that Nuke would evaluate when it opens the script is marked.
Tcl(n), rules 1 to 12, less variables and command substitution.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tokenflow_studio.core.errors import BadInput

_BARE = re.compile(r"[A-Za-z0-9_./%:+@,=~][A-Za-z0-9_./%#:+@,=~-]*")
# A word that begins with # would be a comment where a command begins.
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word; braced: taken literally; evaluates: it holds `[` or `$` that Tcl would act on."""

    text: str
    braced: bool = False
    evaluates: bool = False


Command = tuple[Word, ...]


def commands(text: str) -> Iterator[Command]:
    """The commands of a script, comments left out. Raises BadInput for braces that do not close."""
    return _Scanner(text).commands()


def quoted(text: str) -> str:
    """A word that Tcl reads back as exactly `text`, whatever is in it."""
    if _BARE.fullmatch(text):
        return text
    escaped = re.sub(r'([\\"\[\]$\{\}])', r"\\\1", text)
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def commands(self) -> Iterator[Command]:
        words: list[Word] = []
        while self.place < len(self.text):
            character = self.text[self.place]
            if character in "\n;":
                self.place += 1
                if words:
                    yield tuple(words)
                words = []
            elif character == "#" and not words:
                self._skip_line()
            elif character in " \t\r" or self.text.startswith("\\\n", self.place):
                self.place += 2 if character == "\\" else 1
            else:
                words.append(self._word())
        if words:
            yield tuple(words)

    def _skip_line(self) -> None:
        end = self.text.find("\n", self.place)
        self.place = len(self.text) if end < 0 else end

    def _word(self) -> Word:
        match self.text[self.place]:
            case "{":
                return self._braced()
            case '"':
                return self._until('"', opening=1)
            case _:
                return self._until(" \t\r\n;", opening=0)

    def _braced(self) -> Word:
        start, depth = self.place, 0
        while self.place < len(self.text):
            character = self.text[self.place]
            self.place += 2 if character == "\\" else 1
            depth += (character == "{") - (character == "}")
            if depth == 0:
                return Word(self.text[start + 1 : self.place - 1], braced=True)
        line = self.text.count("\n", 0, start) + 1
        raise BadInput(f"The brace in line {line} of the script does not close: save it again.")

    def _until(self, ends: str, opening: int) -> Word:
        self.place += opening
        found: list[str] = []
        evaluates = False
        while self.place < len(self.text) and self.text[self.place] not in ends:
            character = self.text[self.place]
            if character == "\\" and self.place + 1 < len(self.text):
                self.place += 1
                character = _ESCAPED.get(self.text[self.place], self.text[self.place])
            elif character in "[$":
                evaluates = True
            found.append(character)
            self.place += 1
        self.place += opening
        return Word("".join(found), evaluates=evaluates)
