"""The scripts as the installer puts them, with a double of their host around them."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.host_folders import host_folders
from bridge.host_install import Studio, install
from tests.bridge.hosts.here import run_here
from tests.bridge.hosts.nuke_double import Nuke


@pytest.fixture
def nuke_host(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """The installed scripts with a Nuke around them: `actions`, `nuke`, `exchange`, `opened`."""
    nuke = Nuke()
    folders = host_folders("nuke", "linux", {"HOME": str(tmp_path)})
    exchange = tmp_path / "exchange"
    place = install(folders, Studio((sys.executable, "-m", "tokenflow_studio"), exchange))
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setitem(sys.modules, "nuke", nuke)  # pyright: ignore[reportArgumentType]
    from tokenflow_nuke import actions, studio  # pyright: ignore[reportMissingImports]

    opened: list[str] = []
    monkeypatch.setattr(studio, "open_window", opened.append)
    if not request.node.get_closest_marker("real_process"):
        monkeypatch.setattr(studio.subprocess, "run", run_here)
    yield SimpleNamespace(actions=actions, nuke=nuke, exchange=exchange, opened=opened, place=place)
    for name in [name for name in sys.modules if name.startswith("tokenflow_nuke")]:
        del sys.modules[name]
