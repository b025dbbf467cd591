"""How an edit goes back onto its plate: the choices, and the shape of a drawn matte."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tokenflow_studio.core.errors import BadInput

Point = tuple[float, float]
"""Pixels from the upper left corner of the display window, to the right and down."""

Polygon = tuple[Point, ...]


class Missing(StrEnum):
    """What stands for a frame that a sequence lacks."""

    STOP = "stop"  # nothing: the job is refused
    HOLD = "hold"  # the frame before it
    BLACK = "black"


class Return(StrEnum):
    """How the edit is brought back from the model's picture to the plate."""

    RESTYLE = "restyle"  # the model's own values, through the inverse curve
    RELIGHT = "relight"  # the plate's values times what the edit did to the light
    HYBRID = "hybrid"  # relight for light and highlights, restyle for the model's own detail


class Fill(StrEnum):
    """What lies outside the edited range of a shot."""

    PLATE = "plate"  # the plate's own frames: the take is as long as the shot
    NONE = "none"


class AlphaMode(StrEnum):
    """Whether colour is multiplied by alpha already."""

    AUTO = "auto"  # premultiplied in EXR, straight elsewhere
    PREMULTIPLIED = "premultiplied"
    STRAIGHT = "straight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matte:
    """Where an edit shows; nothing is left out where there is neither file nor shape.

    file: like a clip, "" for none; channel: "" for A, else luminance; softness: pixels that its
    edge takes; inverted: the edit shows outside; shape: polygons drawn by hand; missing: what
    stands for a frame that the file lacks.
    """

    file: str = ""
    channel: str = ""
    softness: float = 0.0
    inverted: bool = False
    shape: tuple[Polygon, ...] = ()
    missing: Missing = Missing.STOP

    @classmethod
    def of(cls, choices: "MatteChoices", missing: Missing = Missing.STOP) -> "Matte":
        """What a request or a recipe says."""
        return cls(
            file=choices.matte,
            channel=choices.matte_channel,
            softness=choices.matte_softness,
            inverted=choices.matte_invert,
            shape=choices.matte_shape,
            missing=missing,
        )

    def __bool__(self) -> bool:
        return bool(self.file or self.shape)


class MatteChoices(Protocol):
    """Whatever holds a matte's settings beside others."""

    @property
    def matte(self) -> str: ...
    @property
    def matte_channel(self) -> str: ...
    @property
    def matte_softness(self) -> float: ...
    @property
    def matte_invert(self) -> bool: ...
    @property
    def matte_shape(self) -> tuple[Polygon, ...]: ...


def shape_of(polygons: object) -> tuple[Polygon, ...]:
    """The polygons of a drawn matte from lists of [x, y]. Raises BadInput for anything else."""
    if not isinstance(polygons, list | tuple):
        raise BadInput("A matte's shape is a list of polygons, each a list of points [x, y].")
    return tuple(_polygon(points) for points in polygons)


def _polygon(points: object) -> Polygon:
    try:
        polygon = tuple((float(x), float(y)) for x, y in points)  # pyright: ignore[reportGeneralTypeIssues]
    except (TypeError, ValueError) as error:
        raise BadInput(f"A polygon of a matte is a list of points [x, y] ({error}).") from error
    if len(polygon) < 3 or not all(abs(value) < 1e6 for point in polygon for value in point):
        raise BadInput(
            "A polygon of a matte needs three points or more, within a million pixels: draw it "
            "again."
        )
    return polygon
