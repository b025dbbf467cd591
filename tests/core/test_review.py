"""A review outlives the program and never makes a take that is gone."""

import json
from pathlib import Path

import pytest

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.review import REVIEW, Review, Status, read_review, write_review


def test_a_review_comes_back_as_written(tmp_path: Path) -> None:
    review = Review(Status.APPROVED, "the hat is too red\nélan", starred=True)
    write_review(tmp_path, review)
    assert read_review(tmp_path) == review
    assert json.loads((tmp_path / REVIEW).read_bytes())["status"] == "approved"


def test_a_take_without_a_review_is_new(tmp_path: Path) -> None:
    assert read_review(tmp_path) == Review(Status.NEW, "", starred=False)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"schema": 7}', b'{"schema": 1, "note": "x"}'])
def test_a_damaged_review_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / REVIEW).write_bytes(content)
    assert read_review(tmp_path) == Review()


def test_a_take_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="gone"):
        write_review(tmp_path / "v003", Review(starred=True))
    assert not (tmp_path / "v003").exists()
