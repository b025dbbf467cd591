"""A plate comes back as it was, bit by bit, but for the colour that was changed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tests.media.exr.writing import (
    FLOAT,
    channels_of,
    hard_plate,
    header,
    noise,
    raw_headers,
    write_parts,
)
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.exr.chroma import rgb_from_chroma
from tokenflow_studio.media.plates import Plate, Wanted, Window, write_plate


def plate_of(path: Path | str, wanted: Wanted | None = None) -> Plate:
    with open_clip(str(path), wanted=wanted or Wanted()) as clip:
        return clip.read_plate(clip.info.frames[0])


def assert_same(source: Path, copy: Path, lossy: bool = False) -> None:
    """All attributes byte by byte, all channels by OpenEXR, and all pixels by OpenImageIO."""
    assert channels_of(source) == channels_of(copy)
    for before, after in zip(raw_headers(source), raw_headers(copy), strict=True):
        changed = {name for name in {**before, **after} if before.get(name) != after.get(name)}
        assert changed <= {"chunkCount", *(["compression"] if lossy else [])}
    for part in range(len(raw_headers(source))):
        images = [oiio.ImageBuf(str(path), part, 0) for path in (source, copy)]
        first, second = (image.get_pixels(oiio.FLOAT) for image in images)
        assert first.tobytes() == second.tobytes()
        assert images[0].spec().channelformats == images[1].spec().channelformats
        assert images[0].roi_full == images[1].roi_full
        assert images[0].roi == images[1].roi


def tiled(path: Path) -> Path:
    size = OpenEXR.TileDescription()
    size.xSize, size.ySize = 32, 16
    described = header(70, 50, tiles=size, type=OpenEXR.tiledimage)
    return write_parts(path, (described, {name: noise(50, 70) for name in "RGBA"}))


def multi_part(path: Path) -> Path:
    views = []
    for seed, view in enumerate(("left", "right")):
        channels = {name: noise(20, 30, seed=seed * 4 + n) for n, name in enumerate("RGB")}
        views.append((header(30, 20, name=f"rgba.{view}", view=view), channels))
    depth = header(30, 20, name="depth.left", view="left", data=(2, 3, 10, 8))
    return write_parts(path, *views, (depth, {"Z": noise(8, 10, FLOAT)}))


def downwards(path: Path) -> Path:
    described = header(30, 70, lineOrder=OpenEXR.DECREASING_Y)
    return write_parts(path, (described, {name: noise(70, 30) for name in "RGB"}))


def grey(path: Path) -> Path:
    return write_parts(path, (header(30, 20), {"Y": noise(20, 30, FLOAT)}))


MAKERS: list[Callable[[Path], Path]] = [hard_plate, tiled, multi_part, downwards, grey]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_plate_comes_back_bit_by_bit(make: Callable[[Path], Path], tmp_path: Path) -> None:
    source = make(tmp_path / "source.exr")
    plate = plate_of(source)
    write_plate(tmp_path / "copy.exr", plate, plate.colour.copy())
    assert_same(source, tmp_path / "copy.exr")


def test_a_real_plate_comes_back(shared: Path, tmp_path: Path) -> None:
    with open_clip(str(shared / "clips/exr/beachball.####.exr")) as clip:
        for frame in (1, 6):
            plate = clip.read_plate(frame)
            write_plate(tmp_path / "copy.exr", plate, plate.colour)
            assert_same(clip.source_file(frame), tmp_path / "copy.exr")


@pytest.mark.parametrize(
    "name",
    ["DisplayWindow_t05", "DisplayWindow_t12", "DisplayWindow_t16", "TestImages_WideFloatRange",
     "TestImages_BrightRingsNanInf", "TestImages_WideColorGamut", "Chromaticities_XYZ"],
)  # fmt: skip
def test_real_pictures_come_back(name: str, shared: Path, tmp_path: Path) -> None:
    source = shared / f"clips/exr/{name}.exr"
    plate = plate_of(source)
    write_plate(tmp_path / "copy.exr", plate, plate.colour)
    assert_same(source, tmp_path / "copy.exr", lossy=name == "TestImages_WideFloatRange")


def test_what_a_plate_says(tmp_path: Path) -> None:
    plate = plate_of(hard_plate(tmp_path / "p.exr"))
    assert (plate.data, plate.display) == (Window(-7, -5, 64, 40), Window(-2, -3, 50, 30))
    assert (plate.pixel_aspect, plate.premultiplied) == (2.0, True)
    assert plate.colour.shape == (40, 64, 3)
    assert plate.colour[0, 0, 0] == 16
    assert np.isnan(plate.colour[3, 4, 0])
    assert np.isneginf(plate.colour[7, 8, 0])
    assert plate.alpha is not None
    assert plate.alpha.shape == (40, 64)
    assert plate.unedited == ("A", "depth.Z", "id")
    with open_clip(str(tmp_path / "p.exr")) as clip:
        assert (clip.info.timecode, clip.info.width) == ("01:02:03:04", 50)
        assert clip.info.rate is not None
        assert clip.info.rate.as_integer_ratio() == (24000, 1001)


def test_only_the_changed_colour_changes(tmp_path: Path) -> None:
    source = hard_plate(tmp_path / "source.exr")
    plate = plate_of(source)
    colour = plate.colour.copy()
    colour[10:20, 10:20] = (0.1, 25.0, -3.0)
    colour[0, 1] = 1e6
    write_plate(tmp_path / "copy.exr", plate, colour)
    before, after = channels_of(source)[0], channels_of(tmp_path / "copy.exr")[0]
    assert {n for n in before if before[n] != after[n]} == {"R", "G", "B"}
    again = plate_of(tmp_path / "copy.exr").colour
    same = np.ones((40, 64), bool)
    same[10:20, 10:20] = same[0, 1] = False
    assert again[same].tobytes() == plate.colour[same].tobytes()
    assert again[12, 12] == pytest.approx((0.1, 25.0, -3.0), rel=1e-3)
    assert (again[0, 1] == 65504).all()  # the greatest half, not infinity


def test_text_of_old_programs_stays(tmp_path: Path) -> None:
    source = write_parts(
        tmp_path / "s.exr",
        (header(8, 4, comments="coffee"), {name: noise(4, 8) for name in "RGB"}),
    )
    content = source.read_bytes()
    source.write_bytes(content.replace(b"coffee", b"caf\xe9\xe8!"))
    plate = plate_of(source)
    write_plate(tmp_path / "copy.exr", plate, plate.colour)
    assert raw_headers(source) == raw_headers(tmp_path / "copy.exr")
    assert b"caf\xe9\xe8!" in (tmp_path / "copy.exr").read_bytes()


def test_user_bits_of_a_timecode_stay(tmp_path: Path) -> None:
    source = hard_plate(tmp_path / "s.exr")
    kind, value = raw_headers(source)[0]["timeCode"]
    bits = value[:4] + b"\x78\x56\x34\x12"
    source.write_bytes(source.read_bytes().replace(value, bits, 1))
    assert raw_headers(source)[0]["timeCode"] == (kind, bits)
    plate = plate_of(source)
    write_plate(tmp_path / "copy.exr", plate, plate.colour)
    assert raw_headers(source) == raw_headers(tmp_path / "copy.exr")


@pytest.mark.parametrize(
    "compression", [OpenEXR.DWAA_COMPRESSION, OpenEXR.B44_COMPRESSION, OpenEXR.PXR24_COMPRESSION]
)
def test_lossy_files_are_written_without_further_loss(compression: object, tmp_path: Path) -> None:
    described = header(64, 48, compression=compression)
    source = write_parts(
        tmp_path / "s.exr", (described, {name: noise(48, 64, FLOAT) for name in "RGB"})
    )
    plate = plate_of(source)
    write_plate(tmp_path / "copy.exr", plate, plate.colour)
    assert_same(source, tmp_path / "copy.exr", lossy=True)


def test_luminance_chroma_is_read_as_rgb(shared: Path, tmp_path: Path) -> None:
    plate = plate_of(shared / "clips/exr/LuminanceChroma_Flowers.exr")
    assert plate.colour.shape == (734, 784, 3)
    assert np.isfinite(plate.colour).all()
    luminance = plate.colour @ np.float32([0.2126, 0.7152, 0.0722])
    file = OpenEXR.File(str(shared / "clips/exr/LuminanceChroma_Flowers.exr"))
    stored = file.channels()["Y"].pixels.astype(np.float32)
    assert np.abs(luminance - stored).max() < 2e-3
    write_plate(tmp_path / "copy.exr", plate, plate.colour)
    again = plate_of(tmp_path / "copy.exr")
    assert np.allclose(again.colour, plate.colour, rtol=1e-3, atol=1e-4)


def test_chroma_is_reconstructed_smoothly(tmp_path: Path) -> None:
    """A slow gradient of hue, subsampled as the format's own library does, comes back."""
    height, width = 24, 64
    x = np.linspace(0, np.pi, width, dtype=np.float32)
    rgb = np.stack([1 + 0.5 * np.sin(x), np.ones_like(x), 1 - 0.5 * np.sin(x)], -1)
    rgb = np.broadcast_to(rgb, (height, width, 3))
    luminance = rgb @ np.float32([0.2126, 0.7152, 0.0722])
    ry, by = rgb[..., 0] / luminance - 1, rgb[..., 2] / luminance - 1
    planes = luminance, ry[::2, ::2], by[::2, ::2]
    found = rgb_from_chroma(*(plane.astype(np.float16) for plane in planes), {})
    assert np.abs(found - rgb)[:, 8:-8].max() < 0.002
    assert np.abs(found - rgb).max() < 0.03  # nothing lies beyond the edge to go by


def test_views_and_layers_are_chosen(shared: Path, tmp_path: Path) -> None:
    ball = shared / "clips/exr/beachball.0001.exr"
    hero, left = plate_of(ball), plate_of(ball, Wanted(view="left"))
    assert (hero.view, left.view) == ("right", "left")
    assert hero.colour.tobytes() != left.colour.tobytes()
    assert "left.R" in hero.unedited
    assert "R" in left.unedited
    right = plate_of(multi_part(tmp_path / "m.exr"), Wanted(view="right"))
    assert "rgba.left: R" in right.unedited
    write_plate(tmp_path / "copy.exr", right, right.colour + 1)
    before, after = channels_of(tmp_path / "m.exr"), channels_of(tmp_path / "copy.exr")
    assert [part == other for part, other in zip(before, after, strict=True)] == [
        True, False, True,
    ]  # fmt: skip


def test_a_layer_by_its_name(tmp_path: Path) -> None:
    channels = {name: noise(4, 6, seed=n) for n, name in enumerate("RGB")}
    channels |= {f"diffuse.{name}": noise(4, 6, seed=n + 9) for n, name in enumerate("RGB")}
    source = write_parts(tmp_path / "l.exr", (header(6, 4), channels))
    plate = plate_of(source, Wanted(layer="diffuse"))
    assert plate.colour[..., 0].astype(np.float16).tobytes() == channels["diffuse.R"].tobytes()
    with pytest.raises(BadInput, match=r"no layer 'beauty'.*diffuse"):
        plate_of(source, Wanted(layer="beauty"))
    with pytest.raises(BadInput, match="no stereo view 'left'"):
        plate_of(source, Wanted(view="left"))


def test_a_plate_is_not_written_to_and_fits_its_format(tmp_path: Path) -> None:
    plate = plate_of(grey(tmp_path / "g.exr"))
    with pytest.raises(ValueError, match="read-only"):
        plate.colour[0, 0] = 1
    with pytest.raises(ValueError, match="shape"):
        write_plate(tmp_path / "o.exr", plate, plate.colour[1:])
    with pytest.raises(ValueError, match=r"\.exr"):
        write_plate(tmp_path / "o.png", plate, plate.colour)
