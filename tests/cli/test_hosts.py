"""`hosts`: our scripts in other programs, by name or wherever they are found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_files import ROOT
from tokenflow_studio.cli import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TOKENFLOW_EXCHANGE", str(tmp_path / "exchange"))
    return tmp_path


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    assert main(["hosts", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["hosts"]


def test_without_a_name_every_host_that_is_there(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".nuke").mkdir()
    assert [row["host"] for row in rows(capsys, "install")] == ["nuke"]
    found = {row["host"]: row for row in rows(capsys, "list")}
    assert (found["nuke"]["present"], bool(found["nuke"]["installed"])) == (True, True)
    assert found["resolve"]["installed"] == ""
    assert [row["removed"] for row in rows(capsys, "remove")] == [True, False]
    assert not list((home / ".nuke").iterdir())


def test_a_host_that_is_named_is_installed_for_anyway(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hosts", "install"]) == 2
    assert "name one to install it anyway" in capsys.readouterr().err
    assert main(["hosts", "install", "maya"]) == 2
    assert "'maya' is no host that we know" in capsys.readouterr().err
    (row,) = rows(capsys, "install", "resolve")
    assert (Path(str(row["folder"])) / "Send to TokenFlow.lua").is_file()
    rows(capsys, "remove", "resolve")
    assert not list(home.iterdir())


def test_the_installer_does_it_where_it_is_asked_to(home: Path) -> None:
    """Its own function with the real command; the rest of the installer is tried elsewhere."""
    program = Path(sys.executable).with_name("tokenflow-studio")
    script = (ROOT / "installers/install.sh").read_text()
    start = script.index("install_hosts() {")
    function = script[start : script.index("\n}\n", start) + 3]
    shell = f"""set -euo pipefail
        venv={program.parent.parent}
        say() {{ printf '%s\\n' "$*"; }}
        note() {{ printf 'note %s\\n' "$*"; }}
        {function}
        install_hosts"""

    def run() -> str:
        done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
        return done.stdout

    assert "note To put our scripts into a host later" in run()
    (home / ".nuke").mkdir()
    said = run()
    assert "note" not in said
    assert (home / ".nuke/tokenflow_studio/menu.py").is_file()
