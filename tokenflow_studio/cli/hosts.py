"""`hosts`: our scripts inside other programs."""

import argparse
import sys
from pathlib import Path
from typing import Any

from bridge.host_folders import HOSTS, host_folders
from bridge.host_install import Studio, install, installed_version, remove
from tokenflow_studio.cli.output import print_line, print_result
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.paths import exchange_folder


def run(options: argparse.Namespace) -> int:
    """Do one action for the named hosts, or for all that are there. Raises StudioError."""
    action = {"list": _list, "install": _install, "remove": _remove}[options.action]
    rows = action(options)
    if options.json:
        print_result(0, hosts=rows)
    else:
        for row in rows:
            print_line(f"{row['host']:<8} {row['said']}")
    return 0


def _list(options: argparse.Namespace) -> list[dict[str, Any]]:
    rows = []
    for name in HOSTS:
        folders = host_folders(name)
        version = installed_version(folders)
        there = "found" if folders.is_present else "not found"
        said = f"{there}, scripts {version or 'not installed'} ({folders.scripts})"
        rows.append(
            {
                "host": name,
                "present": folders.is_present,
                "installed": version,
                "folder": str(folders.scripts),
                "programs": [str(program) for program in folders.programs],
                "said": said,
            }
        )
    return rows


def _install(options: argparse.Namespace) -> list[dict[str, Any]]:
    to = Path(options.to).absolute() if options.to else None
    names = options.hosts or [name for name in HOSTS if host_folders(name).is_present]
    if not names:
        raise BadInput(
            f"No host was found here: name one to install it anyway ({', '.join(HOSTS)})."
        )
    if to and names != ["nuke"]:
        raise BadInput("--to is for nuke alone: its folder goes into NUKE_PATH.")
    studio = Studio((sys.executable, "-m", "tokenflow_studio"), exchange_folder())
    rows = []
    for name in names:
        place = install(host_folders(name), studio, to)
        said = f"installed in {place}" + (": add this folder to NUKE_PATH" if to else "")
        rows.append({"host": name, "folder": str(place), "said": said})
    return rows


def _remove(options: argparse.Namespace) -> list[dict[str, Any]]:
    to = Path(options.to).absolute() if options.to else None
    rows = []
    for name in options.hosts or HOSTS:
        done = remove(host_folders(name), to)
        rows.append({"host": name, "removed": done, "said": "removed" if done else "was not there"})
    return rows
