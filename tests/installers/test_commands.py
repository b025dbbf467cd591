"""The commands that the README promises are the ones that are run, and the scripts are sound."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("installers/install.sh", ".ci/run")
SHELLCHECK = Path(sys.executable).with_name("shellcheck")
TESTS = '.venv/bin/python -m pytest -n 2 -m "not slow and not gpu"'


def _readme_commands() -> list[str]:
    """The lines of README's shell blocks, in order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|bash)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_a_newcomer_needs_two_commands() -> None:
    assert _readme_commands()[:2] == [
        "./installers/install.sh && .venv/bin/tokenflow-studio demo -o out",
        f"./installers/install.sh --dev && {TESTS}",
    ]


def test_continuous_integration_runs_the_readmes_command() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    # One line each: `set -e` does not see a failure on the left of &&.
    for command in _readme_commands()[1].split(" && "):
        assert command in lines


def test_the_installer_names_the_same_test_command() -> None:
    assert TESTS in (ROOT / "installers/install.sh").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_sound(script: str) -> None:
    ended = subprocess.run([SHELLCHECK, ROOT / script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (ROOT / script).stat().st_mode & 0o111


def test_the_installer_refuses_what_it_does_not_know() -> None:
    ended = subprocess.run(
        [ROOT / "installers/install.sh", "--everything"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "--everything" in ended.stderr


def test_the_installer_explains_itself() -> None:
    ended = subprocess.run(
        [ROOT / "installers/install.sh", "--help"], capture_output=True, text=True, check=True
    )
    assert "--dev" in ended.stdout
    assert "--hosts" in ended.stdout
    assert "--no-system" in ended.stdout


def test_pictures_and_files_that_pages_point_to_exist() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} points to {target}"
