"""Frame ranges are inclusive and rates exact."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange, parse_rate

NUMBERS = st.integers(-10_000, 10_000_000)


def test_a_range_includes_both_ends() -> None:
    frames = FrameRange.parse("1001-1003")
    assert list(frames) == [1001, 1002, 1003]
    assert len(frames) == 3
    assert 1003 in frames
    assert 1004 not in frames
    assert "1001" not in frames


def test_one_number_is_a_range_of_one_frame() -> None:
    assert list(FrameRange.parse(" 7 ")) == [7]


@given(NUMBERS, st.integers(0, 10_000))
def test_text_and_range_are_the_same_thing(first: int, more: int) -> None:
    frames = FrameRange(first, first + more)
    assert FrameRange.parse(str(frames)) == frames


@pytest.mark.parametrize("text", ["", "a", "1-", "-", "1001..1048", "1,2", "1.5", "3-1"])
def test_anything_else_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        FrameRange.parse(text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", Fraction(24)),
        ("23.976", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("24000/1001", Fraction(24000, 1001)),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_rates_are_exact(text: str, rate: Fraction) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "0", "-24", "24fps", "1/0", "1001", "nan", "inf"])
def test_what_is_no_rate_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        parse_rate(text)
