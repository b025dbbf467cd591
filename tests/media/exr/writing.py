"""Plates as other programs write them, by the OpenEXR binding, and headers byte by byte."""

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
from numpy.typing import NDArray

HALF, FLOAT = np.float16, np.float32


def noise(height: int, width: int, kind: Any = HALF, seed: int = 1) -> NDArray[Any]:
    """(h, w) values from below 0 to 16."""
    drawn = np.random.default_rng(seed).uniform(-0.25, 2, (height, width)) ** 4 * 1.0
    return drawn.astype(kind)


def header(width: int, height: int, **attributes: object) -> dict[str, object]:
    """What a file needs to say; attributes: others, by their OpenEXR names.

    `data` and `display` are windows as (x, y, width, height).
    """
    found: dict[str, object] = {"compression": OpenEXR.ZIP_COMPRESSION}
    for name in ("data", "display"):
        x, y, w, h = attributes.pop(name, (0, 0, width, height))
        corners = np.array([x, y], np.int32), np.array([x + w - 1, y + h - 1], np.int32)
        found[f"{name}Window"] = corners
    found["type"] = OpenEXR.scanlineimage
    return {**found, **attributes}


def write_parts(path: Path, *parts: tuple[dict[str, object], dict[str, NDArray[Any]]]) -> Path:
    """A file of one or several parts, each a header and its channels."""
    OpenEXR.File([OpenEXR.Part(head, dict(channels)) for head, channels in parts]).write(str(path))
    return path


def hard_plate(path: Path) -> Path:
    """Overscan, pixel aspect 2, timecode, 24000/1001, values to 16, below 0 and not finite."""
    height, width = 40, 64
    red = noise(height, width)
    red[0, 0], red[3, 4], red[5, 6], red[7, 8] = 16, np.nan, np.inf, -np.inf
    depth = noise(height, width, FLOAT, 5)
    depth[1, 1] = np.nan
    described = header(
        width, height, data=(-7, -5, width, height), display=(-2, -3, 50, 30),
        pixelAspectRatio=2.0, framesPerSecond=Fraction(24000, 1001),
        timeCode=OpenEXR.TimeCode(1, 2, 3, 4, *[0] * 14), owner="somebody", reelName="A012C003",
    )  # fmt: skip
    channels = {
        "R": red,
        "G": noise(height, width, seed=2),
        "B": noise(height, width, seed=3),
        "A": noise(height, width, seed=4),
        "depth.Z": depth,
        "id": np.arange(height * width, dtype=np.uint32).reshape(height, width),
    }
    return write_parts(path, (described, channels))


def raw_headers(path: Path) -> list[dict[str, tuple[str, bytes]]]:
    """Every attribute of every part as (type, bytes), read without any library."""
    content, place, found = path.read_bytes(), 8, []
    while True:
        part: dict[str, tuple[str, bytes]] = {}
        while content[place]:
            end = content.index(0, place)
            second = content.index(0, end + 1)
            (size,) = struct.unpack_from("<i", content, second + 1)
            value = content[second + 5 : second + 5 + size]
            part[content[place:end].decode()] = (content[end + 1 : second].decode(), value)
            place = second + 5 + size
        place += 1
        if part:
            found.append(part)
        if not part or not content[5] & 0x10:
            return found


def channels_of(path: Path) -> list[dict[str, tuple[str, bytes]]]:
    """Type and bytes of every channel of every part, read by the OpenEXR binding."""
    file = OpenEXR.File(str(path), separate_channels=True)
    return [
        {name: (str(c.pixels.dtype), c.pixels.tobytes()) for name, c in part.channels.items()}
        for part in file.parts
    ]
