"""Where other programs keep their scripts, on the three systems.

Nuke: Foundry's Python developer's guide, "Installing Plug-ins" and "Start-up Scripts".
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NUKE = "nuke"
HOSTS = (NUKE,)


@dataclass(frozen=True, slots=True)
class HostFolders:
    """user: the program's folder of this user; scripts: where ours go; programs: installations."""

    name: str
    user: Path
    scripts: Path
    programs: tuple[Path, ...]

    @property
    def is_present(self) -> bool:
        """Whether the program, or a folder that it made, is there."""
        return self.user.is_dir() or bool(self.programs)


def host_folders(
    name: str, system: str = sys.platform, environment: Mapping[str, str] = os.environ
) -> HostFolders:
    """The folders of a host of `HOSTS`."""
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    return {NUKE: _nuke}[name](home, system)


def _nuke(home: Path, system: str) -> HostFolders:
    user = home / ".nuke"
    places = {
        "darwin": (Path("/Applications"), "Nuke*"),
        "win32": (Path("C:/Program Files"), "Nuke*"),
    }
    found = [
        program
        for folder, name in (
            places.get(system, (Path("/usr/local"), "Nuke*")),
            (Path("/opt"), "Nuke*"),
        )
        for program in sorted(folder.glob(name))
    ]
    return HostFolders(NUKE, user, user / "tokenflow_studio", tuple(found))
