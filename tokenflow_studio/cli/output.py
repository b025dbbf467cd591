"""What the commands say: JSON lines or results on stdout, progress for people on stderr."""

import json
import shutil
import sys
import time
from typing import Any, TextIO

from tokenflow_studio.core.job import EventKind, JobEvent, Stage

_BAR = 24  # characters


def print_line(text: str) -> None:
    """One line on stdout, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def print_result(exit_code: int, **values: Any) -> None:
    """The last line of `--json`."""
    print_line(json.dumps({"kind": "result", "exit_code": exit_code, **values}))


class ProgressLines:
    """Progress on a terminal as one moving line, elsewhere as one line per stage."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._moves = stream.isatty()
        self._stage: Stage | None = None

    def show(self, event: JobEvent) -> None:
        """Show what an event tells; the final ones say nothing here."""
        if event.kind is EventKind.NOTICE:
            self.clear()
            self._write(f"note: {event.message}\n")
        elif event.kind is EventKind.PROGRESS and self._moves:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r{progress_text(event)[:width]}\x1b[K")
        elif event.kind is EventKind.PROGRESS and event.stage is not self._stage:
            self._stage = event.stage
            self._write(f"{progress_text(event)}\n")

    def clear(self) -> None:
        """Remove the moving line."""
        if self._moves:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


class FrameLines:
    """Progress of a command that no worker does: call it with the frames done, and their number."""

    def __init__(self, as_json: bool) -> None:
        self._as_json, self._lines = as_json, ProgressLines(sys.stderr)
        self._start = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        elapsed = time.monotonic() - self._start
        event = JobEvent(
            kind=EventKind.PROGRESS,
            stage=Stage.WRITE,
            step=done,
            total=total,
            fraction=done / total,
            elapsed=elapsed,
            eta=elapsed / done * (total - done),
        )
        if self._as_json:
            print_line(event.to_json())
            return
        self._lines.show(event)
        if done == total:
            self._lines.clear()


def progress_text(event: JobEvent) -> str:
    """'propagate  17/50 [######........] 43 %, 0:12, about 0:20 left'."""
    done = round(event.fraction * _BAR)
    left = "" if event.eta is None else f", about {_clock(event.eta)} left"
    return (
        f"{event.stage or '':<9} {event.step:>4}/{event.total:<4} "
        f"[{'#' * done}{'.' * (_BAR - done)}] {event.fraction:4.0%}, {_clock(event.elapsed)}{left}"
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
