"""Where other programs keep their scripts, on the three systems.

Nuke: Foundry's Python developer's guide, "Installing Plug-ins" and "Start-up Scripts". DaVinci
Resolve: Developer/Scripting/README.txt, "Overview"; on Windows %APPDATA% ends in Roaming already.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NUKE, RESOLVE = "nuke", "resolve"
HOSTS = (NUKE, RESOLVE)


@dataclass(frozen=True, slots=True)
class HostFolders:
    """A host's places.

    user: the program's folder of this user; scripts: where ours go; library: where the Python
    package that they load goes, which in Resolve must not lie among the scripts: each file there
    becomes a menu entry; programs: installations.
    """

    name: str
    user: Path
    scripts: Path
    library: Path
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
    return _nuke(home, system) if name == NUKE else _resolve(home, system, environment)


def _nuke(home: Path, system: str) -> HostFolders:
    user = home / ".nuke"
    places = {"darwin": ("/Applications",), "win32": ("C:/Program Files",)}
    programs = tuple(
        program
        for place in places.get(system, ("/usr/local", "/opt"))
        for program in sorted(Path(place).glob("Nuke*"))
    )
    scripts = user / "tokenflow_studio"
    return HostFolders(NUKE, user, scripts, scripts, programs)


def _resolve(home: Path, system: str, environment: Mapping[str, str]) -> HostFolders:
    if system == "darwin":
        user = home / "Library/Application Support/Blackmagic Design/DaVinci Resolve"
        program = Path("/Applications/DaVinci Resolve/DaVinci Resolve.app")
    elif system == "win32":
        roaming = Path(environment.get("APPDATA") or home / "AppData/Roaming")
        user = roaming / "Blackmagic Design/DaVinci Resolve/Support"
        program = Path("C:/Program Files/Blackmagic Design/DaVinci Resolve/Resolve.exe")
    else:
        user = home / ".local/share/DaVinciResolve"
        program = Path("/opt/resolve/bin/resolve")
    return HostFolders(
        RESOLVE,
        user,
        user / "Fusion/Scripts/Utility/TokenFlow Studio",
        user / "TokenFlow Studio",
        (program,) if program.exists() else (),
    )
