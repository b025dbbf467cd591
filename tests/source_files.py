"""The project's own Python files, and what they import."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OWN_MODULES = frozenset({"tokenflow_studio", "bridge"})
# What hosts bring, and our own modules inside them.
HOST_MODULES = frozenset(
    {"nuke", "nukescripts", "hiero", "DaVinciResolveScript", "fusionscript"}
    | {"tokenflow_nuke", "tokenflow_resolve"}
)


def python_files(*folders: str) -> Iterator[Path]:
    """The files below `folders` that people write."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.stem.endswith(("_pb2", "_pb2_grpc")):
                yield path


def foreign_imports(path: Path) -> set[str]:
    """Top-level names of what a file imports from outside the standard library."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names
