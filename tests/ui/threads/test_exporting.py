"""What an export writes: plates bit by bit, displays through a view, the names it foretells."""

import dataclasses
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.jobs.plates import write_plates
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.stills import write_png
from tokenflow_studio.ui.threads.exporting import Export, export_take, preview_export

FRAMES = (1001, 1002, 1003)


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


def test_a_take_without_plates_gives_its_pictures(
    export: Export, take: Path, tmp_path: Path
) -> None:
    for plate in (take / "plates").iterdir():
        plate.unlink()
    export_take(dataclasses.replace(export, output=str(tmp_path / "w.####.png")))
    picture = (take / "frames" / "1002.png").read_bytes()
    assert (tmp_path / "w.1002.png").read_bytes() == picture
    export_take(dataclasses.replace(export, output=str(tmp_path / "w.mov")))
    with open_clip(str(tmp_path / "w.mov")) as movie:
        assert len(movie.info.frames) == 3
        assert np.abs(movie.read(2) - 0.3).max() < 0.03


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
