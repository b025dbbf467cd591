"""Encodings, pictures and plates to test with."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from tokenflow_studio.media.colour.config import BUILT_IN
from tokenflow_studio.media.colour.model_encoding import ModelEncoding
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.plates import Plate, Window

DISPLAY = ModelEncoding("srgb_rec709_display", BUILT_IN, scene_referred=False)
LINEAR = ModelEncoding("lin_rec709_scene", BUILT_IN, scene_referred=True, white=16.0)


@dataclass(frozen=True, slots=True)
class NoFile:
    """Stands where a plate's file would be."""

    suffixes: tuple[str, ...] = (".exr",)

    def write(self, path: Path, plate: Plate, colour: Image) -> None:
        raise AssertionError("nothing is written here")


def plate_of(
    colour: Image,
    alpha: np.ndarray | None = None,
    *,
    data: Window | None = None,
    display: Window | None = None,
    premultiplied: bool = True,
) -> Plate:
    """A plate of an array (h, w, 3)."""
    height, width = colour.shape[:2]
    data = data or Window(0, 0, width, height)
    return Plate(
        colour=np.array(colour, np.float32),
        alpha=alpha,
        premultiplied=premultiplied,
        data=data,
        display=display or data,
        pixel_aspect=1.0,
        layer="",
        view="",
        unedited=(),
        stored=NoFile(),
    )


def checkerboard(
    height: int, width: int, cell: int, dark: float = 0.25, bright: float = 0.75
) -> Image:
    """(height, width, 3) of two greys."""
    rows, columns = np.mgrid[:height, :width]
    board = np.where((columns // cell + rows // cell) % 2, bright, dark).astype(np.float32)
    return np.repeat(board[..., None], 3, axis=-1)


def gradient(height: int, width: int, start: float = 0.1, end: float = 0.8) -> Image:
    """(height, width, 3), from left to right, with a tint."""
    row = np.linspace(start, end, width, dtype=np.float32)
    return np.tile(row[:, None] * np.array([1, 0.9, 0.8], np.float32), (height, 1, 1))


def fine(image: Image) -> Image:
    """The high frequencies of a picture."""
    return image - cv2.GaussianBlur(image, (0, 0), 2)
