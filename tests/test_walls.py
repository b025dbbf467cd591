"""What holds for the source as a whole, beyond the contracts that import-linter checks."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
HOST_MODULES = {"nuke", "nukescripts", "hiero", "DaVinciResolveScript", "fusionscript"}


def _sources(*folders: str) -> Iterator[Path]:
    """The Python files that people write."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.stem.endswith(("_pb2", "_pb2_grpc")):
                yield path


def _foreign_imports(path: Path) -> set[str]:
    """Top-level names of what a file imports, relative imports left out."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names


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
        for path in _sources("tokenflow_studio", "bridge", "tests")
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_names_say_what_lives_there() -> None:
    empty = [
        str(path.relative_to(ROOT))
        for path in _sources("tokenflow_studio", "bridge", "tests")
        if EMPTY_NAMES & {path.stem, path.parent.name}
    ]
    assert empty == []


def test_core_needs_the_standard_library_and_platformdirs_alone() -> None:
    imported = {
        str(path.relative_to(ROOT)): _foreign_imports(path) - {"platformdirs", "tokenflow_studio"}
        for path in _sources("tokenflow_studio/core")
    }
    assert imported
    assert {path: names for path, names in imported.items() if names} == {}


def test_scripts_inside_hosts_need_the_standard_library_and_the_host_alone() -> None:
    imported = {
        str(path.relative_to(ROOT)): _foreign_imports(path) - HOST_MODULES
        for path in _sources("bridge/hosts")
    }
    assert {path: names for path, names in imported.items() if names} == {}
