"""What happens when something breaks: a log on disk, and a word in the status line."""

import faulthandler
import logging
import logging.handlers
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TextIO

from tokenflow_studio.core.paths import log_folder

log = logging.getLogger(__name__)

_LOG_BYTES, _LOGS = 10 * 2**20, 4
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_logging() -> Path | None:
    """Log to `window.log` and crashes of the interpreter to `crash.log`.

    Returns the log file, or None where the folder cannot be written: the window starts all the
    same. To be called before Qt is imported, so that a crash in there is caught too.
    """
    folder = log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "window.log", maxBytes=_LOG_BYTES, backupCount=_LOGS, encoding="utf-8"
        )
        crashes = (folder / "crash.log").open("a", encoding="utf-8")
    except OSError:
        faulthandler.enable()
        return None
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    faulthandler.enable(crashes)
    _keep_open.append(crashes)
    return folder / "window.log"


def catch_exceptions(tell: Callable[[str], None]) -> None:
    """Log exceptions that nothing caught, on any thread, and hand a sentence about them to `tell`.

    `tell` is called on the thread that failed: connect it by a signal.
    """

    def on_exception(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("not caught", exc_info=(kind, error, trace))
        tell(f"Something went wrong that should not have ({kind.__name__}): see the log.")

    def on_thread_exception(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = on_exception
    threading.excepthook = on_thread_exception


# faulthandler writes to the file's number: the file must outlive everything else.
_keep_open: list[TextIO] = []
