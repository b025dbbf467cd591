"""The recipe: what the user sets at the right, as one frozen value with undo."""

import dataclasses
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from tokenflow_studio.core.approval import in_this_look
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import Matte, Polygon
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.prompt import without_comments
from tokenflow_studio.core.request import SCHEMA, EditRequest
from tokenflow_studio.core.rolls import Approval, Roll
from tokenflow_studio.ui.state.history import History

SEED_MAX = 2**31 - 1  # what a spin box can hold
ROLLED_VARIATION = 0.3  # visible, and most of the source's own noise stays
PROMPTS = ("prompt", "negative_prompt", "source_prompt")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything about an edit but the clip it is made from.

    steps, guidance, pnp_attention, pnp_features and strength None are the model's own, size None
    its native area at the clip's aspect; keyframes None: one in the middle of each interval.
    Approvals of another look, and rolls that nothing is approved of, are kept for when they count
    again.
    """

    prompt: str = ""
    negative_prompt: str = ""
    source_prompt: str = ""
    model: str = "demo"
    technique: str = "pnp"
    seed: int = 0
    steps: int | None = None
    keyframe_interval: int = 8
    keyframes: tuple[int, ...] | None = None
    guidance: float | None = None
    variation: float = 0.0
    pnp_attention: float | None = None
    pnp_features: float | None = None
    strength: float | None = None
    size: tuple[int, int] | None = None
    deflicker: float = 0.0
    matte: str = ""
    matte_channel: str = ""
    matte_softness: float = 0.0
    matte_invert: bool = False
    matte_shape: tuple[Polygon, ...] = ()
    approved: tuple[Approval, ...] = ()
    rolls: tuple[Roll, ...] = ()

    @property
    def where(self) -> Matte:
        """Where the edit shows."""
        return Matte.of(self)

    def request(self, clip: str, frames: FrameRange | None, rate: Fraction | None) -> EditRequest:
        """The request for that clip; BadInput if a field cannot be used.

        Comments stay behind: what changes no pixel must not make a preview stale.
        """
        names = {field.name for field in dataclasses.fields(self)} - {"approved", "rolls"}
        fields: dict[str, Any] = {name: getattr(self, name) for name in names}
        for name in PROMPTS:
            fields[name] = without_comments(fields[name])
        request = EditRequest(clip=clip, frames=frames, rate=rate, **fields)
        return in_this_look(request, self.rolls, self.approved)

    @classmethod
    def of(cls, request: EditRequest) -> "Recipe":
        """The recipe that a request was made from."""
        names = (field.name for field in dataclasses.fields(cls))
        return cls(**{name: getattr(request, name) for name in names})

    def to_fields(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return json.loads(json.dumps(dataclasses.asdict(self)))

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> "Recipe":
        """Read what `to_fields` gave; fields that are not known are passed over. BadInput says
        what cannot be used."""
        known = {f.name: fields[f.name] for f in dataclasses.fields(cls) if f.name in fields}
        for field in dataclasses.fields(cls):
            value = known.get(field.name, field.default)
            if isinstance(field.default, str) and not isinstance(value, str):
                raise BadInput(f"{field.name.replace('_', ' ')} is no text.")
        # A request says what is wrong with a value; it wants a clip and a prompt.
        whole = {"schema": SCHEMA, "clip": "/", **known, "prompt": "-"}
        request = EditRequest.from_json(json.dumps(whole))
        return dataclasses.replace(cls.of(request), prompt=known.get("prompt", ""))


DEFAULTS = Recipe()


class RecipeModel(QObject):
    """Holds the recipe. `changed(Recipe)` follows every change; all of them can be undone.
    `lock_changed(bool)`: whether dice, presets and restored takes leave the seed as it is.

    Typing into one field is one step of undo until the user pauses or turns to another field.
    """

    changed = Signal(object)
    lock_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None, history: History | None = None) -> None:
        super().__init__(parent)
        self.history = history or History(self)
        self._value = Recipe()
        self._seed_locked = False

    @property
    def undo(self) -> QUndoStack:
        """The history's stack."""
        return self.history.stack

    @property
    def value(self) -> Recipe:
        """The recipe as it stands."""
        return self._value

    @property
    def seed_locked(self) -> bool:
        """Whether dice, presets and restored takes leave the seed as it is."""
        return self._seed_locked

    @Slot()
    def toggle_seed_lock(self) -> None:
        """Hold the seed, or let it go."""
        self._seed_locked = not self._seed_locked
        self.lock_changed.emit(self._seed_locked)

    def modified(self, *fields: str) -> bool:
        """Whether one of these fields is not as a new recipe has it."""
        return any(getattr(self._value, name) != getattr(DEFAULTS, name) for name in fields)

    def reset(self, *fields: str) -> None:
        """Back to what a new recipe has there."""
        values = {name: getattr(DEFAULTS, name) for name in fields}
        self.replace(dataclasses.replace(self._value, **values), f"Reset {_title(fields[0])}")

    @Slot()
    def roll_seed(self) -> None:
        """Draw another seed, unless it is locked.

        PnP begins from the inverted noise and ignores the seed, so a share of fresh noise comes
        with it where there is none yet.
        """
        if self._seed_locked:
            return
        value = dataclasses.replace(self._value, seed=random.randrange(SEED_MAX))
        if value.technique == "pnp" and not value.variation:
            value = dataclasses.replace(value, variation=ROLLED_VARIATION)
        self.replace(value, "Roll Seed")

    def adopt(self, value: Recipe, title: str) -> None:
        """Take a preset's or a take's recipe; a locked seed stays."""
        seed = self._value.seed if self._seed_locked else value.seed
        self.replace(dataclasses.replace(value, seed=seed), title)

    def set(self, **fields: object) -> None:
        """Change some fields; equal values change nothing."""
        value = dataclasses.replace(self._value, **fields)  # pyright: ignore[reportArgumentType]
        self.replace(value, _title(next(iter(fields))), merge=" ".join(fields))

    def change(self, title: str, merge: str = "", **fields: object) -> None:
        """Change some fields as one step of that title; see `History.change`."""
        value = dataclasses.replace(self._value, **fields)  # pyright: ignore[reportArgumentType]
        self.replace(value, title, merge)

    def replace(self, value: Recipe, title: str = "Recipe", merge: str = "") -> None:
        """Take another recipe as one step of undo; see `History.change`."""
        if value != self._value:
            self.history.change(title, "recipe", self.show, self._value, value, merge)

    def start(self, value: Recipe) -> None:
        """Begin anew with that recipe: nothing before it can be undone."""
        self.undo.clear()
        self.show(value)

    def show(self, value: Recipe) -> None:
        """Take the value without a step of undo: for the history itself, and for another shot."""
        if value != self._value:
            self._value = value
            self.changed.emit(value)


def _title(field: str) -> str:
    """`keyframe_interval` as a menu writes it: Keyframe Interval."""
    return field.replace("_", " ").title()
