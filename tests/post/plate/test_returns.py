"""The returns: what was left alone is the plate, old contours go, grain and light stay."""

import numpy as np
import pytest

from tests.post.plate.drawing import DISPLAY, LINEAR, checkerboard, fine, gradient
from tokenflow_studio.core.finishing import Return
from tokenflow_studio.media.colour.model_encoding import ModelEncoding
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.plate.grain import grain_level, without_grain
from tokenflow_studio.post.plate.guided import resized
from tokenflow_studio.post.plate.returns import Edit, Manner, returned

SIZES = [((288, 512), (512, 288)), ((432, 768), (256, 144))]
EVERY_RETURN = pytest.mark.parametrize("returns", list(Return))
EVERY_CURVE = pytest.mark.parametrize("curve", [DISPLAY, LINEAR], ids=["display", "linear"])


def grainy(code: Image, level: float, seed: int = 0) -> Image:
    noise = np.random.default_rng(seed).normal(0, level, code.shape)
    return (code + noise).astype(np.float32)


def seen(code: Image, size: tuple[int, int]) -> Image:
    return np.clip(resized(code, size), 0, 1)


@EVERY_CURVE
@EVERY_RETURN
@pytest.mark.parametrize("detail", [None, 0.0, 1.0])
def test_an_edit_that_changes_nothing_is_the_plate_to_the_bit(
    curve: ModelEncoding, returns: Return, detail: float | None
) -> None:
    code = grainy(gradient(120, 200, -0.02, 1.1) + checkerboard(120, 200, 5, 0, 0.2), 3 / 255)
    light = curve.decode(code)
    proxy = seen(curve.encode(light), (90, 54))
    manner = Manner(returns, detail, grain_level(code))
    result, touched = returned(light, curve, Edit(proxy, proxy.copy()), manner)
    assert np.array_equal(result, light)
    assert not touched.any()


@EVERY_CURVE
@EVERY_RETURN
@pytest.mark.parametrize(("plate", "proxy"), SIZES)
def test_old_contours_go_and_grain_stays(
    curve: ModelEncoding, returns: Return, plate: tuple[int, int], proxy: tuple[int, int]
) -> None:
    board = checkerboard(*plate, 16)
    light = curve.decode(grainy(board, 4 / 255))
    code = curve.encode(light)
    grey = np.full((proxy[1], proxy[0], 3), 0.5, np.float32)
    manner = Manner(returns, None, grain_level(code))
    result, _ = returned(light, curve, Edit(seen(code, proxy), grey), manner)
    made = curve.encode(result)
    pattern = fine(board)
    assert np.mean(np.square(fine(made))) <= 0.1 * np.mean(np.square(pattern))
    contours = np.mean(fine(made) * pattern) / np.mean(np.square(pattern))
    assert abs(contours) < 0.1
    grain = np.std(fine(made) - contours * pattern) / np.std(fine(code - board))
    assert 0.8 <= grain <= 1.2


@EVERY_RETURN
def test_detail_that_the_model_never_saw_stays_where_it_changed_the_light_alone(
    returns: Return,
) -> None:
    curve = DISPLAY
    texture = checkerboard(288, 512, 2, -0.1, 0.1)
    code = gradient(288, 512, 0.3, 0.6) + texture
    proxy = seen(code, (128, 72))
    edit = Edit(proxy, np.clip(proxy * np.array([1.2, 1.0, 0.8], np.float32), 0, 1))
    result, _ = returned(curve.decode(code), curve, edit, Manner(returns, None, 0.0))
    made = curve.encode(result)
    kept = np.std(fine(made)) / np.std(fine(code))
    assert 0.75 <= kept <= 1.3
    assert np.mean(made[..., 0]) / np.mean(code[..., 0]) == pytest.approx(1.2, abs=0.03)


def test_a_share_of_detail_may_be_asked_for() -> None:
    curve = DISPLAY
    code = gradient(288, 512, 0.3, 0.6) + checkerboard(288, 512, 2, -0.1, 0.1)
    proxy = seen(code, (128, 72))
    edit = Edit(proxy, proxy + np.float32(0.1))
    left = []
    for detail in (0.0, 0.5, 1.0):
        result, _ = returned(curve.decode(code), curve, edit, Manner(Return.RESTYLE, detail, 0.0))
        left.append(np.std(fine(curve.encode(result))) / np.std(fine(code)))
    assert left == pytest.approx([0.0, 0.5, 1.0], abs=0.05)


@pytest.mark.parametrize(
    ("returns", "most"), [(Return.RELIGHT, 0.04), (Return.HYBRID, 0.04), (Return.RESTYLE, 0.15)]
)
@pytest.mark.parametrize(("plate", "proxy"), SIZES)
def test_noise_of_the_model_is_bearable_in_highlights(
    returns: Return, most: float, plate: tuple[int, int], proxy: tuple[int, int]
) -> None:
    curve = LINEAR
    ramp = np.geomspace(0.02, 16, plate[1], dtype=np.float32)
    light = np.tile(ramp[:, None] * np.array([1, 0.8, 0.6], np.float32), (plate[0], 1, 1))
    code = curve.encode(light)
    proxy_code = seen(code, proxy)
    edit = Edit(proxy_code, grainy(proxy_code, 3 / 255))
    result, _ = returned(light, curve, edit, Manner(returns, None, grain_level(code)))
    bright = (light >= 1) & (light <= 16)
    error = (result - light)[bright] / light[bright]
    assert np.sqrt(np.mean(np.square(error))) <= most


@EVERY_RETURN
def test_what_lies_above_white_is_not_clipped(returns: Return) -> None:
    curve = LINEAR
    light = curve.decode(gradient(90, 160, 0.2, 1.2))
    assert light.max() > 100
    proxy = seen(curve.encode(light), (64, 36))
    edit = Edit(proxy, np.clip(proxy - np.float32(0.02), 0, 1))
    result, _ = returned(light, curve, edit, Manner(returns, None, 0.0))
    assert result.max() > 50


@EVERY_RETURN
def test_a_new_contour_stands_where_the_model_drew_it(returns: Return) -> None:
    curve = DISPLAY
    code = np.full((288, 512, 3), 0.4, np.float32)
    proxy = seen(code, (128, 72))
    drawn = proxy.copy()
    drawn[:, 64:] = 0.7
    result, _ = returned(curve.decode(code), curve, Edit(proxy, drawn), Manner(returns, None, 0.0))
    made = curve.encode(result)[144, :, 0]
    assert made[:200] == pytest.approx(0.4, abs=0.02)
    assert made[312:] == pytest.approx(0.7, abs=0.02)


def test_grain_is_measured_and_taken_out_without_the_contours() -> None:
    board = checkerboard(240, 320, 12)
    for level in (0.0, 2 / 255, 5 / 255):
        noisy = grainy(board, level)
        found = grain_level(noisy)
        assert found == pytest.approx(level, rel=0.15)
        calm = without_grain(noisy, found)
        assert np.std(calm - board) <= 0.4 * level + 1e-6
