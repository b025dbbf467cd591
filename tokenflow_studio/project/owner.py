"""Which process wrote a file, and whether it still runs."""

import os
import socket
from dataclasses import asdict, dataclass
from typing import Any

# psutil is imported where it is asked: the window starts without it.

_SAME = 2.0  # seconds: what the clock may have been set by since


@dataclass(frozen=True, slots=True)
class Owner:
    """A process on a machine. start: when it began, seconds since 1970, so that another process
    of the same number is not taken for it."""

    pid: int
    host: str
    start: float

    @property
    def is_here(self) -> bool:
        """Whether it belongs to this machine."""
        return self.host == socket.gethostname()

    @property
    def is_gone(self) -> bool:
        """Whether it has ended for sure: a process of another machine cannot be asked."""
        if not self.is_here:
            return False
        import psutil

        try:
            process = psutil.Process(self.pid)
            dead = process.status() == psutil.STATUS_ZOMBIE
            return dead or abs(process.create_time() - self.start) > _SAME
        except (psutil.NoSuchProcess, ValueError, OverflowError):
            return True
        except psutil.AccessDenied:
            return False

    def to_fields(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def of_fields(cls, fields: Any) -> "Owner":
        """Read what `to_fields` gave. Raises ValueError for anything else."""
        try:
            return cls(int(fields["pid"]), str(fields["host"]), float(fields["start"]))
        except (KeyError, TypeError) as error:
            raise ValueError("names no process") from error


def this_process() -> Owner:
    """The process that runs this."""
    import psutil

    return Owner(os.getpid(), socket.gethostname(), psutil.Process().create_time())
