"""Data and display windows: told apart when a shot is sent, equal when it comes back."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from bridge.exchange.facts import Facts
from bridge.exchange.manifest import Geometry
from bridge.exchange.packages import preflight
from bridge.exchange.returning import return_clip
from bridge.exchange.sending import send
from tests.jobs.plates import write_plates
from tests.media.exr.writing import HALF, header, noise, write_parts
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.stills import write_exr, write_png


def test_both_windows_go_along(tmp_path: Path) -> None:
    package = send(write_plates(tmp_path, range(1001, 1003)), tmp_path / "x", "sh010", Facts())
    assert package.manifest.geometry == Geometry(
        display=(0, 0, 72, 40), data=(-4, -5, 80, 50), pixel_aspect=2.0
    )
    assert (preflight(package).width, preflight(package).height) == (72, 40)


def test_a_data_window_that_moves_is_told_as_what_is_around_all(tmp_path: Path) -> None:
    for number, x in ((1, -2), (2, 5)):
        described = header(6, 4, data=(x, 1, 6, 4), display=(0, 0, 10, 8))
        pixels = {name: noise(4, 6, HALF) for name in "RGB"}
        write_parts(tmp_path / f"plate.{number:04d}.exr", (described, pixels))
    spec = str(tmp_path / "plate.####.exr")
    package = send(spec, tmp_path / "x", "sh010", Facts(rate=Fraction(24)))
    assert package.manifest.geometry == Geometry(display=(0, 0, 10, 8), data=(-2, 1, 13, 4))


@pytest.fixture
def plate(tmp_path: Path) -> str:
    return write_plates(tmp_path, range(1001, 1002))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"display": (0, 0, 72, 41)}, "display window 72x41.0.0 and 72x40.0.0 was sent"),
        ({"display": (1, 0, 72, 40)}, "display window"),
        ({"pixelAspectRatio": 1.0}, "pixel aspect 1 and 2 was sent"),
    ],
)
def test_a_version_in_another_frame_is_refused(
    changes: dict[str, object], said: str, plate: str, tmp_path: Path
) -> None:
    package = send(plate, tmp_path / "x", "sh010", Facts())
    options = {"data": (-4, -5, 80, 50), "display": (0, 0, 72, 40), "pixelAspectRatio": 2.0}
    described = header(80, 50, **(options | changes))
    pixels = {name: noise(50, 80, HALF) for name in "RGB"}
    (tmp_path / "back").mkdir()
    write_parts(tmp_path / "back" / "b.1001.exr", (described, pixels))
    with pytest.raises(BadInput, match=said):
        return_clip(package, str(tmp_path / "back" / "b.####.exr"))
    assert not package.returns.exists()


def test_a_png_has_the_size_of_one_of_them(plate: str, tmp_path: Path) -> None:
    package = send(plate, tmp_path / "x", "sh010", Facts())
    for width, height, fits in ((72, 40, True), (80, 50, True), (64, 40, False)):
        folder = tmp_path / f"{width}"
        write_png(folder / "b.1001.png", np.zeros((height, width, 3), np.float32))
        if fits:
            assert return_clip(package, str(folder / "b.####.png")).frames
            continue
        with pytest.raises(BadInput, match="size 64x40 and 72x40 was sent"):
            return_clip(package, str(folder / "b.####.png"))


def test_a_plain_plate_has_one_window(tmp_path: Path) -> None:
    write_exr(tmp_path / "a.0001.exr", np.zeros((4, 6, 3), np.float32))
    spec = str(tmp_path / "a.####.exr")
    package = send(spec, tmp_path / "x", "a", Facts(rate=Fraction(24)))
    assert package.manifest.geometry == Geometry(display=(0, 0, 6, 4), data=(0, 0, 6, 4))
