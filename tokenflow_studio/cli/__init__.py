"""The command `tokenflow-studio`: opens the window, or does one job and ends."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from tokenflow_studio.cli.arguments import parse, spelled_out
from tokenflow_studio.cli.output import print_result
from tokenflow_studio.core.errors import Cancelled, StudioError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit code: 0 done, 1 failed, 2 bad input, 3 cancelled."""
    logging.getLogger("tokenflow_studio").addHandler(logging.NullHandler())
    given = sys.argv[1:] if arguments is None else arguments
    options = argparse.Namespace(json=False)
    try:
        given = spelled_out(given)
        options.json = "--json" in given
        options = parse(given)
        return _run(options)
    except StudioError as error:
        sys.stderr.write(f"tokenflow-studio: error: {error}\n")
        if options.json:
            print_result(error.exit_code, message=str(error))
        return error.exit_code
    except BrokenPipeError:  # whoever read our output has gone: nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:  # outside of jobs, which end in their own way
        return Cancelled.exit_code


def _run(options: argparse.Namespace) -> int:
    """Each command is imported when it runs: the window must not wait for what it does not need."""
    match options.command:
        case "demo" | "edit" | "keyframes":
            from tokenflow_studio.cli import jobs

            return jobs.run(options)
        case "models":
            from tokenflow_studio.cli import models

            return models.run(options)
        case "deflicker":
            from tokenflow_studio.cli import deflicker

            return deflicker.run(options)
        case "measure":
            from tokenflow_studio.cli import measure

            return measure.run(options)
        case "shot":
            from tokenflow_studio.cli import shot

            return shot.run(options)
        case "hosts":
            from tokenflow_studio.cli import hosts

            return hosts.run(options)
        case "bench":
            from tokenflow_studio.cli import bench

            return bench.run(options)
        case "doctor":
            from tokenflow_studio.cli import doctor

            return doctor.run(options)
    _check_display()
    from tokenflow_studio.ui.app import run_window

    return run_window(options.clip, alone=options.alone)


def _check_display() -> None:
    """Raises StudioError where Qt would abort the process with a page of its own words."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, displays)):
        raise StudioError(
            "The window cannot open, there is no display here: "
            "use a command instead (tokenflow-studio --help)."
        )
