"""Timecode as SMPTE 12M counts it, dropped frames included."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.footage import frame
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.stills import write_exr
from tokenflow_studio.media.timecode import packed, timecode_after, unpacked, valid_timecode

FILM, PAL = Fraction(24000, 1001), Fraction(25)
NTSC, NTSC2 = Fraction(30000, 1001), Fraction(60000, 1001)


@pytest.mark.parametrize(
    ("start", "frames", "rate", "end"),
    [
        ("01:00:00:00", 0, FILM, "01:00:00:00"),
        ("01:00:00:23", 1, FILM, "01:00:01:00"),
        ("00:59:59:24", 1, PAL, "01:00:00:00"),
        ("23:59:59:24", 1, PAL, "00:00:00:00"),
        ("00:00:00:00", -1, PAL, "23:59:59:24"),
        ("00:00:59;29", 1, NTSC, "00:01:00;02"),
        ("00:09:59;29", 1, NTSC, "00:10:00;00"),
        ("00:10:00;00", -1, NTSC, "00:09:59;29"),
        ("00:00:00;00", 17982, NTSC, "00:10:00;00"),
        ("00:00:00;00", 107892, NTSC, "01:00:00;00"),
        ("00:00:59;59", 1, NTSC2, "00:01:00;04"),
        ("00:00:59:29", 1, NTSC, "00:01:00:00"),
    ],
)
def test_frames_are_counted_on(start: str, frames: int, rate: Fraction, end: str) -> None:
    assert timecode_after(start, frames, rate) == end


@given(st.integers(0, 2_589_407), st.integers(-100_000, 100_000))
def test_counting_on_and_back_meets(first: int, more: int) -> None:
    start = timecode_after("00:00:00;00", first, NTSC)
    assert timecode_after(timecode_after(start, more, NTSC), -more, NTSC) == start


@given(st.tuples(*(st.integers(0, n) for n in (23, 59, 59, 39))), st.sampled_from(":;"))
def test_packing_loses_nothing(parts: tuple, mark: str) -> None:
    text = "{:02d}:{:02d}:{:02d}{mark}{:02d}".format(*parts, mark=mark)
    value = packed(text)
    assert value is not None
    assert unpacked(value) == text == valid_timecode(text)


@pytest.mark.parametrize("text", [None, "", "1:2:3:4", "24:00:00:00", "00:61:00:00", "ab:cd:ef:gh"])
def test_what_is_no_timecode_is_none(text: str | None) -> None:
    assert valid_timecode(text) is None


def test_frames_that_have_no_digits_are_not_packed() -> None:
    assert packed("01:00:00:45") is None
    with pytest.raises(ValueError, match="no timecode"):
        timecode_after("soon", 1, PAL)


def test_a_clip_knows_the_timecode_of_each_frame(tmp_path) -> None:
    for number in (1001, 1002, 1003):
        timecode = "00:00:59;29" if number == 1001 else None
        write_exr(tmp_path / f"p.{number}.exr", frame(1), timecode=timecode, rate=NTSC)
    with open_clip(str(tmp_path)) as clip:
        assert clip.info.timecode_at(1001) == "00:00:59;29"
        assert clip.info.timecode_at(1003) == "00:01:00;03"
