"""Our scripts inside other programs, looked up and put there off the window's thread."""

import sys
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.paths import exchange_folder

# The bridge is imported in the functions: the window starts without it.


@dataclass(frozen=True, slots=True)
class HostRow:
    """How things stand with a host. present: whether it is on this machine; installed: the version
    of our scripts in it, "" for none; folder: where they go."""

    name: str
    present: bool
    installed: str
    folder: str


def look_at_hosts() -> tuple[HostRow, ...]:
    """All hosts that have scripts of ours."""
    from bridge.host_folders import HOSTS, host_folders
    from bridge.host_install import installed_version

    rows = []
    for name in HOSTS:
        folders = host_folders(name)
        version = installed_version(folders)
        rows.append(HostRow(name, folders.is_present, version, str(folders.scripts)))
    return tuple(rows)


def install_in(name: str, to: str = "") -> tuple[HostRow, ...]:
    """Install, for a folder of the user's choice in place of the host's own; gives the rows anew.

    Raises as `bridge.host_install.install`.
    """
    from bridge.host_folders import host_folders
    from bridge.host_install import Studio, install

    studio = Studio((sys.executable, "-m", "tokenflow_studio"), exchange_folder())
    install(host_folders(name), studio, Path(to) if to else None)
    return look_at_hosts()


def remove_from(name: str) -> tuple[HostRow, ...]:
    """Take out what was installed; gives the rows anew. Raises as `bridge.host_install.remove`."""
    from bridge.host_folders import host_folders
    from bridge.host_install import remove

    remove(host_folders(name))
    return look_at_hosts()
