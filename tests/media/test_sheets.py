"""Thumbnails, contact sheets and side-by-side movies show every picture they are given."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.media.footage import frame, number_in
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.sheets import (
    beside,
    thumbnail,
    write_contact_sheet,
    write_side_by_side,
)


@pytest.mark.parametrize(
    ("size", "long_side", "shape"),
    [
        ((96, 64), 48, (32, 48, 3)),
        ((64, 96), 48, (48, 32, 3)),
        ((96, 64), 96, (64, 96, 3)),
        ((96, 64), 500, (64, 96, 3)),
        ((1000, 1), 10, (1, 10, 3)),
    ],
)
def test_a_thumbnail_fits_its_long_side(size, long_side: int, shape: tuple) -> None:
    small = thumbnail(frame(5, *size), long_side)
    assert small.shape == shape
    assert small.dtype == np.uint8


def sheet(path: Path) -> np.ndarray:
    with open_clip(str(path)) as clip:
        return clip.read(0)


@pytest.mark.parametrize("count", [1, 2, 5, 24])
def test_a_sheet_shows_all_pictures(count: int, tmp_path: Path) -> None:
    path = tmp_path / "contact_sheet.png"
    pictures = [np.full((60, 80, 3), (n + 1) / 40, np.float32) for n in range(count)]
    write_contact_sheet(path, pictures, [f"{1001 + n}" for n in range(count)])
    image = sheet(path)
    for picture in pictures:
        assert np.isclose(image, picture[0, 0, 0], atol=0.003).all(-1).sum() >= 60 * 80
    assert image[0, 0] == pytest.approx(32 / 255, abs=0.003)
    assert (image > 0.7).all(-1).any()  # the labels


def test_equal_sheets_are_equal_files(tmp_path: Path) -> None:
    for name in "ab":
        write_contact_sheet(tmp_path / f"{name}.png", [frame(1), frame(2)], ["1", "2"])
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_pictures_of_several_sizes_share_a_sheet(tmp_path: Path) -> None:
    pictures = [frame(1, 900, 300), frame(2, 300, 900)]
    write_contact_sheet(tmp_path / "a.png", pictures, ["wide", "tall"])
    assert sheet(tmp_path / "a.png").shape[0] > 320


def test_an_empty_sheet_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no pictures"):
        write_contact_sheet(tmp_path / "a.png", [], [])


def test_both_halves_run_side_by_side(tmp_path: Path) -> None:
    pairs = ((frame(n, 96, 63), frame(n + 64, 48, 32)) for n in range(8))
    write_side_by_side(tmp_path / "side_by_side.mp4", pairs, Fraction(12))
    with open_clip(str(tmp_path / "side_by_side.mp4")) as clip:
        assert clip.info.frames == range(8)
        assert clip.info.rate == 12
        image = clip.read(5)
    assert image.shape[:2] == (64, 96 + 8 + 96)
    assert number_in(image[:63, :96]) == 5
    assert number_in(image[:63, 104:]) == 69


def test_the_gap_is_dark() -> None:
    frame_pair = beside(np.ones((4, 6, 3), np.float32), np.ones((4, 6, 3), np.float32))
    assert frame_pair[:, 6:14].max() < 0.2
    assert frame_pair[:, :6].min() == frame_pair[:, 14:].min() == 1


def test_a_wide_pair_fits_a_screen() -> None:
    pair = beside(np.zeros((1080, 1920, 3), np.float32), np.ones((540, 960, 3), np.float32))
    assert pair.shape == (540, 960 + 8 + 960, 3)
    assert pair[:, :960].max() == 0
    assert pair[:, 968:].min() == 1
