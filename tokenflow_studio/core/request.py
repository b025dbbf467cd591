"""The edit request: everything that can change a pixel, in one frozen value.

It is the cache key, the history entry, the payload to the worker and the farm job. A field that is
None takes the model's own default, which the job resolves and writes into its report.
"""

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import (
    AlphaMode,
    Fill,
    Matte,
    Missing,
    Polygon,
    Return,
    shape_of,
)
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.prompt import without_comments
from tokenflow_studio.core.rolls import Approval, Roll, approvals_of, check_rolls, rolls_of

SCHEMA = 1

# Where files lie, what the machine has, and what was decided frame by frame.
_NOT_OF_THE_RECIPE = frozenset({
    "clip", "frames", "base", "matte", "missing", "device", "dtype",
    "keyframes", "approved", "rolls",
})  # fmt: skip

IDENTITY = "identity"
"""The technique that bypasses the model: it proves a pipeline and a round trip."""


class Blend(StrEnum):
    """How a frame weighs its two neighbouring keyframes (TokenFlow, Eq. 5)."""

    PAPER = "paper"  # Eq. 6: sigmoid of the distance ratio
    LINEAR = "linear"  # the distance ratio itself: 1 on the keyframe, continuous
    PUBLISHED = "published"  # the published code's plan: own and previous interval, fixed centres


class Consistency(StrEnum):
    """What holds the frames together; all but the first are the paper's ablations (section 5.3)."""

    TOKENFLOW = "tokenflow"
    FIXED_KEYFRAMES = "fixed-keyframes"
    EXTENDED = "extended"  # every frame attends to the keyframes, nothing is propagated
    JOINT = "joint"  # every frame attends to every frame
    PER_FRAME = "per-frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRequest:
    """One edit of one clip.

    clip: absolute path, file pattern or folder; frames: file numbers (movies count from 0);
    model: "demo", a folder, a .safetensors file or a hub id; size: (width, height) in pixels that
    the model works at, None for the clip's aspect at the model's native area; rate: frames per
    second of a sequence; keyframes: file numbers for the preview, None for the interval middles;
    approved: keyframes that stay just as previews made them; rolls: those previews.

    colour: the clip's colour space, None for a guess; view: of the display, for what is written
    display-referred, None for the usual one; layer, stereo_view: of an EXR, "" for its RGB and its
    hero; matte: like clip, "" for none, matched by frame number; matte_channel: "" for A, else
    luminance; matte_softness: pixels; matte_shape: polygons drawn by hand, beside or without a
    file; returns: None for hybrid on scene-referred plates, else restyle; detail: share of the
    plate's own fine detail that stays, None where edit and plate agree; deflicker: share of the
    correction.
    """

    clip: str
    prompt: str
    frames: FrameRange | None = None
    rate: Fraction | None = None
    model: str = "demo"
    base: str | None = None
    negative_prompt: str = ""
    source_prompt: str = ""
    technique: str = "pnp"
    seed: int = 0
    variation: float = 0.0
    steps: int | None = None
    inversion_steps: int | None = None
    inversion_iterations: int = 1
    guidance: float | None = None
    keyframe_interval: int = 8
    keyframes: tuple[int, ...] | None = None
    approved: tuple[Approval, ...] = ()
    rolls: tuple[Roll, ...] = ()
    blend: Blend = Blend.PAPER
    consistency: Consistency = Consistency.TOKENFLOW
    pnp_attention: float | None = None
    pnp_features: float | None = None
    strength: float | None = None
    exact_source: bool = False
    size: tuple[int, int] | None = None
    missing: Missing = Missing.STOP
    colour: str | None = None
    view: str | None = None
    layer: str = ""
    stereo_view: str = ""
    alpha: AlphaMode = AlphaMode.AUTO
    matte: str = ""
    matte_channel: str = ""
    matte_softness: float = 0.0
    matte_invert: bool = False
    matte_shape: tuple[Polygon, ...] = ()
    returns: Return | None = None
    detail: float | None = None
    fill: Fill = Fill.NONE
    deflicker: float = 0.0
    device: str = "auto"
    dtype: str = "auto"

    def __post_init__(self) -> None:
        for name, low, high in _LIMITS:
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise BadInput(f"{name.replace('_', ' ')} must lie between {low} and {high}, "
                               f"not {value}.")  # fmt: skip
        if not without_comments(self.prompt) and self.technique != IDENTITY:
            raise BadInput("The prompt is empty: say what the clip should become.")
        check_rolls(self.rolls, self.approved)

    @property
    def where(self) -> Matte:
        """Where the edit shows."""
        return Matte.of(self, self.missing)

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no blanks; equal requests give equal text."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return json.dumps(
            {"schema": SCHEMA, **fields}, sort_keys=True, separators=(",", ":"), default=_plain
        )

    @property
    def recipe(self) -> str:
        """What a finished file says of how it was made: JSON of the values that are not the
        defaults, but for where files lie and which keyframes were approved. Identity has none."""
        if self.technique == IDENTITY:
            return ""
        fields = (f for f in dataclasses.fields(self) if f.name not in _NOT_OF_THE_RECIPE)
        values = {f.name: getattr(self, f.name) for f in fields
                  if getattr(self, f.name) != f.default}  # fmt: skip
        told = {**values, "model": Path(self.model).name}
        return json.dumps(told, sort_keys=True, ensure_ascii=False, default=_plain)

    @classmethod
    def from_json(cls, text: str | bytes) -> "EditRequest":
        """Read what `to_json` wrote. Raises BadInput for anything else."""
        try:
            fields: dict[str, Any] = json.loads(text)
            schema = fields.pop("schema")
            if schema != SCHEMA:
                raise BadInput(
                    f"This request has version {schema}, this program reads version {SCHEMA}: "
                    "update TokenFlow Studio."
                )
            return cls(**{name: _typed(name, value) for name, value in fields.items()})
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise BadInput(f"This is no edit request ({error}).") from error


_LIMITS = (
    ("seed", 0, 2**63 - 1),
    ("variation", 0.0, 1.0),
    ("steps", 1, 1000),
    ("inversion_steps", 1, 1000),
    ("inversion_iterations", 0, 10),
    ("guidance", 0.0, 50.0),
    ("keyframe_interval", 1, 1000),
    ("pnp_attention", 0.0, 1.0),
    ("pnp_features", 0.0, 1.0),
    ("strength", 0.0, 1.0),
    ("matte_softness", 0.0, 1000.0),
    ("detail", 0.0, 1.0),
    ("deflicker", 0.0, 1.0),
)

_ENUMS: dict[str, type[StrEnum]] = {
    "blend": Blend,
    "consistency": Consistency,
    "missing": Missing,
    "alpha": AlphaMode,
    "returns": Return,
    "fill": Fill,
}


def _plain(value: Any) -> Any:
    """The JSON form of what JSON has no form for."""
    if isinstance(value, FrameRange | Fraction):
        return str(value)
    return dataclasses.asdict(value)


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _ENUMS:
        return _ENUMS[name](value)
    match name:
        case "frames":
            return FrameRange.parse(value)
        case "rate":
            return Fraction(value)
        case "matte_shape":
            return shape_of(value)
        case "approved":
            return approvals_of(value)
        case "rolls":
            return rolls_of(value)
        case "size" | "keyframes":
            return tuple(int(number) for number in value)
    return value
