"""The recipe: what the user sets at the right, as one frozen value with undo."""

import dataclasses
import time
from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest

_PAUSE = 1.0  # seconds without a keystroke that end one step of undo


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

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo = QUndoStack(self)
        self._value = Recipe()

    @property
    def value(self) -> Recipe:
        """The recipe as it stands."""
        return self._value

    def set(self, **fields: object) -> None:
        """Change some fields; equal values change nothing."""
        self.replace(dataclasses.replace(self._value, **fields), tuple(fields))  # pyright: ignore[reportArgumentType]

    def replace(self, value: Recipe, fields: tuple[str, ...] = ()) -> None:
        """Take another recipe as one step of undo; `fields` are those whose edits may merge."""
        if value != self._value:
            self.undo.push(_Change(self, self._value, value, fields))

    def start(self, value: Recipe) -> None:
        """Begin anew with that recipe: nothing before it can be undone."""
        self.undo.clear()
        self.show(value)

    def show(self, value: Recipe) -> None:
        """Take the value without a step of undo: for the undo commands themselves."""
        if value != self._value:
            self._value = value
            self.changed.emit(value)


class _Change(QUndoCommand):
    def __init__(
        self, model: RecipeModel, before: Recipe, after: Recipe, fields: tuple[str, ...]
    ) -> None:
        super().__init__(" ".join(fields).replace("_", " ") or "recipe")
        self._model = model
        self._before = before
        self._after = after
        self._fields = fields
        self._at = time.monotonic()

    def redo(self) -> None:
        self._model.show(self._after)

    def undo(self) -> None:
        self._model.show(self._before)

    def id(self) -> int:
        return 1 if self._fields else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other._fields != self._fields:
            return False
        if other._at - self._at > _PAUSE:
            return False
        self._after, self._at = other._after, other._at
        return True
