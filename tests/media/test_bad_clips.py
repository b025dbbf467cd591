"""Whatever cannot be read is refused in one sentence that names the file, and never waited on."""

import os
import struct
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
import pytest

from tests.media.footage import frame, write_footage, write_image
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.stills import png_bytes, to_bytes, write_exr, write_png

Maker = Callable[[Path], object]


def refusal(spec: Path | str) -> str:
    """The sentence that opening the clip, or reading all of it, ends with."""
    with pytest.raises(BadInput) as caught:
        read_all(str(spec))
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    return sentence


def read_all(spec: str) -> None:
    """Open a clip and read each frame: some damage shows only then."""
    with open_clip(spec) as clip:
        for number in clip.info.frames:
            clip.read(number)


def cut(path: Path, share: float) -> None:
    """Keep the first part of a file."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def flip(path: Path) -> None:
    """Damage one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def claimed(width: int, height: int) -> bytes:
    """A small PNG whose header claims any size."""
    png = png_bytes(to_bytes(frame(1)))
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]


def sound(path: Path) -> None:
    """A movie file without pictures."""
    with av.open(f"file:{path}", "w") as container:
        stream = container.add_stream("aac", rate=44100)
        silence = np.zeros((1, 4096), np.float32)
        tone = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
        tone.sample_rate = 44100
        container.mux(stream.encode(tone))
        container.mux(stream.encode(None))


def deep(path: Path) -> None:
    """An EXR with samples in depth."""
    spec = oiio.ImageSpec(4, 4, 4, oiio.HALF)
    spec.deep = True
    samples = oiio.DeepData()
    samples.init(16, 4, (oiio.HALF,) * 4, spec.channelnames)
    output = oiio.ImageOutput.create("openexr")
    assert output.open(str(path), spec)
    assert output.write_deep_image(samples)
    output.close()


def crowded(path: Path) -> None:
    """An EXR with more channels than any plate."""
    oiio.attribute("limits:channels", 1024)
    try:
        write_image(path, np.zeros((2, 2, 100), np.float32), "openexr")
    finally:
        oiio.attribute("limits:channels", 64)


def wide_window(path: Path) -> None:
    """An EXR with four pixels and a display window that would fill the memory."""
    window = (0, 0, 0, 0, 32000, 32000)
    write_image(path, np.zeros((2, 2, 3), np.float32), "openexr", window=window)


def mad_window(path: Path) -> None:
    """An EXR whose header claims a data window from the least to the greatest integer."""
    write_exr(path, frame(1))
    content = path.read_bytes()
    place = content.index(b"dataWindow\0box2i\0") + len(b"dataWindow\0box2i\0") + 4
    mad = struct.pack("<4i", -(2**31), -(2**31), 2**31 - 1, 2**31 - 1)
    path.write_bytes(content[:place] + mad + content[place + 16 :])


FILES: list[tuple[str, Maker, str]] = [
    ("empty.mp4", lambda p: p.write_bytes(b""), "empty file"),
    ("empty.exr", lambda p: p.write_bytes(b""), "empty file"),
    ("text.mp4", lambda p: p.write_text("not a movie\n" * 99), "holds text"),
    ("zeros.mov", lambda p: p.write_bytes(b"\0" * 5000), "other data"),
    ("list.mp4", lambda p: p.write_text("#EXTM3U\nfile:///etc/passwd\n"), "list of other files"),
    ("list.mov", lambda p: p.write_text("ffconcat version 1.0\nfile /etc/passwd\n"), "list of"),
    ("dash.mp4", lambda p: p.write_text('<?xml version="1.0"?><MPD></MPD>'), "list of"),
    ("png.exr", lambda p: p.write_bytes(png_bytes(to_bytes(frame(1)))), "holds a PNG"),
    ("png.mp4", lambda p: p.write_bytes(png_bytes(to_bytes(frame(1)))), "holds a PNG"),
    ("movie.png", write_footage, "holds a QuickTime or MP4"),
    ("sound.mp4", sound, "no video"),
    ("cut.mp4", lambda p: (write_footage(p), cut(p, 0.6)), "cut off"),
    ("front.mp4",
     lambda p: (write_footage(p, container_options={"movflags": "faststart"}), cut(p, 0.6)),
     "cut off after"),
    ("cut.mkv", lambda p: (write_footage(p, 48, form="matroska"), cut(p, 0.6)), "of 48 frames"),
    ("fragments.mp4",
     lambda p: (write_footage(p, container_options={"movflags": "frag_keyframe+empty_moov"}),
                cut(p, 0.6)), "cut off"),
    ("cut.exr", lambda p: (write_exr(p, frame(1)), cut(p, 0.5)), "damaged"),
    ("cut.png", lambda p: (write_png(p, frame(1)), cut(p, 0.5)), "damaged"),
    ("flip.png", lambda p: (write_png(p, frame(1)), flip(p)), "damaged"),
    ("bomb.png", lambda p: p.write_bytes(claimed(16000, 16000)), "too large"),
    ("claim.png", lambda p: p.write_bytes(claimed(500_001, 500_001)), "too large"),
    ("crowded.exr", crowded, "channels"),
    ("window.exr", wide_window, "too large"),
    ("mad.exr", mad_window, ""),
    ("deep.exr", deep, "deep"),
    ("here.exr", lambda p: p.mkdir(), "no numbered images"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "words"), FILES, ids=[name for name, _, _ in FILES])
def test_a_bad_file_is_refused(name: str, make: Maker, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    make(path)
    sentence = refusal(path)
    assert words in sentence
    assert str(path) in sentence


@pytest.mark.parametrize("spec", ["nowhere.mp4", "nowhere.####.exr", "no/such/folder", "x" * 300])
def test_what_is_missing_is_named(spec: str, tmp_path: Path) -> None:
    assert spec[:20] in refusal(tmp_path / spec)


@pytest.mark.parametrize("spec", ["", "  ", "a\0b.mp4"])
def test_no_name_is_bad_input(spec: str) -> None:
    assert "no name" in refusal(spec)


@pytest.mark.parametrize("spec", ["concat:/etc/passwd|/etc/hosts", "http://127.0.0.1:9/a.mp4"])
def test_no_name_is_a_protocol(spec: str) -> None:
    assert "does not exist" in refusal(spec)


@pytest.mark.parametrize(
    "name",
    ["-i", "--help.mp4", "concat:a|b.mp4", "%s.mp4", "$(x).mp4", "a\nb.mp4", "😀.mp4",
     f"{'n' * 251}.mp4"],
)  # fmt: skip
def test_strange_names_are_names(name: str, tmp_path: Path) -> None:
    write_footage(tmp_path / name, 2)
    with open_clip(str(tmp_path / name)) as clip:
        assert clip.read(1).shape == (64, 96, 3)


@pytest.mark.parametrize("suffix", [".exr", ".png"])
@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1)])
def test_tiny_and_long_pictures_are_pictures(
    size: tuple[int, int], suffix: str, tmp_path: Path
) -> None:
    picture, path = np.full((*size, 3), 0.5, np.float32), tmp_path / f"a{suffix}"
    (write_exr if suffix == ".exr" else write_png)(path, picture)
    with open_clip(str(path)) as clip:
        assert clip.read(0) == pytest.approx(picture, abs=1 / 255)


@pytest.mark.skipif(os.name != "posix", reason="FIFOs and device files are POSIX")
def test_what_is_no_file_is_not_waited_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    os.mkfifo(tmp_path / "plate.0001.exr")
    (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
    for spec in (tmp_path / "pipe.mp4", tmp_path / "plate.####.exr", "/dev/zero"):
        assert "no regular file" in refusal(spec)
    assert "cannot be opened" in refusal(tmp_path / "loop.mp4")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_without_rights_is_refused(tmp_path: Path) -> None:
    write_footage(tmp_path / "a.mp4").chmod(0)
    assert "cannot be read" in refusal(tmp_path / "a.mp4")


def sequence(folder: Path, *numbers: int) -> Path:
    for number in numbers:
        write_png(folder / f"plate.{number:04d}.png", frame(number % 256, 32, 16))
    return folder / "plate.####.png"


@pytest.mark.parametrize(
    ("present", "words"),
    [
        ((1001, 1002, 1004), "frame 1003 is missing"),
        ((1001, 1002, 1004, 1008), "frames 1003, 1005-1007 are missing"),
        ((1, 20_000_000), "frames 2-19999999 are missing"),
        (tuple(range(1, 40, 2)), "and 11 more gaps are missing"),
    ],
)
def test_missing_frames_are_listed(present: tuple, words: str, tmp_path: Path) -> None:
    assert words in refusal(sequence(tmp_path, *present))


def test_missing_ends_of_a_wanted_range_are_listed(tmp_path: Path) -> None:
    sequence(tmp_path, 3, 4, 5)
    sentence = refusal(tmp_path / "plate.[0001-0007].png")
    assert "frames 1-2, 6-7 are missing" in sentence


def test_mixed_sizes_are_refused(tmp_path: Path) -> None:
    spec = sequence(tmp_path, 1, 2, 3)
    write_png(tmp_path / "plate.0003.png", frame(3, 64, 16))
    assert "Frame 3 of" in refusal(spec)


def test_a_size_that_changes_inside_is_found_when_read(tmp_path: Path) -> None:
    spec = sequence(tmp_path, *range(1, 60))
    write_png(tmp_path / "plate.0018.png", frame(3, 64, 16))
    sentence = refusal(spec)
    assert "Frame 18 of" in sentence
    assert "64x16" in sentence


def test_two_sequences_in_a_folder_are_named(tmp_path: Path) -> None:
    sequence(tmp_path, 1, 2)
    write_exr(tmp_path / "matte.01.exr", frame(1))
    sentence = refusal(tmp_path)
    assert "matte.##.exr" in sentence
    assert "plate.####.png" in sentence


def test_two_paddings_in_a_folder_are_named(tmp_path: Path) -> None:
    sequence(tmp_path, 1, 2)
    write_png(tmp_path / "plate.3.png", frame(1))
    assert "mixes 1-digit and 4-digit" in refusal(tmp_path)


def test_an_empty_frame_is_found_when_opened(tmp_path: Path) -> None:
    spec = sequence(tmp_path, *range(1, 40))
    (tmp_path / "plate.0017.png").write_bytes(b"")
    with pytest.raises(BadInput, match=r"plate\.0017\.png is an empty file"):
        open_clip(str(spec))


def test_a_damaged_frame_is_named(tmp_path: Path) -> None:
    spec = sequence(tmp_path, *range(1, 6))
    cut(tmp_path / "plate.0002.png", 0.7)
    assert "plate.0002.png is damaged" in refusal(spec)


def test_a_frame_that_goes_away_is_named(tmp_path: Path) -> None:
    with open_clip(str(sequence(tmp_path, 1, 2))) as clip:
        (tmp_path / "plate.0002.png").unlink()
        with pytest.raises(BadInput, match=r"plate\.0002\.png does not exist"):
            clip.read(2)


def test_a_rate_is_kept_exact(tmp_path: Path) -> None:
    with open_clip(str(sequence(tmp_path, 1, 2).parent), rate=Fraction(24000, 1001)) as clip:
        assert clip.info.rate == Fraction(24000, 1001)
