"""A finished plate: bit for bit the plate's wherever the edit may not be."""

import numpy as np
import pytest

from tests.post.plate.drawing import DISPLAY, LINEAR, gradient, plate_of
from tokenflow_studio.core.finishing import Return
from tokenflow_studio.media.colour.model_encoding import ModelEncoding
from tokenflow_studio.media.plates import Plate, Window
from tokenflow_studio.post.framing import Framing
from tokenflow_studio.post.plate.finish import Finisher, stepped
from tokenflow_studio.post.plate.matte import prepared
from tokenflow_studio.post.plate.returns import Edit, Manner
from tokenflow_studio.post.plate.windows import model_window

EVERY_RETURN = pytest.mark.parametrize("returns", list(Return))


def finisher(plate: Plate, returns: Return, curve: ModelEncoding | None = None) -> Finisher:
    window = model_window(plate.display, [plate.data])
    framing = Framing.fit((window.width, window.height), (64, 64), 8)
    return Finisher(window, framing, curve or LINEAR, Manner(returns, None, 0.0))


def brighter(finish: Finisher, plate: Plate) -> Edit:
    proxy = finish.proxy(plate)
    return Edit(proxy, stepped(proxy + np.float32(0.1)))


def same_bits(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return (one.view(np.uint32) == other.view(np.uint32)).all(axis=-1)


@EVERY_RETURN
def test_outside_the_matte_no_bit_differs_and_its_edge_has_no_halo(returns: Return) -> None:
    plate = plate_of(gradient(100, 160))
    finish = finisher(plate, returns)
    hard = np.zeros((100, 160), np.float32)
    hard[30:70, 40:120] = 1
    matte = prepared(hard, softness=8, invert=False)
    edit = brighter(finish, plate)
    masked, whole = finish.finish(plate, edit, matte), finish.finish(plate, edit)
    assert same_bits(masked, plate.colour)[hard == 0].all()
    assert np.array_equal(masked[matte == 1], whole[matte == 1])
    added = (masked - plate.colour)[50, 40:80, 0] / (whole - plate.colour)[50, 40:80, 0]
    assert (np.diff(added) >= -1e-4).all()
    assert added.min() >= 0
    assert added.max() <= 1 + 1e-4


@EVERY_RETURN
def test_nan_infinity_and_empty_alpha_pass_and_never_reach_the_model(returns: Return) -> None:
    colour, alpha = gradient(64, 64), np.ones((64, 64), np.float32)
    colour[10, 10], colour[11, 20, 1], colour[12, 30] = np.nan, np.inf, (-np.inf, 0, 1)
    alpha[40:50], alpha[20:24] = 0, np.nan
    plate = plate_of(colour, alpha)
    finish = finisher(plate, returns)
    edit = brighter(finish, plate)
    assert np.isfinite(edit.seen).all()
    result = finish.finish(plate, edit)
    kept = ~np.isfinite(colour).all(axis=-1) | ~(alpha > 0)
    assert same_bits(result, plate.colour)[kept].all()
    assert not same_bits(result, plate.colour)[~kept].any()


@EVERY_RETURN
def test_the_model_sees_colour_that_is_not_multiplied_by_alpha(returns: Return) -> None:
    colour = gradient(64, 96)
    alpha = np.tile(np.linspace(0.05, 1, 96, dtype=np.float32), (64, 1))
    through, whole = plate_of(colour * alpha[..., None], alpha), plate_of(colour)
    finish = finisher(whole, returns)
    assert finish.proxy(through) == pytest.approx(finish.proxy(whole), abs=2e-5)
    edit = brighter(finish, whole)
    expected = finish.finish(whole, edit) * alpha[..., None]
    assert finish.finish(through, edit) == pytest.approx(expected, abs=1e-4)


@EVERY_RETURN
def test_data_windows_are_kept_and_what_the_model_did_not_see_stays(returns: Return) -> None:
    display = Window(0, 0, 96, 64)
    plate = plate_of(gradient(200, 300), data=Window(-100, -60, 300, 200), display=display)
    finish = finisher(plate, returns)
    assert finish.window == Window(-24, -16, 144, 96)
    result = finish.finish(plate, brighter(finish, plate))
    same = same_bits(result, plate.colour)
    assert not same[44:140, 76:220].any()
    same[44:140, 76:220] = True
    assert same.all()


@EVERY_RETURN
def test_a_small_data_window_gets_its_own_part_of_the_edit(returns: Return) -> None:
    display = Window(0, 0, 96, 64)
    scene = gradient(64, 96)
    whole = plate_of(scene)
    part = plate_of(scene[20:40, 30:70], data=Window(30, 20, 40, 20), display=display)
    finish = finisher(part, returns)
    edit = brighter(finish, whole)
    inner = finish.finish(part, edit)[4:-4, 4:-4]
    assert inner == pytest.approx(finish.finish(whole, edit)[24:36, 34:66], rel=0.02)


def test_a_display_referred_plate_comes_back_in_its_own_values() -> None:
    plate = plate_of(gradient(64, 96))
    finish = finisher(plate, Return.RESTYLE, DISPLAY)
    result = finish.finish(plate, brighter(finish, plate))
    assert result == pytest.approx(plate.colour + 0.1, abs=2e-3)
