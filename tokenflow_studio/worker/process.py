"""Starts a worker process, listens to it, and says in words how it ended."""

import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

import tokenflow_studio
from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.paths import runtime_folder
from tokenflow_studio.worker.handshake import Answer, Greeting, build, check_versions

_HANDSHAKE = 20.0  # seconds
_KEPT_LINES = 50
# Read by Python or the loader before the worker could refuse them; hosts leave them behind.
_DROPPED = ("PYTHONPATH", "PYTHONHOME", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES")

_log = logging.getLogger(__name__)


def worker_command() -> list[str]:
    """The command line of the program's own worker; `-I` keeps the user's folders out of it."""
    return [sys.executable, "-I", "-X", "faulthandler", "-m", "tokenflow_studio.worker"]


class WorkerProcess:
    """A running worker; `answer` tells where to call it, `token` opens it."""

    def __init__(self, command: Sequence[str], transport: str, certificate: str = "") -> None:
        """Start the process and wait for its answer.

        Raises WorkerLost when it does not come up within 20 s, or is of another version.
        """
        self.token = secrets.token_urlsafe(32)
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._process = _start(command)
        self._drain = threading.Thread(
            target=self._keep_lines, args=(_pipe(self._process.stderr),), daemon=True
        )
        self._drain.start()
        try:
            self._greet(transport, certificate)
            self.answer = Answer.from_line(self._first_line())
            check_versions(self.answer, tokenflow_studio.__version__, build())
        except BaseException:
            self.end(0.0)
            raise

    @property
    def pid(self) -> int:
        """The operating system's number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def last_lines(self) -> list[str]:
        """The last 50 lines that the process wrote to stderr."""
        return list(self._lines)

    def wait(self, seconds: float) -> bool:
        """Whether the process has ended, at the latest after `seconds`."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.alive

    def end(self, patience: float) -> None:
        """Close the worker's stdin, at which it leaves; kill it after `patience` seconds."""
        with suppress(OSError):
            _pipe(self._process.stdin).close()
        if not self.wait(patience):
            self.kill()
        _pipe(self._process.stdout).close()  # not sooner: a thread may still be reading it
        self._drain.join(1.0)

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()

    def ending(self) -> str:
        """How the process ended, as the beginning of a sentence."""
        code = self._process.poll()
        last = self._lines[-1] if self._lines else ""
        detail = f" (its last words: {last[:200]})" if last else ""
        if code is None:
            return "The worker process does not answer"
        if code == -9:
            return "The worker process was killed, which often means that the memory ran out"
        if code < 0:
            return f"The worker process crashed with {signal.Signals(-code).name}{detail}"
        return f"The worker process ended with exit code {code}{detail}"

    def _greet(self, transport: str, certificate: str) -> None:
        greeting = Greeting(
            token=self.token,
            runtime_folder=str(runtime_folder()),
            parent_pid=os.getpid(),
            from_main_thread=threading.current_thread() is threading.main_thread(),
            transport=transport,
            certificate=certificate,
        )
        stdin = _pipe(self._process.stdin)
        with suppress(BrokenPipeError):  # it is dead already: the missing answer will tell
            stdin.write(greeting.to_line() + "\n")
            stdin.flush()

    def _first_line(self) -> str:
        """The handshake line; read by a thread, since no pipe of Windows can wait with a limit."""
        lines: list[str] = []
        stdout = _pipe(self._process.stdout)
        reader = threading.Thread(target=lambda: lines.append(stdout.readline()), daemon=True)
        reader.start()
        reader.join(_HANDSHAKE)
        if lines and lines[0]:
            return lines[0]
        if reader.is_alive():
            raise WorkerLost(f"The worker process did not come up within {_HANDSHAKE:.0f} seconds.")
        self.wait(1.0)
        self._drain.join(1.0)
        raise WorkerLost(f"{self.ending()} before it could be called.")

    def _keep_lines(self, stderr: IO[str]) -> None:
        """Drain stderr for ever: a full pipe would stop the worker."""
        with stderr:
            for line in stderr:
                _log.debug("worker: %s", line.rstrip())
                if line.strip():
                    self._lines.append(line.rstrip())


def _start(command: Sequence[str]) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    # Torch's threads spin while they wait: ten times slower as soon as anything else runs.
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env=environment,
            close_fds=True,
            start_new_session=True,  # Ctrl-C in a terminal is for the parent alone
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise WorkerLost(f"The worker process cannot be started ({error}).") from error


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None, "the process was started with pipes"
    return pipe
