"""Decoding processes: started, asked, and replaced when a file has killed one."""

import atexit
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.media.decoding.channel import Channel, SharedBlock

PATIENCE = 30.0  # seconds without any sign of life
_PROGRAM = "tokenflow_studio.media.decoding"
_BLOCKS = 3  # frames that may be held without being copied; one more goes through the pipe
_SPARE = 2  # processes that wait for the next clip
# Read by Python or the loader before the process could refuse them; hosts leave them behind.
_DROPPED = ("PYTHONPATH", "PYTHONHOME", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES")


class Decoder:
    """A decoding process. One thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._blocks: list[SharedBlock] = []
        self._channel: Channel | None = None
        self._hung = False

    @property
    def pid(self) -> int | None:
        """The operating system's number of the process; None while there is none."""
        return None if self._process is None else self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self, *, warm: bool = False) -> None:
        """Start the process, where it does not run; `warm`: it loads all libraries at once."""
        if not self.is_alive:
            self.end()
            self._start(warm)

    def ask(self, what: str, name: str, *arguments: object) -> Any:
        """The answer to a request of that name.

        what: what is decoded, to begin a sentence. Raises BadInput for what cannot be decoded,
        also where the process dies of it, hangs, or needs too much memory.
        """
        self.start()
        assert self._channel is not None
        try:
            self._channel.send((name, arguments, self._channel.free_block()))
            kind, content = self._answer(self._channel)
        except (EOFError, OSError) as error:
            hung = self._hung
            self.end()
            if hung:
                raise BadInput(
                    f"{what} cannot be decoded: it takes more than {PATIENCE:.0f} seconds. "
                    "Copy or render it again."
                ) from error
            raise DecoderDied(
                f"{what} is damaged, decoding it ends the decoder: copy or render it again."
            ) from error
        except BaseException:  # its answer would be taken for that of the next request
            self.end()
            raise
        if kind == "done":
            return content
        if kind == "memory":
            self.end()
            raise BadInput(f"{what} needs more memory than there is: make it smaller.")
        raise BadInput(str(content))

    def end(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        for block in self._blocks:
            block.close()
        self._blocks, self._channel = [], None
        self._hung = False

    def _answer(self, channel: Channel) -> tuple[str, Any]:
        while True:
            watch = threading.Timer(PATIENCE, self._give_up)
            watch.daemon = True
            watch.start()
            try:
                kind, content = channel.receive()
            finally:
                watch.cancel()
            if kind != "busy":
                return kind, content

    def _give_up(self) -> None:
        self._hung = True
        if self._process is not None:
            self._process.kill()

    def _start(self, warm: bool) -> None:
        self._blocks = [SharedBlock() for _ in range(_BLOCKS if os.name == "posix" else 0)]
        shared = [block.descriptor for block in self._blocks]
        environment = {name: value for name, value in os.environ.items() if name not in _DROPPED}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", _PROGRAM, str(int(warm)), *map(str, shared)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                pass_fds=shared,
                start_new_session=True,  # Ctrl-C in a terminal is for the program alone
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise JobFailed(f"The decoder cannot be started ({error}): try again.") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._channel = Channel(self._process.stdout, self._process.stdin, self._blocks)


class DecoderDied(BadInput):
    """The process was gone before it answered."""


_spare: list[Decoder] = []
_lock = threading.Lock()


def borrow() -> Decoder:
    """A decoder for one clip; it may run already. To be given back."""
    with _lock:
        return _spare.pop() if _spare else Decoder()


def give_back(decoder: Decoder) -> None:
    """Keep a decoder for the next clip, or end it."""
    with _lock:
        if decoder.is_alive and len(_spare) < _SPARE:
            _spare.append(decoder)
            return
    decoder.end()


@contextmanager
def borrowed() -> Iterator[Decoder]:
    """A decoder for one request."""
    decoder = borrow()
    try:
        yield decoder
    finally:
        give_back(decoder)


def ask(what: str, name: str, *arguments: object) -> Any:
    """One request that needs nothing from earlier ones.

    It is tried twice: a process may end by another's hand. Raises as `Decoder.ask` does.
    """
    with borrowed() as decoder:
        try:
            return decoder.ask(what, name, *arguments)
        except DecoderDied:
            return decoder.ask(what, name, *arguments)


@atexit.register
def _end_spare() -> None:
    while _spare:
        _spare.pop().end()


def prepare() -> None:
    """Start a decoder ahead of the first clip; it loads its libraries meanwhile."""
    decoder = borrow()
    decoder.start(warm=True)
    give_back(decoder)
