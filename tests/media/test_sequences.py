"""Sequences and stills: their names, their frames, and EXR frames as the model sees them."""

import os
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tests.media.exr.writing import channels_of, header, write_parts
from tests.media.footage import frame, number_in, write_image
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.curves import decode_srgb, encode_srgb
from tokenflow_studio.media.plates import write_plate
from tokenflow_studio.media.stills import write_exr, write_png


def plates(folder: Path, *numbers: int, name: str = "plate.{:04d}.png") -> Path:
    for number in numbers:
        write_png(folder / name.format(number), frame(number % 256, 32, 16))
    return folder


@pytest.mark.parametrize(
    ("spec", "frames"),
    [
        ("plate.####.png", range(998, 1003)),
        ("plate.%04d.png", range(998, 1003)),
        ("plate.%d.png", None),
        ("plate.#.png", None),
        ("plate.[0999-1001].png", range(999, 1002)),
        ("", range(998, 1003)),
    ],
)
def test_every_spelling_of_a_sequence(spec: str, frames: range | None, tmp_path: Path) -> None:
    plates(tmp_path, 998, 999, 1000, 1001, 1002)
    if frames is None:  # "%d" means no padding: 0998 is not one of its names
        frames = range(1000, 1003)
    with open_clip(str(tmp_path / spec)) as clip:
        assert clip.info.frames == frames
        assert (clip.info.name, clip.info.kind) == ("plate", "sequence")
        assert [number_in(clip.read(n)) for n in frames] == [n % 256 for n in frames]
        assert clip.source_file(1000) == tmp_path / "plate.1000.png"
        with open_clip(clip.info.spec) as again:
            assert again.info == clip.info


def test_numbers_grow_past_their_padding(tmp_path: Path) -> None:
    plates(tmp_path, 8, 9, 10, 11, name="f{}.png")
    with open_clip(str(tmp_path)) as clip:
        assert clip.info.frames == range(8, 12)


@pytest.mark.parametrize("name", ["a[1-3]b.{:03d}.png", "50%04d.{:03d}.png", "st*r?.{:03d}.png"])
def test_special_characters_are_literal(name: str, tmp_path: Path) -> None:
    folder = plates(tmp_path / "[x]*", 1, 2, name=name)
    write_png(folder / "starr.001.png", frame(1))
    with open_clip(str(folder / name.replace("{:03d}", "###"))) as clip:
        assert clip.info.frames == range(1, 3)
        assert clip.source_file(2) == folder / name.format(2)


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    write_png(tmp_path / "plate.####.png", frame(3))
    with open_clip(str(tmp_path / "plate.####.png")) as clip:
        assert clip.info.kind == "still"


def test_a_relative_name_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plates(tmp_path, 1, 2)
    monkeypatch.chdir(tmp_path)
    with open_clip("plate.####.png") as clip:
        assert clip.info.spec == str(tmp_path / "plate.####.png")


@pytest.mark.parametrize(("name", "number"), [("plate.1001.exr", 1001), ("grandma.exr", 0)])
def test_a_still_keeps_its_number(name: str, number: int, tmp_path: Path) -> None:
    write_exr(tmp_path / name, frame(5))
    with open_clip(str(tmp_path / name)) as clip:
        assert (clip.info.kind, clip.info.frames) == ("still", range(number, number + 1))
        assert number_in(clip.read(number)) == 5


def test_ten_thousand_frames_open_at_once(tmp_path: Path) -> None:
    plates(tmp_path, 1)
    for number in range(2, 10_001):
        os.link(tmp_path / "plate.0001.png", tmp_path / f"plate.{number:04d}.png")
    start = time.monotonic()
    with open_clip(str(tmp_path / "plate.####.png")) as clip:
        assert clip.info.frames == range(1, 10_001)
    assert time.monotonic() - start < 5


def test_exr_is_encoded_for_the_model(tmp_path: Path) -> None:
    light = np.full((4, 6, 3), 0.18, np.float32)
    write_image(tmp_path / "grey.exr", light, "openexr")
    with open_clip(str(tmp_path / "grey.exr")) as clip:
        assert clip.info.is_scene_linear
        assert clip.read(0) == pytest.approx(0.4613, abs=1e-3)
        assert clip.notices == ()


def test_what_the_view_leaves_out_is_told(tmp_path: Path) -> None:
    light = np.full((4, 6, 3), 0.18, np.float32)
    light[0, 0], light[1, 1, 2], light[2, 2, 0], light[3, 3] = 16, np.nan, np.inf, -0.5
    write_image(tmp_path / "hot.exr", light, "openexr")
    with open_clip(str(tmp_path / "hot.exr")) as clip:
        assert clip.notices == ()
        image = clip.read(0)
        high, broken = clip.notices
    assert np.isfinite(image).all()
    assert image[0, 0] == pytest.approx(1, abs=1e-6)
    assert image[1, 1, 2] == image[2, 2, 0] == 0
    assert (image[3, 3] == 0).all()
    assert "above 1.0 (up to 16)" in high
    assert "NaN or infinite" in broken


def test_the_display_window_is_the_frame(tmp_path: Path) -> None:
    light = np.ones((2, 3, 3), np.float32)
    for number, x in ((1, 4), (2, 5)):  # a data window that moves
        window = (x, 1, 0, 0, 8, 6)
        write_image(tmp_path / f"p.{number}.exr", light, "openexr", window=window)
    with open_clip(str(tmp_path / "p.#.exr")) as clip:
        assert (clip.info.width, clip.info.height) == (8, 6)
        for number, x in ((1, 4), (2, 5)):
            lit = np.argwhere(clip.read(number)[..., 0] > 0.5)
            assert lit.min(0).tolist() == [1, x]
            assert lit.max(0).tolist() == [2, x + 2]


def test_overscan_is_cut_and_negative_origins_hold(tmp_path: Path) -> None:
    light = np.zeros((10, 12, 3), np.float32)
    light[3, 4] = 1  # at (-7 + 4, -5 + 3) = (-3, -2), the display window's corner
    path = write_image(tmp_path / "o.exr", light, "openexr", window=(-7, -5, -3, -2, 6, 5))
    with open_clip(str(path)) as clip:
        image = clip.read(0)
    assert image.shape == (5, 6, 3)
    assert image[0, 0, 0] == pytest.approx(1, abs=1e-6)
    assert image.sum() == pytest.approx(3, abs=1e-5)


def test_channels_are_found_by_name(tmp_path: Path) -> None:
    light = np.zeros((2, 2, 5), np.float32)
    light[..., 4], light[..., 1] = 1.0, 0.25
    names = ("A", "B", "G", "R", "Z")
    write_image(tmp_path / "c.exr", light, "openexr", names=names)
    with open_clip(str(tmp_path / "c.exr")) as clip:
        assert clip.read(0)[0, 0].tolist() == pytest.approx([0, 0, 0.5371], abs=1e-3)


def test_metadata_comes_along(tmp_path: Path) -> None:
    write_exr(
        tmp_path / "m.0007.exr",
        frame(1),
        timecode="01:02:03:04",
        rate=Fraction(24000, 1001),
        pixel_aspect=2.0,
    )
    with open_clip(str(tmp_path / "m.####.exr")) as clip:
        assert clip.info.timecode == "01:02:03:04"
        assert clip.info.rate == Fraction(24000, 1001)
        assert clip.info.pixel_aspect == 2


def test_grey_and_alpha_images_are_rgb(tmp_path: Path) -> None:
    grey = np.full((3, 4, 1), 0.5, np.float32)
    write_image(tmp_path / "grey.png", grey, "png", type=oiio.UINT8)
    straight = np.full((3, 4, 4), 0.5, np.float32)
    straight[..., 3] = 0.2
    write_image(
        tmp_path / "a.png", straight, "png", type=oiio.UINT16, **{"oiio:UnassociatedAlpha": 1}
    )
    for name in ("grey.png", "a.png"):
        with open_clip(str(tmp_path / name)) as clip:
            assert clip.read(0) == pytest.approx(np.full((3, 4, 3), 0.5), abs=0.003)


def test_a_photo_stands_upright(tmp_path: Path) -> None:
    path = write_image(tmp_path / "p.jpg", frame(1), "jpeg", type=oiio.UINT8, Orientation=6)
    with open_clip(str(path)) as clip:
        assert (clip.info.width, clip.info.height) == (64, 96)
        assert clip.read(0)[4, -4] == pytest.approx((0.9, 0.1, 0.1), abs=0.1)


def test_the_curve_and_its_inverse_meet() -> None:
    light = np.linspace(0, 1, 4001, dtype=np.float32)
    assert decode_srgb(encode_srgb(light)) == pytest.approx(light, abs=2e-6)
    assert encode_srgb(np.float32([0.18, 1.0])) == pytest.approx([0.46135, 1.0], abs=1e-4)


def test_a_real_plate_moves_through_its_frame(shared: Path) -> None:
    with open_clip(str(shared / "clips/exr/beachball.####.exr")) as clip:
        assert clip.info.frames == range(1, 9)
        assert (clip.info.width, clip.info.height) == (2048, 1556)
        lefts = [int(np.argwhere(clip.read(n).any((0, 2)))[0, 0]) for n in (1, 4, 8)]
    assert lefts == pytest.approx([654, 968, 1384], abs=3)


@pytest.mark.parametrize(
    ("number", "size"),
    [("01", (400, 300)), ("05", (340, 260)), ("08", (501, 401)), ("12", (400, 100)),
     ("16", (481, 371))],
)  # fmt: skip
def test_real_windows_in_odd_places(number: str, size: tuple[int, int], shared: Path) -> None:
    with open_clip(str(shared / f"clips/exr/DisplayWindow_t{number}.exr")) as clip:
        height, width = clip.read(clip.info.frames[0]).shape[:2]
        assert (width, height) == (clip.info.width, clip.info.height) == size


def test_no_real_plate_breaks_the_view(shared: Path) -> None:
    for path in sorted((shared / "clips/exr").glob("[CT]*.exr")):
        with open_clip(str(path)) as clip:
            image = clip.read(clip.info.frames[0])
        assert np.isfinite(image).all(), path
        assert image.min() >= 0
        assert image.max() <= 1


def test_reading_outside_the_clip_is_bad_input(tmp_path: Path) -> None:
    plates(tmp_path, 5, 6)
    with open_clip(str(tmp_path)) as clip, pytest.raises(BadInput, match="from 5 to 6"):
        clip.read(7)


@pytest.mark.parametrize(("missing", "numbers"), [("hold", [3, 3, 5, 5, 5, 8]), ("black", None)])
def test_missing_frames_stand_in(missing: str, numbers: list[int] | None, tmp_path: Path) -> None:
    plates(tmp_path, 1003, 1005, 1008)
    with open_clip(str(tmp_path / "plate.####.png"), missing=missing) as clip:
        assert clip.info.frames == range(1003, 1009)
        assert clip.info.missing == (1004, 1006, 1007)
        assert "frames 1004, 1006-1007 are missing: others stand in" in clip.notices[0]
        found = [clip.read(frame) for frame in clip.info.frames]
        assert bool(clip.read_plate(1004).colour.any()) is (missing == "hold")
    if numbers is not None:
        assert [number_in(image) for image in found] == [(1000 + n) % 256 for n in numbers]
    else:
        assert [image.any() for image in found] == [True, False, True, False, False, True]


def test_the_ends_of_a_named_range_stand_in_too(tmp_path: Path) -> None:
    plates(tmp_path, 1002)
    with open_clip(str(tmp_path / "plate.[1001-1003].png"), missing="hold") as clip:
        assert clip.info.missing == (1001, 1003)
        assert number_in(clip.read(1001)) == number_in(clip.read(1003)) == 1002 % 256


def test_a_stand_in_has_its_own_timecode_and_only_black_is_black(tmp_path: Path) -> None:
    for number in (1, 4):
        channels = {name: np.full((4, 6), number, np.float16) for name in ("R", "G", "B", "Z")}
        code = OpenEXR.TimeCode(1, 0, 0, number, *[0] * 14)
        described = header(6, 4, framesPerSecond=Fraction(24), timeCode=code)
        write_parts(tmp_path / f"p.{number}.exr", (described, channels))
    for missing, value in (("hold", 1), ("black", 0)):
        with open_clip(str(tmp_path / "p.#.exr"), missing=missing) as clip:
            plate = clip.read_plate(3)
            write_plate(tmp_path / "copy.exr", plate, plate.colour)
        with open_clip(str(tmp_path / "copy.exr")) as copy:
            assert copy.info.timecode == "01:00:00:03"
            assert (copy.read_plate(0).colour == value).all()
        kind, content = channels_of(tmp_path / "copy.exr")[0]["Z"]
        assert (np.frombuffer(content, kind) == value).all()
