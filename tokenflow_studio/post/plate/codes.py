"""What a take keeps of finished frames that no file of their own holds, as those of a movie.

8 bits are the take's picture itself. More are 16 bits from -0.5 to 1.5, so that what lies below
black and above white stays.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.images import read_plate
from tokenflow_studio.media.plates import Plate, Wanted
from tokenflow_studio.media.stills import write_png

_ROOM = np.float32(0.5)


def write_codes(path: Path, colour: Image) -> None:
    """Keep (h, w, 3) in a file's own codes. Raises as `core.files.replacing` does."""
    write_png(path, _squeezed(colour), deep=True)


def with_codes(plate: Plate, path: Path) -> Plate:
    """The plate with the colour that `write_codes` kept; where it is the plate's, to the bit."""
    kept = _steps(read_plate(path, Wanted()).colour, 65535)
    own = _steps(_squeezed(plate.colour), 65535)
    return _with(plate, kept == own, kept / np.float32(65535) * (1 + 2 * _ROOM) - _ROOM)


def with_picture(plate: Plate, path: Path) -> Plate:
    """The same of the take's picture, for plates of 8 bits for a display."""
    kept = _steps(read_plate(path, Wanted()).colour, 255)
    return _with(plate, kept == _steps(plate.colour, 255), kept / np.float32(255))


def _with(plate: Plate, same: np.ndarray, colour: Image) -> Plate:
    return replace(plate, colour=np.where(same, plate.colour, colour))


def _squeezed(colour: Image) -> Image:
    return (colour + _ROOM) / (1 + 2 * _ROOM)


def _steps(values: Image, most: int) -> Image:
    return np.rint(np.clip(values, 0, 1) * np.float32(most))
