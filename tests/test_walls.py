"""What holds for the source as a whole, beyond the contracts that import-linter checks."""

import subprocess
import sys

import pytest

from tests.source_files import HOST_MODULES, OWN_MODULES, ROOT, foreign_imports, python_files

LONGEST_FILE = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


@pytest.mark.parametrize("module", ["tokenflow_studio.ui.main_window", "tokenflow_studio.cli"])
def test_the_windows_process_loads_no_engine(module: str) -> None:
    probe = (
        f"import sys, {module}\n"
        "loaded = {'torch', 'diffusers', 'transformers', 'tokenflow_studio.engine',"
        " 'tokenflow_studio.jobs', 'tokenflow_studio.worker.server'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {sorted(loaded)}' if loaded else 0)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


def test_no_file_is_longer_than_a_reader_likes() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files("tokenflow_studio", "bridge", "tests")
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_names_say_what_lives_there() -> None:
    empty = [
        str(path.relative_to(ROOT))
        for path in python_files("tokenflow_studio", "bridge", "tests")
        if EMPTY_NAMES & {path.stem, path.parent.name}
    ]
    assert empty == []


def test_core_needs_the_standard_library_and_platformdirs_alone() -> None:
    imported = {
        str(path.relative_to(ROOT)): foreign_imports(path) - OWN_MODULES - {"platformdirs"}
        for path in python_files("tokenflow_studio/core")
    }
    assert imported
    assert {path: names for path, names in imported.items() if names} == {}


def test_scripts_inside_hosts_need_the_standard_library_and_the_host_alone() -> None:
    imported = {
        str(path.relative_to(ROOT)): foreign_imports(path) - HOST_MODULES
        for path in python_files("bridge/hosts")
    }
    assert {path: names for path, names in imported.items() if names} == {}
