"""The table of features names tests that exist."""

import re

from tests.source_files import ROOT

_NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def rows() -> list[list[str]]:
    """Area, feature and test of every row."""
    lines = (ROOT / "docs" / "features.md").read_text("utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[1:]]


def test_every_test_that_is_named_exists() -> None:
    named = [match for row in rows() for match in _NAMED.findall(row[2])]
    assert len(named) > 50
    lost = [f"{path}::{name}" for path, name in named if f"\ndef {name}(" not in _text(path)]
    assert lost == []


def test_every_feature_has_a_test_or_says_what_is_missing() -> None:
    found = rows()
    assert all(len(row) == 3 for row in found)
    assert [row[1] for row in found if not _NAMED.search(row[2]) and "not yet" not in row[2]] == []


def _text(path: str) -> str:
    file = ROOT / "tests" / path
    return file.read_text("utf-8") if file.exists() else ""
