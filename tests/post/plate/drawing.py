"""Curves, pictures and plates to test with."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from tokenflow_studio.media.curves import Image, decode_srgb
from tokenflow_studio.media.plates import Plate, Window


class Display:
    """Plain sRGB; files are display-referred."""

    def light(self, colour: Image) -> Image:
        return self.decode(colour)

    def colour(self, light: Image) -> Image:
        return self.encode(light)

    def encode(self, light: Image) -> Image:
        curved = 1.055 * np.power(np.maximum(light, 0.0031308), 1 / 2.4) - 0.055
        return np.where(light <= 0.0031308, 12.92 * light, curved).astype(np.float32)

    def decode(self, code: Image) -> Image:
        return decode_srgb(code)


class Linear(Display):
    """sRGB with a logarithmic shoulder from code 0.6, where 16 is 1; files are linear light."""

    knee, light_at_knee, stop = 0.6, float(decode_srgb(np.float32(0.6))), 0.0707

    def light(self, colour: Image) -> Image:
        return colour

    def colour(self, light: Image) -> Image:
        return light

    def encode(self, light: Image) -> Image:
        stops = np.log2(np.maximum(light, self.light_at_knee) / self.light_at_knee)
        shoulder = self.knee + self.stop * stops
        below = super().encode(light)
        return np.where(light > self.light_at_knee, shoulder, below).astype(np.float32)

    def decode(self, code: Image) -> Image:
        above = self.light_at_knee * np.exp2((np.maximum(code, self.knee) - self.knee) / self.stop)
        below = super().decode(np.minimum(code, self.knee))
        return np.where(code > self.knee, above, below).astype(np.float32)


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
