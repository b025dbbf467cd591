"""The tables of features and of proofs name tests that exist."""

import re

import pytest

from tests.source_files import ROOT

_NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


both = pytest.mark.parametrize("table", ["features.md", "proofs.md"])


def rows(table: str) -> list[list[str]]:
    """Area, feature and test of every row."""
    lines = (ROOT / "docs" / table).read_text("utf-8").splitlines()
    written = [line for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in written[1:]]


@both
def test_every_test_that_is_named_exists(table: str) -> None:
    named = [match for row in rows(table) for match in _NAMED.findall(row[2])]
    assert len(named) > 50
    lost = [f"{path}::{name}" for path, name in named if f"\ndef {name}(" not in _text(path)]
    assert lost == []


@both
def test_every_row_has_a_test_or_says_why_not(table: str) -> None:
    found = rows(table)
    assert all(len(row) == 3 for row in found)
    assert [row[1] for row in found if not _says(row[2])] == []


def _says(test: str) -> bool:
    return bool(_NAMED.search(test)) or "not yet" in test or "measured: " in test


def _text(path: str) -> str:
    file = ROOT / "tests" / path
    return file.read_text("utf-8") if file.exists() else ""
