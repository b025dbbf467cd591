"""What the model sees of a plate, and how its answer comes back in the plate's own encoding."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.media.exr.writing import header, write_parts
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.colour.config import BUILT_IN, convert
from tokenflow_studio.media.colour.model_encoding import ModelEncoding, expose, shot_encoding
from tokenflow_studio.media.colour.shoulder import decode_light, encode_light

LOGC = "ARRI LogC3 (EI800)"


def plate(path: Path, colour: np.ndarray, **attributes: object) -> Path:
    height, width = colour.shape[:2]
    channels = {name: colour[..., n].astype(np.float32) for n, name in enumerate("RGB")}
    return write_parts(path, (header(width, height, **attributes), channels))


def drawn(low: float, high: float, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, high, (64, 64, 3)).astype(np.float32)


@pytest.mark.parametrize("white", [1.0, 2.0, 16.0, 32.0])
def test_the_curve_comes_back(white: float) -> None:
    light = np.concatenate([drawn(-1, 0), drawn(0, 0.4), drawn(0, 64)])
    again = decode_light(encode_light(light, white), white)
    assert np.allclose(again, light, rtol=2e-5, atol=1e-6)


def test_the_curve_is_display_like_and_never_falls() -> None:
    light = np.linspace(-0.1, 40, 200_001, dtype=np.float32)
    codes = encode_light(light, 16.0)
    assert (np.diff(codes) >= 0).all()
    known = encode_light(np.float32([0, 0.18, 1, 16]), 16.0)
    assert known == pytest.approx([0, 0.461, 0.717, 1], abs=1e-3)


def test_highlights_stand_the_noise_of_a_model() -> None:
    """Relative RMS error of light from 1 to 16 with noise of 3/255 on the codes, restyled."""
    light = np.exp2(drawn(0, 4))
    encoding = ModelEncoding("Linear Rec.709 (sRGB)", BUILT_IN, True, 0.0, 16.0)
    noise = np.random.default_rng(5).normal(0, 3 / 255, light.shape).astype(np.float32)
    found = encoding.from_model(encoding.to_model(light) + noise)
    error = np.sqrt(np.mean(((found - light) / light) ** 2))
    assert 0.05 < error <= 0.15


@pytest.mark.parametrize(
    ("space", "low", "high"),
    [("ACEScg", -0.1, 16.0), ("ACES2065-1", 0.0, 16.0), (LOGC, 0.05, 1.0), ("ACEScct", 0.1, 0.75),
     ("S-Log3 S-Gamut3.Cine", 0.1, 0.95)],
)  # fmt: skip
def test_every_encoding_comes_back(space: str, low: float, high: float) -> None:
    encoding = ModelEncoding(space, BUILT_IN, True, 0.5, 16.0)
    colour = drawn(low, high)
    again = encoding.decode(encoding.encode(colour))
    assert np.allclose(again, colour, rtol=1e-3, atol=1e-3)


def test_a_log_plate_keeps_its_middle_grey(tmp_path: Path) -> None:
    grey = np.full((8, 8, 3), 0.18, np.float32)
    code = convert(grey, "ACEScg", LOGC, BUILT_IN)
    assert code[0, 0] == pytest.approx(0.391, abs=1e-3)  # ARRI's own figure for LogC3
    path = plate(tmp_path / "log.exr", np.concatenate([code, code, code, code * 2]))
    with open_clip(str(path), colour="logc3") as clip:
        assert clip.info.space.name == LOGC
        encoding = shot_encoding(clip)
        colour = clip.read_plate(0).colour
    seen = encoding.to_model(colour)
    assert seen[0, 0] == pytest.approx(0.461, abs=2e-3)
    assert encoding.from_model(seen)[0, 0] == pytest.approx(code[0, 0], rel=0.01)


def test_what_is_not_finite_never_reaches_the_model() -> None:
    colour = drawn(0, 20)
    colour[0, 0], colour[1, 1], colour[2, 2] = np.nan, np.inf, -np.inf
    encodings: list[Callable[[np.ndarray], np.ndarray]] = [
        ModelEncoding("ACEScg", BUILT_IN, True, 0.0, 16.0).to_model,
        ModelEncoding("sRGB - Display", BUILT_IN, False).to_model,
    ]
    for to_model in encodings:
        seen = to_model(colour)
        assert np.isfinite(seen).all()
        assert (seen[0, 0] == 0).all()
        assert seen.min() >= 0
        assert seen.max() <= 1


def test_one_exposure_and_one_white_for_a_shot(tmp_path: Path) -> None:
    for frame, gain in enumerate((1.0, 0.25, 12.0, 1.0)):
        colour = np.full((16, 16, 3), 0.2, np.float32)
        colour[0, 0] = gain
        plate(tmp_path / f"p.{frame}.exr", colour)
    with open_clip(str(tmp_path / "p.#.exr")) as clip:
        encoding = shot_encoding(clip)
    assert (encoding.exposure, encoding.white) == (0.0, 16.0)


def test_a_dark_shot_is_lifted_and_a_dim_one_is_not() -> None:
    assert expose([np.full((8, 8, 3), 0.005, np.float32)]) == (5.0, 1.0)
    assert expose([np.full((8, 8, 3), 0.08, np.float32)]) == (0.0, 1.0)
    assert expose([np.zeros((8, 8, 3), np.float32)]) == (0.0, 1.0)


def test_a_display_plate_is_what_the_model_sees(shared: Path) -> None:
    with open_clip(str(shared / "clips/wolf.mp4")) as clip:
        assert not clip.info.is_scene_linear
        encoding = shot_encoding(clip)
        colour = clip.read_plate(3).colour
        assert np.abs(encoding.to_model(colour) - clip.read(3)).mean() < 2 / 255
    assert encoding.encode(colour).tobytes() == colour.tobytes()
