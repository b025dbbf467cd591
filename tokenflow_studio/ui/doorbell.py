"""One window per user: a later start hands over what it was asked to open, and ends.

Whoever holds the lock listens. A socket without a lock is what a killed window left; a window that
does not answer in time is taken for one that hangs or closes, and the later start opens its own.
"""

import dataclasses
import getpass
import hashlib
import json
import logging
import os
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from tokenflow_studio.core.paths import runtime_folder, state_folder

log = logging.getLogger(__name__)

_PATIENCE = 5.0  # seconds: the other window may just be starting
_TAKEN = b"taken\n"
_LONGEST = 64 * 1024  # bytes of a call


@dataclass(frozen=True, slots=True)
class Call:
    """What a later start asks for. path: what to open, "" for nothing but the window; token: what
    the desktop gave that start, so that a window may come to the front."""

    path: str = ""
    token: str = ""

    @classmethod
    def of(cls, clip: str | None) -> "Call":
        """The call of this process."""
        path = os.path.abspath(clip) if clip else ""  # noqa: PTH100 (a pattern is no path)
        return cls(path, os.environ.get("XDG_ACTIVATION_TOKEN", ""))


class Doorbell(QObject):
    """The way into the window that runs. It is one per user and per folder of the state."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = _private_folder()
        identity = f"{_user()} {state_folder()}"
        self._name = hashlib.blake2b(identity.encode(), digest_size=6).hexdigest()
        self._lock: QLockFile | None = None
        self._answer: Callable[[Call], bool] | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    @property
    def address(self) -> str:
        """Where the window listens; pipes of Windows have names of their own."""
        if os.name == "posix":
            return str(self._folder / f"{self._name}.window") if self._folder else ""
        return f"tokenflow-studio-{self._name}"

    def claim(self) -> bool:
        """Be the window that others ring at; False if there is one."""
        if self._folder is None:
            return False
        lock = QLockFile(str(self._folder / f"{self._name}.lock"))
        lock.setStaleLockTime(0)  # only a process that has ended lets go of it
        if lock.tryLock(0):
            self._lock = lock
        return self._lock is not None

    def listen(self, answer: Callable[[Call], bool]) -> bool:
        """Let `answer` take the calls from now on; it tells whether it has. For the one that has
        claimed the door."""
        if self._lock is None:
            return False
        self._answer = answer
        QLocalServer.removeServer(self.address)  # ours is the lock: this one is dead
        if not self._server.listen(self.address):
            log.warning("later starts cannot reach this window: %s", self._server.errorString())
            return False
        return True

    def ring(self, call: Call, patience: float = _PATIENCE) -> bool:
        """Hand a call to the window that runs; False if none takes it within `patience` seconds."""
        deadline = time.monotonic() + patience
        socket = QLocalSocket()
        while self.address and time.monotonic() < deadline:
            socket.connectToServer(self.address)
            if socket.waitForConnected(_left(deadline)):
                return _told(socket, call, deadline)
            time.sleep(0.05)
        return False

    def close(self) -> None:
        """Take no more calls."""
        self._answer = None
        self._server.close()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    @Slot()
    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(_LONGEST)
            socket.readyRead.connect(self._on_words)
            socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _on_words(self) -> None:
        socket = self.sender()
        assert isinstance(socket, QLocalSocket)
        if not socket.canReadLine():
            if socket.bytesAvailable() >= _LONGEST:
                socket.abort()
            return
        call = _read(bytes(socket.readLine().data()))
        if call is not None and self._answer is not None and self._answer(call):
            socket.write(_TAKEN)
            socket.flush()
        socket.disconnectFromServer()


def _told(socket: QLocalSocket, call: Call, deadline: float) -> bool:
    socket.write(json.dumps(dataclasses.asdict(call)).encode() + b"\n")
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_left(deadline)):
            return False
    return bytes(socket.readLine().data()) == _TAKEN


def _left(deadline: float) -> int:
    """Milliseconds until then."""
    return max(1, round(1000 * (deadline - time.monotonic())))


def _read(line: bytes) -> Call | None:
    try:
        fields = json.loads(line)
        call = Call(fields["path"], fields["token"])
    except (ValueError, KeyError, TypeError, RecursionError):
        log.warning("a call that cannot be read: %.80r", line)
        return None
    return call if isinstance(call.path, str) and isinstance(call.token, str) else None


def _user() -> str:
    """Who this is."""
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()


def _private_folder() -> Path | None:
    """A folder that nobody else can write to; None where somebody else has taken its place."""
    folder = runtime_folder() / f"tokenflow-studio-{_user()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = folder.lstat()
    except OSError:
        log.warning("later starts cannot reach this window", exc_info=True)
        return None
    mine = not hasattr(os, "getuid") or facts.st_uid == os.getuid()
    private = os.name != "posix" or not stat.S_IMODE(facts.st_mode) & 0o077
    if stat.S_ISDIR(facts.st_mode) and mine and private:
        return folder
    log.warning("%s is not ours alone: later starts cannot reach this window", folder)
    return None
