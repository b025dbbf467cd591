"""Plates for whole jobs: written and read by the OpenEXR binding, never by our own reader."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR

SIZE = (64, 64)  # of the model: small, so that a test is quick


def channels(path: Path) -> dict[str, np.ndarray]:
    with OpenEXR.File(str(path), separate_channels=True) as file:
        return {name: channel.pixels.copy() for name, channel in file.channels().items()}


def write_exr(path: Path, pixels: dict[str, np.ndarray], **attributes: Any) -> None:
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage, **attributes}
    OpenEXR.File(header, dict(pixels)).write(str(path))


def changed(source: Path, result: Path) -> set[str]:
    """Names of the channels that are not, bit by bit, what they were."""
    before, after = channels(source), channels(result)
    assert list(before) == list(after)
    return {name for name in before if before[name].tobytes() != after[name].tobytes()}


def attributes(path: Path) -> dict[str, str]:
    with OpenEXR.File(str(path), separate_channels=True, header_only=True) as file:
        return {name: str(value) for name, value in file.header().items()}


def check_same(source: Path, result: Path) -> None:
    before, after = channels(source), channels(result)
    assert list(after) == list(before)
    for name, pixels in before.items():
        assert after[name].dtype == pixels.dtype, name
        assert after[name].tobytes() == pixels.tobytes(), name
    assert attributes(result) == attributes(source)


def write_plates(folder: Path, frames: range) -> str:
    """Half colour to 16 with negative values and NaN, float depth, overscan, timecode, squeeze."""
    height, width = 50, 80
    for frame in frames:
        random = np.random.default_rng(frame)
        colour = np.geomspace(0.01, 16, width)[None, :, None] * random.uniform(
            0.9, 1.1, (height, width, 3)
        )
        colour[3, 4:8] = -0.25
        colour[10, 10], colour[11, 12, 1] = np.nan, np.inf
        alpha = np.ones((height, width))
        alpha[30:35, :20] = 0
        pixels: dict[str, Any] = {
            name: colour[..., place].astype(np.float16) for place, name in enumerate("RGB")
        }
        pixels["A"] = alpha.astype(np.float16)
        pixels["Z"] = random.uniform(1, 1e6, (height, width)).astype(np.float32)
        code = OpenEXR.TimeCode(1, 0, 0, frame % 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        header = {
            "compression": OpenEXR.ZIP_COMPRESSION,
            "type": OpenEXR.scanlineimage,
            "displayWindow": ((0, 0), (71, 39)),
            "dataWindow": ((-4, -5), (75, 44)),
            "pixelAspectRatio": 2.0,
            "framesPerSecond": Fraction(24000, 1001),
            "timeCode": code,
            "reelName": "A001",
        }
        OpenEXR.File(header, pixels).write(str(folder / f"plate.{frame}.exr"))
    return str(folder / "plate.####.exr")
