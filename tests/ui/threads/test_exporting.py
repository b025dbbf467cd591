"""What an export writes: plates bit by bit, displays through a view, the names it foretells."""

import dataclasses
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.jobs.conftest import Runner
from tests.jobs.plates import write_plates
from tests.media.movies import Made, decoded, loudest, traits_of, write_made
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.planes import ColourTags
from tokenflow_studio.media.stills import write_png
from tokenflow_studio.ui.threads.exporting import Export, export_take, preview_export

FRAMES = (1001, 1002, 1003)


@pytest.fixture
def job(tiny_model: Path) -> Runner:
    return Runner(tiny_model)


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """A take of three scene-linear plates."""
    for name in ("plates", "frames"):
        (tmp_path / "take" / name).mkdir(parents=True)
    write_plates(tmp_path, range(1001, 1004))
    for frame in FRAMES:
        plate = tmp_path / f"plate.{frame}.exr"
        plate.rename(tmp_path / "take" / "plates" / f"{frame}.exr")
        shade = np.full((40, 72, 3), frame % 10 / 10, np.float32)
        write_png(tmp_path / "take" / "frames" / f"{frame}.png", shade)
    report = {"settings": {"colour": "lin_rec709_scene"}}
    (tmp_path / "take" / "report.json").write_text(json.dumps(report))
    return tmp_path / "take"


@pytest.fixture
def export(take: Path, tmp_path: Path) -> Export:
    return Export(
        request=EditRequest(clip=str(tmp_path / "plate.####.exr"), prompt="a wolf"),
        home=str(take),
        pictures=str(take / "frames"),
        frames=FRAMES,
        output=str(tmp_path / "out" / "wolf.####.exr"),
        rate=Fraction(24),
    )


def test_exr_files_are_the_takes_plates(export: Export, take: Path, tmp_path: Path) -> None:
    some = dataclasses.replace(export, frames=FRAMES[1:], start=1)
    assert export_take(some) == some.output
    found = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    plates = [(take / "plates" / f"{frame}.exr").read_bytes() for frame in FRAMES[1:]]
    assert found == dict(zip(("wolf.0001.exr", "wolf.0002.exr"), plates, strict=True))


def test_png_files_of_light_go_through_the_view(export: Export, tmp_path: Path) -> None:
    shown = []
    for view in ("ACES 1.0 - SDR Video", "Un-tone-mapped"):
        output = str(tmp_path / view.replace(" ", "") / "w.####.png")
        export_take(dataclasses.replace(export, output=output, view=view))
        with open_clip(output) as clip:
            assert list(clip.info.frames) == list(FRAMES)
            shown.append(clip.read(1002))
    assert shown[0].shape == (40, 72, 3)
    assert np.abs(shown[0] - shown[1]).mean() > 0.02


def of_movie(job: Runner, movie: Path, out: Path, **options: Any) -> Export:
    """The export of a take in which a corner of the movie was edited."""
    shape = (((2.0, 2.0), (20.0, 2.0), (20.0, 20.0), (2.0, 20.0)),)
    order = job.order(movie, matte_shape=shape, size=(64, 64), steps=2, **options)
    take = Path(job.run(order).folder)
    with open_clip(str(movie)) as clip:
        rate, frames = clip.info.rate or Fraction(24), tuple(clip.info.frames)
    pictures = str(take / "frames")
    return Export(request=order.request, home=str(take), pictures=pictures, frames=frames,
                  output=str(out), rate=rate)  # fmt: skip


def test_a_movie_of_ten_bits_comes_back_as_a_job_writes_it(job: Runner, tmp_path: Path) -> None:
    tags = ColourTags(9, 9, 14, 1)
    made = Made("prores_ks", "yuv422p10le", tags=tags, timecode="01:00:00:05", beep=0.1)
    movie, out = write_made(tmp_path / "a.mov", 4, made), tmp_path / "window.mov"
    export_take(of_movie(job, movie, out, output=str(tmp_path / "job.mov")))
    traits = traits_of(out)
    assert (traits.tags, traits.layout.bits, traits.tag) == (tags, 10, "apch")
    assert loudest(out) == pytest.approx(0.1, abs=0.003)
    with open_clip(str(out)) as clip:
        assert clip.info.timecode == "01:00:00:05"
    by_job, by_window, source = (decoded(path) for path in (tmp_path / "job.mov", out, movie))
    for mine, other, before in zip(by_window, by_job, source, strict=True):
        assert np.abs(mine[0].astype(int) - other[0]).max() <= 2
        assert np.abs(mine[0].astype(int) - before[0])[4:18, 4:18].max() > 8


def test_ten_bits_go_into_h264_and_sixteen_into_png(job: Runner, tmp_path: Path) -> None:
    made = Made("libx264", "yuv420p10le", tags=ColourTags(1, 1, 1, 1))
    export = of_movie(job, write_made(tmp_path / "a.mp4", 2, made), tmp_path / "out.mp4")
    export_take(export)
    assert traits_of(tmp_path / "out.mp4").layout.bits == 10
    export_take(dataclasses.replace(export, output=str(tmp_path / "p.####.png"), start=1))
    with open_clip(str(tmp_path / "p.####.png")) as clip:
        assert clip.read_plate(2).stored.bits == 16


def test_a_movie_of_eight_bits_keeps_its_sound_and_pictures(job: Runner, tmp_path: Path) -> None:
    made = Made("libx264", "yuv420p", rate=Fraction(25), turns=3, beep=0.12)
    export = of_movie(job, write_made(tmp_path / "a.mp4", 8, made), tmp_path / "out.mp4")
    assert not Path(export.home, "codes").exists()
    export_take(dataclasses.replace(export, frames=export.frames[2:]))
    assert loudest(tmp_path / "out.mp4") == pytest.approx(0.12 - 2 / 25, abs=0.003)
    assert traits_of(tmp_path / "out.mp4").turns == 3
    export_take(dataclasses.replace(export, output=str(tmp_path / "p.####.png")))
    picture = Path(export.pictures, "0001.png").read_bytes()
    assert (tmp_path / "p.0001.png").read_bytes() == picture


def test_a_movie_that_has_gone_is_named(job: Runner, tmp_path: Path) -> None:
    movie = write_made(tmp_path / "a.mp4", 2, Made("libx264", "yuv420p"))
    export = of_movie(job, movie, tmp_path / "out.mp4")
    movie.unlink()
    with pytest.raises(BadInput, match=r"a\.mp4"):
        export_take(export)
    assert not (tmp_path / "out.mp4").exists()


def test_the_preview_tells_names_and_what_is_in_the_way(export: Export, tmp_path: Path) -> None:
    found = preview_export(export)
    assert found.names == ("wolf.1001.exr", "wolf.1002.exr", "wolf.1003.exr")
    assert (found.count, found.taken, found.wrong) == (3, "", "")
    long = dataclasses.replace(export, frames=tuple(range(10)), start=100)
    assert preview_export(long).names == ("wolf.0100.exr", "wolf.0101.exr", "wolf.0109.exr")
    export_take(export)
    assert preview_export(export).taken == "wolf.1001.exr"
    with pytest.raises(BadInput, match=r"wolf\.1001\.exr is there already"):
        export_take(export)
    wrong = preview_export(dataclasses.replace(export, output=str(tmp_path / "x.####.bmp")))
    assert "must be a pattern" in wrong.wrong
