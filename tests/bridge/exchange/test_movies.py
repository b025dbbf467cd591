"""Packages from movies, and packages of PNG: numbers of their own, and nothing lost unsaid."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from bridge.exchange.facts import Facts
from bridge.exchange.manifest import Colour
from bridge.exchange.orders import take_frames
from bridge.exchange.packages import preflight
from bridge.exchange.passages import CLIPPED, numbered
from bridge.exchange.returning import return_clip
from bridge.exchange.sending import Passage, send
from tests.jobs.plates import write_plates
from tests.media.footage import number_in, write_footage
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.clips import open_clip

FACTS = Facts(frames=FrameRange(4, 15), cut=FrameRange(7, 13))


@pytest.fixture
def movie(tmp_path: Path) -> str:
    return str(write_footage(tmp_path / "clip.mp4", 24))


@pytest.mark.parametrize("form", ["", "exr", "png"])
def test_the_cut_begins_at_1001_with_its_head_below(form: str, movie: str, tmp_path: Path) -> None:
    package = send(movie, tmp_path / "exchange", "sh010", FACTS, form=form)
    manifest = package.manifest
    assert (manifest.source.frames, manifest.cut) == (FrameRange(998, 1009), FrameRange(1001, 1007))
    assert (manifest.handles, manifest.source.host_first, manifest.rate) == ((3, 2), 4, 24)
    assert manifest.colour.file == "Rec.1886 Rec.709 - Display"
    preflight(package)
    assert Path(package.clip).suffix == f".{form or 'exr'}"
    with open_clip(package.clip, colour=manifest.colour.file) as clip:
        assert [number_in(clip.read(frame)) for frame in (998, 1001, 1009)] == [4, 7, 15]
    assert return_clip(package, package.clip).frames == FrameRange(998, 1009)


def test_the_hosts_word_for_the_colour_stays(movie: str, tmp_path: Path) -> None:
    facts = dataclasses.replace(FACTS, colour=Colour(file="Rec.709 Gamma 2.4"))
    package = send(movie, tmp_path / "exchange", "sh010", facts)
    assert package.manifest.colour.file == "Rec.709 Gamma 2.4"


def test_a_movie_that_stays_where_it_is_gets_numbers_for_its_versions(
    movie: str, tmp_path: Path
) -> None:
    package = send(movie, tmp_path / "exchange", "sh010", FACTS, Passage.REFERENCE)
    assert (package.clip, package.manifest.source.frames) == (movie, FrameRange(4, 15))
    assert take_frames(package.manifest) == FrameRange(998, 1009)
    copied = send(movie, tmp_path / "exchange", "sh010", FACTS)
    assert return_clip(package, copied.clip).frames == FrameRange(998, 1009)


def test_the_take_of_other_frames_of_a_movie_is_refused(movie: str, tmp_path: Path) -> None:
    package = send(movie, tmp_path / "exchange", "sh010", FACTS, Passage.REFERENCE)
    take = tmp_path / "v001"
    take.mkdir()
    write_footage(take / "plates.mov", 12, form="mov")
    for frames, fits in (("0-11", False), ("4-15", True)):
        request = EditRequest(clip=movie, prompt="a fox", frames=FrameRange.parse(frames))
        (take / "request.json").write_text(request.to_json())
        if fits:
            assert return_clip(package, str(take)).media.endswith("_v001.mov")
        else:
            with pytest.raises(BadInput, match="frames 0-11 and 4-15 were sent"):
                return_clip(package, str(take))


def test_a_matte_follows_the_new_numbers(movie: str, tmp_path: Path) -> None:
    facts = dataclasses.replace(FACTS, matte=movie)
    package = send(movie, tmp_path / "exchange", "sh010", facts)
    assert package.manifest.matte is not None
    assert package.manifest.matte.frames == FrameRange(998, 1009)
    with open_clip(package.matte, colour="Rec.1886 Rec.709 - Display") as clip:
        assert number_in(clip.read(1001)) == 7
    preflight(package)


def test_long_handles_never_give_numbers_below_one() -> None:
    assert numbered(FrameRange(0, 3000), FrameRange(2000, 2100)) == FrameRange(1, 3001)


def test_png_of_light_only_when_asked_for_and_all_else_in_the_manifest(tmp_path: Path) -> None:
    plate = write_plates(tmp_path, range(1001, 1003))
    facts = Facts(colour=Colour(file="ACEScg"))
    assert send(plate, tmp_path / "exchange", "sh010", facts).clip.endswith(".exr")
    package = send(plate, tmp_path / "exchange", "sh010", facts, form="png")
    manifest = package.manifest
    assert (manifest.colour.file, manifest.premultiplied) == ("ACEScct", False)
    assert manifest.lost == ("Z", CLIPPED)
    assert (manifest.timecode, str(manifest.rate), manifest.reel) == (
        "01:00:00:17", "24000/1001", "A001",
    )  # fmt: skip
    assert manifest.geometry is not None
    assert (manifest.geometry.display, manifest.geometry.data, manifest.geometry.pixel_aspect) == (
        (0, 0, 72, 40), (-4, -5, 80, 50), 2.0,
    )  # fmt: skip
    assert preflight(package).width == 80
    assert return_clip(package, package.clip).frames == FrameRange(1001, 1002)
    with open_clip(package.clip, colour="ACEScct") as png:
        assert np.isfinite(png.read_plate(1001).colour).all()


def test_every_frame_is_told_and_an_end_leaves_nothing_behind(movie: str, tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        heard.append((done, total))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(movie, tmp_path / "exchange", "sh010", FACTS, told=tell)
    assert heard == [(1, 12), (2, 12), (3, 12)]
    assert not list((tmp_path / "exchange").iterdir())


def test_files_that_stay_cannot_become_another_kind(movie: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="leave out --reference"):
        send(movie, tmp_path / "exchange", "sh010", FACTS, Passage.REFERENCE, "png")
    assert not (tmp_path / "exchange").exists()
