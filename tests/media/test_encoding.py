"""Movies keep count, rate, size and colours; equal frames make equal files."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.footage import Image, frame, number_in
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.encoding import write_movie


def numbered(count: int, width: int = 96, height: int = 64) -> Iterator[Image]:
    return (frame(number, width, height) for number in range(count))


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
@pytest.mark.parametrize(
    ("size", "rate"),
    [((96, 64), Fraction(24)), ((95, 63), Fraction(24000, 1001)), ((64, 95), Fraction(10))],
)
def test_size_rate_and_every_frame_stay(
    name: str, size: tuple[int, int], rate: Fraction, tmp_path: Path
) -> None:
    write_movie(tmp_path / name, numbered(13, *size), rate)
    with open_clip(str(tmp_path / name)) as clip:
        assert (clip.info.width, clip.info.height) == size
        assert clip.info.rate == rate
        assert clip.info.frames == range(13)
        for number in clip.info.frames:
            image = clip.read(number)
            assert number_in(image) == number
            assert np.abs(image - frame(number, *size)).mean() < 0.01


def test_colours_stay_and_are_tagged(tmp_path: Path) -> None:
    patches = np.zeros((64, 96, 3), np.float32)
    for column, colour in enumerate(np.float32([(1, 0, 0), (0, 1, 0), (0, 0, 1), (0.2, 0.4, 0.6)])):
        patches[:, column * 24 : column * 24 + 24] = colour
    write_movie(tmp_path / "a.mp4", [patches] * 3, Fraction(24))
    with open_clip(str(tmp_path / "a.mp4")) as clip:
        assert np.abs(clip.read(1) - patches)[:, 4::24].max() < 0.02
    with av.open(str(tmp_path / "a.mp4")) as container:
        context = container.streams.video[0].codec_context
        tags = context.colorspace, context.color_primaries, context.color_trc, context.color_range
    assert tags == (1, 1, 1, 1)  # BT.709 throughout, limited range


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_equal_frames_are_equal_files(name: str, tmp_path: Path) -> None:
    write_movie(tmp_path / name, numbered(24), Fraction(24))
    write_movie(tmp_path / f"again_{name}", numbered(24), Fraction(24))
    assert (tmp_path / name).read_bytes() == (tmp_path / f"again_{name}").read_bytes()


def test_no_frames_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no frames"):
        write_movie(tmp_path / "a.mp4", [], Fraction(24))
    assert not list(tmp_path.iterdir())


def test_mixed_sizes_are_bad_input_and_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="mixes frames of 96x64 and 32x64"):
        write_movie(tmp_path / "a.mp4", [frame(0), frame(1, 32)], Fraction(24))
    assert not list(tmp_path.iterdir())


def test_a_source_that_fails_leaves_the_former_movie(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_movie(path, numbered(3), Fraction(24))
    before = path.read_bytes()

    def broken() -> Iterator[Image]:
        yield frame(0)
        raise BadInput("Frame 1 is damaged.")

    with pytest.raises(BadInput, match="damaged"):
        write_movie(path, broken(), Fraction(24))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_movie_is_encoded_frame_by_frame(tmp_path: Path) -> None:
    alive = 0

    class Counted(np.ndarray):
        def __del__(self) -> None:
            nonlocal alive
            alive -= self.base is None

    def streamed() -> Iterator[Image]:
        nonlocal alive
        for number in range(40):
            alive += 1
            image = np.ndarray.__new__(Counted, (64, 96, 3), np.float32)
            image[:] = frame(number)
            assert alive < 6
            yield image

    write_movie(tmp_path / "a.mp4", streamed(), Fraction(24))
