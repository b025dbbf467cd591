"""The worker's log file."""

import logging
import logging.handlers
from pathlib import Path

from tokenflow_studio.core.paths import log_folder

_LIMIT = 10 * 2**20  # bytes per file
_OLD_FILES = 4


def start_log() -> Path:
    """Write this process's log into `worker.log`, and its errors to stderr too; gives the path."""
    folder = log_folder()
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    form = logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    path = folder / "worker.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            path, maxBytes=_LIMIT, backupCount=_OLD_FILES, encoding="utf-8"
        )
    except OSError:
        file = logging.StreamHandler()  # the parent keeps the last lines of stderr
    file.setFormatter(form)
    root.addHandler(file)
    return path
