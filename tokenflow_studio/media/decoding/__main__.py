"""The process that decodes: one request at a time, until its standard input ends."""

import contextlib
import os
import queue
import sys
import threading
import time
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.decoding.channel import Channel, SharedBlock
from tokenflow_studio.media.decoding.requests import REQUESTS, Session, load_libraries

_MEMORY = 8 * 2**30  # bytes: the largest plate that is accepted, some times over
_BEAT = 1.0  # seconds between signs of life


class _Answers:
    """The way back; `beat` says that long work goes on."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._last = time.monotonic()

    def beat(self) -> None:
        if time.monotonic() - self._last > _BEAT:
            self.send("busy", None, None)

    def send(self, kind: str, content: object, block: int | None) -> None:
        self._last = time.monotonic()
        self._channel.send((kind, content), block)


def main(descriptors: list[int], *, warm: bool) -> None:
    """Answer requests; descriptors: of the shared blocks; warm: load all libraries first."""
    _limit()
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    channel = Channel(sys.stdin.buffer, output, [SharedBlock(number) for number in descriptors])
    waiting: queue.SimpleQueue[tuple[str, tuple[Any, ...], int | None]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(channel, waiting), daemon=True).start()
    if warm:
        load_libraries()
    answers = _Answers(channel)
    session = Session(answers.beat)
    while True:
        name, arguments, block = waiting.get()
        try:
            answers.send("done", REQUESTS[name](session, *arguments), block)
        except BadInput as error:
            answers.send("refused", str(error), None)
        except MemoryError:
            answers.send("memory", None, None)


def _listen(
    channel: Channel, waiting: "queue.SimpleQueue[tuple[str, tuple[Any, ...], int | None]]"
) -> None:
    """Take requests down; ends the process, whatever it does, when the program is gone."""
    try:
        while True:
            waiting.put(channel.receive())
    except EOFError:
        os._exit(0)


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    main([int(number) for number in sys.argv[2:]], warm=sys.argv[1] == "1")
