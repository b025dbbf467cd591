"""Reading the program's own log files: their last entries, by weight."""

import os
import re
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

_TAIL = 512 * 2**10  # bytes that are read from the end
_HEAD = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?:\d+ )?(DEBUG|INFO|WARNING|ERROR|CRITICAL) "
)


class Weight(IntEnum):
    """How much an entry matters; the names are those of Python's logging."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry with all its lines, a traceback's among them."""

    weight: Weight
    text: str


def last_entries(path: Path, tail: int = _TAIL) -> tuple[LogEntry, ...]:
    """The entries in the last `tail` bytes of a log, oldest first; none where there is no file.

    Lines before the first head (of a cut entry, or of a file without heads) are one entry that
    weighs as an error, since only crashes write so. Raises OSError for a file that cannot be read.
    """
    try:
        with path.open("rb") as file:
            length = file.seek(0, os.SEEK_END)
            file.seek(max(0, length - tail))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ()
    lines = text.splitlines()
    if length > tail:
        lines = lines[1:]  # the first one was cut
    entries: list[LogEntry] = []
    weight, part = Weight.ERROR, list[str]()
    for line in lines:
        head = _HEAD.match(line)
        if head is not None:
            _close(entries, weight, part)
            weight, part = Weight[head[1]], []
        part.append(line)
    _close(entries, weight, part)
    return tuple(entries)


def _close(entries: list[LogEntry], weight: Weight, lines: list[str]) -> None:
    if any(line.strip() for line in lines):
        entries.append(LogEntry(weight, "\n".join(lines)))


def last_lines(path: Path, count: int) -> list[str]:
    """At most `count` lines from the end of a log."""
    lines = [line for entry in last_entries(path) for line in entry.text.splitlines()]
    return lines[-count:]


def without_home(text: str, home: Path | None = None) -> str:
    """The text with the user's own folder as ~, however the path is spelled in it."""
    folder = str(home or Path.home())
    if len(folder) < 2:  # no user's folder but a drive's root
        return text
    spelled = {folder, folder.replace("\\", "\\\\"), folder.replace("\\", "/")}
    for name in sorted(spelled, key=len, reverse=True):
        text = re.sub(re.escape(name) + r"(?=$|[^\w.-])", "~", text, flags=re.MULTILINE)
    return text
