"""The studio's command line in this process, which spares a start for every call of a script."""

import contextlib
import io
from types import SimpleNamespace

from tokenflow_studio.cli import main


def run_here(command: list[str], **_: object) -> SimpleNamespace:
    """In place of `subprocess.run` for [python, "-m", "tokenflow_studio", ...]."""
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        main(command[3:])
    return SimpleNamespace(stdout=said.getvalue(), stderr=wrong.getvalue())
