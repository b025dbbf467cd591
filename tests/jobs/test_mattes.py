"""A matte through a whole job: where the edit shows, and that nothing else differs by a bit."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.jobs.conftest import Runner
from tests.jobs.plates import SIZE, channels, write_exr
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.stills import write_png

HEIGHT, WIDTH = 40, 56
LEFT, RIGHT = np.s_[:, :28], np.s_[:, 28:]


@pytest.fixture
def plates(tmp_path: Path) -> Path:
    """Two plates of noise whose alpha covers the upper half."""
    alpha = np.zeros((HEIGHT, WIDTH), np.float16)
    alpha[:20] = 1
    for frame in (7, 8):
        random = np.random.default_rng(frame)
        colour = {n: random.uniform(0.1, 1, alpha.shape).astype(np.float16) for n in "RGB"}
        write_exr(tmp_path / f"p.{frame}.exr", {**colour, "A": alpha})
    return tmp_path / "p.#.exr"


def half(side: Any) -> np.ndarray:
    matte = np.zeros((HEIGHT, WIDTH), np.float32)
    matte[side] = 1
    return matte


def differs(plates: Path, take: Path, frame: int) -> np.ndarray:
    """Where (h, w) the colour of the take is not the plate's."""
    source = channels(plates.parent / f"p.{frame}.exr")
    after = channels(take / "plates" / f"{frame:04d}.exr")
    assert source["A"].tobytes() == after["A"].tobytes()
    return np.any([source[n].view(np.uint16) != after[n].view(np.uint16) for n in "RGB"], 0)


class Editor:
    """Edits the plates within a matte; gives where each frame differs."""

    def __init__(self, job: Runner, plates: Path) -> None:
        self._job, self._plates = job, plates

    def take(self, **options: Any) -> Path:
        # Straight, so that the plate's own alpha keeps nothing back where it is above 0.
        return self._job(self._plates, size=SIZE, steps=2, alpha="straight", **options)

    def __call__(self, **options: Any) -> list[np.ndarray]:
        take = self.take(**options)
        return [differs(self._plates, take, frame) for frame in (7, 8)]


@pytest.fixture
def edited(job: Runner, plates: Path) -> Editor:
    return Editor(job, plates)


def check_covers(where: np.ndarray, matte: np.ndarray) -> None:
    """The edit shows inside the matte (the plate's alpha allows it above) and nowhere else."""
    assert not where[matte == 0].any()
    assert where[:20][matte[:20] > 0].mean() > 0.9


def test_the_plates_own_alpha(edited: Editor, plates: Path) -> None:
    for where in edited(matte=str(plates)):
        check_covers(where, half(np.s_[:20]))


def test_a_single_picture_is_held_and_its_luminance_counts(edited: Editor, tmp_path: Path) -> None:
    write_png(tmp_path / "m.png", np.repeat(half(LEFT)[..., None], 3, -1))
    for where in edited(matte=str(tmp_path / "m.png")):
        check_covers(where, half(LEFT))
    for where in edited(matte=str(tmp_path / "m.png"), matte_invert=True):
        check_covers(where, half(RIGHT))


def test_a_sequence_goes_by_frame_numbers(edited: Editor, tmp_path: Path) -> None:
    for frame, side in ((6, np.s_[:0]), (7, LEFT), (8, RIGHT), (9, np.s_[:0])):
        write_exr(tmp_path / f"m.{frame}.exr", {"Y": half(side)})
    seven, eight = edited(matte=str(tmp_path / "m.#.exr"))
    check_covers(seven, half(LEFT))
    check_covers(eight, half(RIGHT))


def test_a_matte_lies_on_the_display_window(edited: Editor, tmp_path: Path) -> None:
    window = {
        "dataWindow": ((110, 105), (110 + 11, 105 + 9)),
        "displayWindow": ((100, 100), (100 + WIDTH - 1, 100 + HEIGHT - 1)),
    }
    write_exr(tmp_path / "m.1.exr", {"A": np.ones((10, 12), np.float16)}, **window)
    for where in edited(matte=str(tmp_path / "m.1.exr")):
        check_covers(where, half(np.s_[5:15, 10:22]))


def test_the_named_channel_goes_before_alpha(edited: Editor, tmp_path: Path) -> None:
    channels = {n: np.zeros((HEIGHT, WIDTH), np.float16) for n in "RGB"}
    channels |= {"A": half(LEFT).astype(np.float16), "roto.A": half(RIGHT)}
    write_exr(tmp_path / "m.1.exr", channels)
    matte = {"matte": str(tmp_path / "m.1.exr")}
    check_covers(edited(**matte)[0], half(LEFT))
    check_covers(edited(matte_channel="roto.A", **matte)[0], half(RIGHT))
    with pytest.raises(BadInput, match=r"no channel 'hair'.*roto\.a"):
        edited(matte_channel="hair", **matte)


def test_a_shape_and_a_file_join(edited: Editor, tmp_path: Path) -> None:
    write_exr(tmp_path / "m.1.exr", {"Y": half(LEFT)})
    shape = (((40.0, 0.0), (56.0, 0.0), (56.0, 40.0), (40.0, 40.0)),)
    both = np.maximum(half(LEFT), half(np.s_[:, 40:]))
    for where in edited(matte=str(tmp_path / "m.1.exr"), matte_shape=shape):
        check_covers(where, both)


def test_a_matte_of_another_size_is_refused(edited: Editor, tmp_path: Path) -> None:
    write_exr(tmp_path / "m.1.exr", {"Y": np.ones((20, 28), np.float16)})
    with pytest.raises(BadInput, match=r"28x20, the clip 56x40"):
        edited(matte=str(tmp_path / "m.1.exr"))


def test_a_matte_that_was_drawn_again_makes_another_take(edited: Editor, tmp_path: Path) -> None:
    path = tmp_path / "m.1.exr"
    write_exr(path, {"Y": half(LEFT)})
    first = edited.take(matte=str(path))
    assert edited.take(matte=str(path)) == first
    write_exr(path, {"Y": half(np.s_[:, 20:30])})
    assert edited.take(matte=str(path)) != first
