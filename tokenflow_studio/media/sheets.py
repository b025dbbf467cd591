"""Pictures for judging an edit: thumbnails, contact sheets, side-by-side movies."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.encoding import write_movie
from tokenflow_studio.media.stills import png_bytes, to_bytes

_BACKGROUND = 32  # sRGB code; dark and neutral, so that it tints no judgement
_TEXT = 200
_TILE = 320  # long side of a picture on a sheet, pixels
_MARGIN = 12
_LABEL_HEIGHT = 26
_HALF = 960  # pixels of width: a movie to judge by; an encoder holds dozens of its frames
_GAP = 8  # between the halves of a side-by-side frame, pixels; even, as 4:2:0 wants


def thumbnail(image: Image, long_side: int) -> NDArray[np.uint8]:
    """(H, W, 3) 0..1 as 8-bit RGB whose longer side is at most `long_side` pixels."""
    height, width = image.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1:
        return to_bytes(image)
    return to_bytes(_resized(image, max(1, round(width * scale)), max(1, round(height * scale))))


def write_contact_sheet(path: Path, images: Iterable[Image], labels: Sequence[str]) -> None:
    """Write a PNG grid of the pictures, each with its label (frame number) below.

    Pictures are (H, W, 3) 0..1 of any size; only their thumbnails are held. Raises BadInput for
    none, else as `core.files.replacing` does.
    """
    tiles = [thumbnail(image, _TILE) for image in images]
    if not tiles:
        raise BadInput(f"{path} would have no pictures: choose at least one frame.")
    tile_height = max(tile.shape[0] for tile in tiles)
    tile_width = max(tile.shape[1] for tile in tiles)
    columns = _columns(len(tiles), tile_width, tile_height + _LABEL_HEIGHT)
    rows = math.ceil(len(tiles) / columns)
    step_x, step_y = tile_width + _MARGIN, tile_height + _LABEL_HEIGHT + _MARGIN
    shape = (_MARGIN + rows * step_y, _MARGIN + columns * step_x, 3)
    sheet = np.full(shape, _BACKGROUND, np.uint8)
    for number, (tile, label) in enumerate(zip(tiles, labels, strict=True)):
        top = _MARGIN + number // columns * step_y
        left = _MARGIN + number % columns * step_x
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
        _draw_label(sheet, label, left, top + tile_height + _LABEL_HEIGHT - 7)
    write_atomically(path, png_bytes(sheet))


def write_side_by_side(path: Path, pairs: Iterable[tuple[Image, Image]], rate: Fraction) -> None:
    """Write a movie with the first picture of each pair at the left, the second at the right.

    Pictures are (H, W, 3) 0..1; the second is scaled to the first one's size.
    """
    write_movie(path, (beside(left, right) for left, right in pairs), rate)


def beside(left: Image, right: Image) -> Image:
    """Both pictures in one of even size, a dark gap between them; each at most a screen's half."""
    height, width = left.shape[:2]
    if width > _HALF:
        height, width = max(1, round(height * _HALF / width)), _HALF
    left, right = (_resized(image, width, height) for image in (left, right))
    shape = (height + height % 2, width * 2 + _GAP, 3)
    frame = np.full(shape, _BACKGROUND / 255, np.float32)
    frame[:height, :width] = left
    frame[:height, width + _GAP :] = right
    return frame


def _resized(image: Image, width: int, height: int) -> Image:
    if image.shape[:2] == (height, width):
        return image
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def _columns(count: int, width: int, height: int) -> int:
    """Columns that bring the sheet near to 16:9 and leave few places empty."""
    ideal = max(1, min(count, round(math.sqrt(count * (16 / 9) * height / width))))
    near = range(max(1, ideal - 1), min(count, ideal + 2) + 1)
    return min(near, key=lambda columns: (-count % columns, abs(columns - ideal)))


def _draw_label(sheet: NDArray[np.uint8], text: str, left: int, baseline: int) -> None:
    colour = (_TEXT, _TEXT, _TEXT)
    cv2.putText(
        sheet, text, (left, baseline), cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, 1, cv2.LINE_AA
    )
