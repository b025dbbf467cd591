"""Ends the worker when its parent dies, however it dies and whatever the worker computes.

End of file on stdin tells it everywhere and at once, as long as Python gets to run; on Linux the
kernel's own signal also ends a worker that is stuck inside native code.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import TextIO

_PR_SET_PDEATHSIG = 1


def leave_at_end_of(stdin: TextIO, leave: Callable[[], None]) -> None:
    """Call `leave` from a thread of its own as soon as `stdin` ends."""

    def wait() -> None:
        while stdin.read(4096):
            pass
        leave()

    threading.Thread(target=wait, name="parent guard", daemon=True).start()


def die_with(parent_pid: int) -> None:
    """Ask the kernel to end this process when the *thread* that started it ends (Linux).

    So it is right only where that was the parent's main thread.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before the kernel was asked
        os._exit(1)
