"""Scripts go into hosts and out again: nothing else changes, and in the end nothing has changed."""

import json
import stat
from pathlib import Path

import pytest

from bridge.host_folders import HOSTS, HostFolders, host_folders
from bridge.host_install import Studio, install, installed_version, remove
from tokenflow_studio import __version__
from tokenflow_studio.core.errors import BadInput

STUDIO = Studio(("/opt/tokenflow-studio",), Path("/shows/exchange"))


def folders_of(host: str, home: Path) -> HostFolders:
    return host_folders(host, "linux", {"HOME": str(home)})


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Names, rights and content of all that lies below."""
    return {
        str(path.relative_to(folder)): (
            stat.S_IMODE(path.stat().st_mode),
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("content", [None, b"", b"import nuke\n", b"no line break", b"crlf\r\n"])
def test_removing_leaves_everything_as_it_was(
    host: str, content: bytes | None, tmp_path: Path
) -> None:
    folders = folders_of(host, tmp_path)
    if content is not None:
        folders.user.mkdir(parents=True)
        (folders.user / "init.py").write_bytes(content)
        (folders.user / "init.py").chmod(0o640)
        (folders.user / "mine.gizmo").write_text("kept")
    before = everything(tmp_path)
    install(folders, STUDIO)
    assert installed_version(folders) == __version__
    once = everything(tmp_path)
    install(folders, STUDIO)
    assert everything(tmp_path) == once
    assert remove(folders)
    assert everything(tmp_path) == before
    assert not remove(folders)
    assert installed_version(folders) == ""


def test_lines_added_after_ours_stay_lines(tmp_path: Path) -> None:
    folders = folders_of("nuke", tmp_path)
    folders.user.mkdir()
    init = folders.user / "init.py"
    init.write_bytes(b"first")
    install(folders, STUDIO)
    with init.open("ab") as file:
        file.write(b"later\n")
    remove(folders)
    assert init.read_bytes() == b"first\nlater\n"


def test_a_linked_init_stays_a_link(tmp_path: Path) -> None:
    folders = folders_of("nuke", tmp_path)
    folders.user.mkdir()
    (tmp_path / "studio_init.py").write_text("x = 1\n")
    (folders.user / "init.py").symlink_to(tmp_path / "studio_init.py")
    install(folders, STUDIO)
    assert (folders.user / "init.py").is_symlink()
    assert "pluginAddPath" in (tmp_path / "studio_init.py").read_text()


def test_the_block_is_python_that_adds_our_folder(tmp_path: Path) -> None:
    folders = folders_of("nuke", tmp_path)
    install(folders, STUDIO)
    text = (folders.user / "init.py").read_text()
    compile(text, "init.py", "exec")
    assert "nuke.pluginAddPath('./tokenflow_studio')" in text
    note = json.loads((folders.scripts / "tokenflow_nuke/studio.json").read_text())
    assert (note["command"], note["exchange"]) == (["/opt/tokenflow-studio"], "/shows/exchange")


def test_a_folder_of_choice_is_all_that_is_touched(tmp_path: Path) -> None:
    folders = folders_of("nuke", tmp_path / "home")
    place = install(folders, STUDIO, tmp_path / "site")
    assert place == tmp_path / "site/tokenflow_studio"
    assert (place / "menu.py").is_file()
    assert not (tmp_path / "home").exists()
    assert remove(folders, tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_folder_of_that_name_which_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    folders = folders_of("nuke", tmp_path)
    folders.scripts.mkdir(parents=True)
    (folders.scripts / "theirs.py").write_text("")
    with pytest.raises(BadInput, match="was not put there by TokenFlow Studio"):
        install(folders, STUDIO)
    assert not remove(folders)
    assert (folders.scripts / "theirs.py").exists()


@pytest.mark.parametrize(
    ("host", "system", "environment", "scripts"),
    [
        ("nuke", "linux", {"HOME": "/home/a"}, "/home/a/.nuke/tokenflow_studio"),
        ("nuke", "win32", {"USERPROFILE": "/users/a"}, "/users/a/.nuke/tokenflow_studio"),
        (
            "resolve",
            "linux",
            {"HOME": "/home/a"},
            "/home/a/.local/share/DaVinciResolve/Fusion/Scripts/Utility/TokenFlow Studio",
        ),
        (
            "resolve",
            "darwin",
            {"HOME": "/Users/a"},
            "/Users/a/Library/Application Support/Blackmagic Design/DaVinci Resolve/"
            "Fusion/Scripts/Utility/TokenFlow Studio",
        ),
        (
            "resolve",
            "win32",
            {"USERPROFILE": "/users/a", "APPDATA": "/users/a/AppData/Roaming"},
            "/users/a/AppData/Roaming/Blackmagic Design/DaVinci Resolve/Support/"
            "Fusion/Scripts/Utility/TokenFlow Studio",
        ),
    ],
)
def test_every_system_has_its_folder(
    host: str, system: str, environment: dict[str, str], scripts: str
) -> None:
    assert host_folders(host, system, environment).scripts == Path(scripts)
