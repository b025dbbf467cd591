"""How the studio is called: its command line does the work, and answers in JSON.

Copied beside the scripts of every host; Python 3.6 and up, standard library only.
"""

import json
import os
import subprocess
import tempfile
import uuid
from pathlib import Path

# What hosts set for their own Python and Qt, and what would break the studio's.
_OWN = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH")
_NOTE = Path(__file__).resolve().with_name("studio.json")


class StudioError(Exception):
    """One sentence for the person at the screen."""


def settings():
    """What the installer noted: `command`, how the studio starts, and `exchange`, the folder."""
    try:
        return json.loads(_NOTE.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StudioError(
            f"{_NOTE} is missing or damaged: run 'tokenflow-studio hosts install' again."
        ) from error


def ask(arguments):
    """Run one command to its end; gives its result as a dict. Raises StudioError."""
    try:
        done = subprocess.run(
            [*settings()["command"], *arguments, "--json"],
            stdout=subprocess.PIPE,  # capture_output and text are of Python 3.7
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=_environment(),
            universal_newlines=True,
            encoding="utf-8",
        )
    except OSError as error:
        raise StudioError(f"TokenFlow Studio could not be started ({error}).") from error
    lines = done.stdout.strip().splitlines()
    try:
        result = json.loads(lines[-1])
    except (IndexError, ValueError) as error:
        last = done.stderr.strip().splitlines()[-1:] or ["it gave no answer"]
        raise StudioError(f"TokenFlow Studio failed: {last[0]}") from error
    if result.get("exit_code") != 0:
        raise StudioError(result.get("message") or "TokenFlow Studio failed.")
    return result


def send_shot(spec, shot, facts, passage):
    """Make a package of a clip; gives its folder. passage: `--reference` or `--move`.

    facts: what the host knows of the shot, as the studio's facts file has it. Raises StudioError.
    """
    exchange = settings()["exchange"]
    with tempfile.TemporaryDirectory() as folder:
        stated = Path(folder) / "facts.json"
        stated.write_text(json.dumps(facts), "utf-8")
        options = ["-o", exchange, f"--shot={shot}", "--facts", str(stated), passage]
        return ask(["shot", "send", spec, *options])["package"]


def new_render_folder():
    """An empty folder of the exchange folder, for frames that are moved into a package."""
    folder = Path(settings()["exchange"]) / ".rendered" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    return folder


def open_window(package):
    """Open the studio with a package, and do not wait for it."""
    try:
        subprocess.Popen(
            [*settings()["command"], package],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            close_fds=True,
        )
    except OSError as error:
        raise StudioError(f"TokenFlow Studio could not be opened ({error}).") from error


def _environment():
    return {name: value for name, value in os.environ.items() if name not in _OWN}
