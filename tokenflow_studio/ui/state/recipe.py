"""The recipe: what the user sets at the right, as one frozen value with undo."""

import dataclasses
from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.state.history import History


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything about an edit but the clip it is made from; steps None is the model's own;
    keyframes None: one in the middle of each interval."""

    prompt: str = ""
    negative_prompt: str = ""
    source_prompt: str = ""
    model: str = "demo"
    technique: str = "pnp"
    seed: int = 0
    steps: int | None = None
    keyframe_interval: int = 8
    keyframes: tuple[int, ...] | None = None

    def request(self, clip: str, frames: FrameRange | None, rate: Fraction | None) -> EditRequest:
        """The request for that clip; BadInput if a field cannot be used."""
        return EditRequest(
            clip=clip,
            frames=frames,
            rate=rate,
            prompt=self.prompt.strip(),
            negative_prompt=self.negative_prompt.strip(),
            source_prompt=self.source_prompt.strip(),
            model=self.model,
            technique=self.technique,
            seed=self.seed,
            steps=self.steps,
            keyframe_interval=self.keyframe_interval,
            keyframes=self.keyframes,
        )

    @classmethod
    def of(cls, request: EditRequest) -> "Recipe":
        """The recipe that a request was made from."""
        names = (field.name for field in dataclasses.fields(cls))
        return cls(**{name: getattr(request, name) for name in names})


class RecipeModel(QObject):
    """Holds the recipe. `changed(Recipe)` follows every change; all of them can be undone.

    Typing into one field is one step of undo until the user pauses or turns to another field.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None, history: History | None = None) -> None:
        super().__init__(parent)
        self.history = history or History(self)
        self._value = Recipe()

    @property
    def undo(self) -> QUndoStack:
        """The history's stack."""
        return self.history.stack

    @property
    def value(self) -> Recipe:
        """The recipe as it stands."""
        return self._value

    def set(self, **fields: object) -> None:
        """Change some fields; equal values change nothing."""
        value = dataclasses.replace(self._value, **fields)  # pyright: ignore[reportArgumentType]
        self.replace(value, _title(next(iter(fields))), merge=" ".join(fields))

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
