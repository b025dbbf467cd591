"""A plate: one frame as its file stores it, and the same file again with other colour."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.files import replacing
from tokenflow_studio.media.curves import Image

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of pixels in the file's own coordinates: x to the right, y downwards."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row beyond it."""
        return self.y + self.height

    def __str__(self) -> str:
        return f"{self.width}x{self.height}{self.x:+}{self.y:+}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a file is edited.

    layer: the layer whose RGB it is, view: the stereo view; None for the main layer and the hero
    view. premultiplied: how the alpha counts; None for the custom of the file's format.
    """

    layer: str | None = None
    view: str | None = None
    premultiplied: bool | None = None


class Stored(Protocol):
    """All that a file holds beside the edited colour; knows how to write it again."""

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    @property
    def bits(self) -> int: ...

    def write(self, path: Path, plate: "Plate", colour: Image) -> None: ...

    def standing_in(self, timecode: str | None, black: bool) -> "Stored": ...


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """One frame as stored: nothing clipped, nothing converted, NaN and infinity kept.

    colour: (h, w, 3) float32 over the data window, in the file's own encoding, read-only; grey
    files give it three times. alpha: (h, w) float32 or None. premultiplied: whether the colour is
    multiplied by the alpha. data, display: the windows. layer, view: names of what is edited, ""
    for the main ones. unedited: channels and parts that pass through as they are.
    """

    colour: Image
    alpha: Grey | None
    premultiplied: bool
    data: Window
    display: Window
    pixel_aspect: float
    layer: str
    view: str
    unedited: tuple[str, ...]
    stored: Stored = field(repr=False)

    def __post_init__(self) -> None:
        # Writing compares with it, to give untouched pixels back bit by bit.
        self.colour.flags.writeable = False


def stand_in(plate: Plate, timecode: str | None, black: bool) -> Plate:
    """The plate in place of a missing frame: with that frame's timecode, as it is or all black."""
    stored = plate.stored.standing_in(timecode, black)
    if not black:
        return replace(plate, colour=plate.colour.copy(), stored=stored)
    alpha = None if plate.alpha is None else np.zeros_like(plate.alpha)
    return replace(plate, colour=np.zeros_like(plate.colour), alpha=alpha, stored=stored)


def write_plate(path: Path, plate: Plate, colour: Image) -> None:
    """Write the plate's file again with other colour, (h, w, 3) float32 over the data window.

    Windows, pixel aspect, channels with their names, order and types, attributes, parts and
    timecode stay. All other channels stay bit by bit, and so does the colour where it is what was
    read. The compression is the plate's where that is lossless, else zip. Raises ValueError for
    a wrong shape or a name of another format, else as `core.files.replacing` does.
    """
    if colour.shape != plate.colour.shape:
        raise ValueError(f"colour of shape {colour.shape} for a plate of {plate.colour.shape}")
    if path.suffix.lower() not in plate.stored.suffixes:
        raise ValueError(f"{path.name} cannot hold this plate, {plate.stored.suffixes} can")
    with replacing(path) as temporary:
        plate.stored.write(temporary, plate, np.asarray(colour, np.float32))


def unchanged(colour: Image, plate: Plate) -> NDArray[np.bool_]:
    """(h, w, 3): where the colour is, bit by bit, what the plate was read with; NaN included."""
    new = np.ascontiguousarray(colour, np.float32).view(np.uint32)
    return new == np.ascontiguousarray(plate.colour).view(np.uint32)
