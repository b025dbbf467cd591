"""Outputs: which names are taken, and that a source is never written to."""

import os
from pathlib import Path

import pytest

from tests.media.footage import frame, write_footage
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.outputs import parse_output
from tokenflow_studio.media.stills import write_png


def test_a_pattern_gives_each_frame_its_file(tmp_path: Path) -> None:
    output = parse_output(str(tmp_path / "new" / "wolf.####.png"))
    assert not output.is_movie
    assert not output.is_exr
    assert output.path(7) == tmp_path / "new" / "wolf.0007.png"
    assert output.path(12345) == tmp_path / "new" / "wolf.12345.png"
    assert output.folder == tmp_path / "new"
    assert not output.folder.exists()
    assert parse_output(str(tmp_path / "a.%03d.EXR")).is_exr


@pytest.mark.parametrize("name", ["wolf.mp4", "wolf.MOV", "take_####.mov"])
def test_a_movie_takes_all_frames(name: str, tmp_path: Path) -> None:
    output = parse_output(str(tmp_path / name))
    assert output.is_movie
    assert output.path(3) == output.path(4) == tmp_path / name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "must be a pattern"),
        ("out", "must be a pattern"),
        ("out.####.jpg", "must be a pattern"),
        ("out.avi", "must be a pattern"),
        ("out.png", r"write it as out\.####\.png"),
        ("out.[1-9].exr", r"write it as out\.####\.exr"),
        ("a\0b.png", "must be a pattern"),
    ],
)
def test_other_names_are_bad_input(name: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        parse_output(name)


def test_a_folder_is_no_output(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(BadInput, match="is a folder"):
        parse_output(str(tmp_path / "a.mp4"))


def test_a_place_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(BadInput, match="a file, not a folder"):
        parse_output(str(tmp_path / "file" / "out.####.png"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_folder_without_rights_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    with pytest.raises(BadInput, match="may not write"):
        parse_output(str(tmp_path / "closed" / "new" / "out.####.png"))


def test_a_movie_is_never_its_own_output(tmp_path: Path) -> None:
    path = write_footage(tmp_path / "a.mp4", 2)
    (tmp_path / "link.mov").symlink_to(path)
    os.link(path, tmp_path / "hard.mp4")
    with open_clip(str(path)) as clip:
        for name in ("a.mp4", "link.mov", "hard.mp4"):
            with pytest.raises(BadInput, match="lies on the source"):
                parse_output(str(tmp_path / name)).check_apart(clip, clip.info.frames)
        parse_output(str(tmp_path / "b.mp4")).check_apart(clip, clip.info.frames)
        parse_output(str(tmp_path / "a.####.png")).check_apart(clip, clip.info.frames)


@pytest.mark.parametrize(
    "name", ["plate.####.png", "../same/plate.%04d.png", "../link/plate.#.png"]
)
def test_a_sequence_is_never_its_own_output(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "same"
    for number in (1001, 1002):
        write_png(folder / f"plate.{number}.png", frame(1))
    (tmp_path / "link").symlink_to(folder)
    with open_clip(str(folder)) as clip:
        for frames in (clip.info.frames, range(2001, 2003)):  # over it, or going on from it
            with pytest.raises(BadInput, match="lies on the source"):
                parse_output(str(folder / name)).check_apart(clip, frames)
        parse_output(str(folder / "edit.####.png")).check_apart(clip, clip.info.frames)
        parse_output(str(tmp_path / "plate.####.png")).check_apart(clip, clip.info.frames)
