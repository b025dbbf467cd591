"""The three returns: what the model changed, brought onto the plate at its full size.

Everything is said in model code, the display-like encoding that the model sees. The change is the
edit against the proxy that the model saw, so that what it left alone comes back as the plate.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.finishing import Return
from tokenflow_studio.media.colour.shoulder import decode_light, encode_light
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.plate.grain import without_grain
from tokenflow_studio.post.plate.guided import Fit, Size, resized

Mask = NDArray[np.bool_]

_NOISE = 3 / 255  # of code: contrast of the proxy below which it explains nothing
_LOG_NOISE = 0.05  # the same of the logarithm of light
_DARK = 0.01  # light added to both sides of a ratio, which else runs away in the blacks
_RATIO = np.log(8.0)  # the most that a relight brightens or darkens
_UNTOUCHED = 2e-5  # of code or log-ratio: below it a pixel is as it was
_HIGHLIGHT = (1.0, 2.0)  # light where hybrid begins to follow the ratio alone, and where it does
_CHANGED = 4 / 255  # of code: a change that takes the plate's detail away, where a share is asked


class Encoding(Protocol):
    """An invertible way from a file's own colour to model code; neither side is clipped.

    white: the light that is 1.0 of code.
    """

    @property
    def white(self) -> float: ...

    def encode(self, colour: Image) -> Image: ...
    def decode(self, display: Image) -> Image: ...


@dataclass(frozen=True, slots=True)
class Edit:
    """What the model saw and what it made of it, (h, w, 3) each, in model code at proxy size."""

    seen: Image
    made: Image


@dataclass(frozen=True, slots=True)
class Manner:
    """How the edit is brought back.

    detail: share of the plate's own fine detail that stays where something changed, None for as
    much as the edit's structure agrees with it; grain: level of the plate's grain in code.
    """

    returns: Return
    detail: float | None
    grain: float


def returned(colour: Image, encoding: Encoding, edit: Edit, manner: Manner) -> tuple[Image, Mask]:
    """Colour (H, W, 3) of the edited plate, and where (H, W) it is not the plate's own.

    colour: the plate's, in its own encoding, finite, not multiplied by alpha. Nothing is clipped.
    """
    plate = _Plate.of(colour, encoding, manner.grain)
    edit = _without_grain(edit, plate.size, manner.grain)
    match manner.returns:
        case Return.RESTYLE:
            change = _change(edit, plate.calm, manner.detail)
            touched = _touched(change)
            made = np.add(plate.calm, change, dtype=np.float32)
        case Return.RELIGHT:
            ratio = _ratio(edit, plate, manner.detail)
            touched, made = _touched(ratio), plate.times(ratio)
        case Return.HYBRID:
            made, touched = _hybrid(plate, edit, manner.detail)
    made += plate.grain
    result = np.where(touched[..., None], encoding.decode(made), colour)
    return np.asarray(result, np.float32), touched


@dataclass(frozen=True, slots=True)
class _Plate:
    """calm: the plate in model code without its grain; grain: the rest of it, (H, W, 3) each."""

    calm: Image
    grain: Image
    white: float

    @classmethod
    def of(cls, colour: Image, encoding: Encoding, grain: float) -> "_Plate":
        code = encoding.encode(colour)
        calm = without_grain(code, grain)
        return cls(calm, np.subtract(code, calm), encoding.white)

    @property
    def size(self) -> Size:
        return self.calm.shape[1], self.calm.shape[0]

    def times(self, ratio: Image) -> Image:
        """Code of the plate's light times exp(ratio)."""
        return encode_light(decode_light(self.calm, self.white) * np.exp(ratio), self.white)


def _without_grain(edit: Edit, size: Size, level: float) -> Edit:
    """The edit without what the proxy (h, w) of a plate of (W, H) still shows of its grain.

    Whatever the model made of the grain, the plate's own is kept.
    """
    height, width = edit.seen.shape[:2]
    left = level * min(1.0, float(np.sqrt(width * height / (size[0] * size[1]))))
    return Edit(without_grain(edit.seen, left), without_grain(edit.made, left))


def _change(edit: Edit, calm: Image, detail: float | None) -> Image:
    """The difference in code at full size (H, W, 3)."""
    change = edit.made - edit.seen
    size = (calm.shape[1], calm.shape[0])
    if detail is not None:
        fine = calm - resized(edit.seen, size, sharp=True)
        lost = _lost(change, detail, size) * fine
        return np.subtract(resized(change, size, sharp=True), lost, dtype=np.float32)
    fit = Fit.of(change, edit.seen, _NOISE)
    drawn = fit.spread(calm)
    drawn += resized(change - fit.on(edit.seen), size, sharp=True)
    return drawn


def _ratio(edit: Edit, plate: _Plate, detail: float | None) -> Image:
    """The logarithm of the ratio of light at full size (H, W, 3).

    Only as far as the plate's own contours and means explain it, so that noise in a highlight's
    code, where a step is an eighth of the light, is averaged away.
    """
    seen, made = _log_light(edit.seen, plate.white), _log_light(edit.made, plate.white)
    fit = Fit.of(np.clip(made - seen, -_RATIO, _RATIO), seen, _LOG_NOISE)
    guide = _log_light(plate.calm, plate.white)
    if detail is None:
        ratio = fit.spread(guide)
    else:
        fine = guide - resized(seen, plate.size, sharp=True)
        ratio = resized(fit.on(seen), plate.size)
        ratio -= _lost(edit.made - edit.seen, detail, plate.size) * fine
    return np.clip(ratio, -_RATIO, _RATIO, out=ratio)


def _hybrid(plate: _Plate, edit: Edit, detail: float | None) -> tuple[Image, Mask]:
    """Code: the ratio for what is smooth and for highlights, the model's own detail elsewhere."""
    ratio = _ratio(edit, plate, detail)
    relit = plate.times(ratio)
    small = (edit.seen.shape[1], edit.seen.shape[0])
    reached = edit.seen + resized(_where(ratio, relit - plate.calm), small)
    left = np.subtract(edit.made, reached, dtype=np.float32)
    rest = resized(left, plate.size, sharp=True)
    rest *= 1 - _highlight(decode_light(plate.calm, plate.white))
    touched = _touched(ratio) | _touched(rest)
    relit += rest
    return relit, touched


def _touched(change: Image) -> Mask:
    return np.abs(change).max(axis=-1) > _UNTOUCHED


def _where(ratio: Image, change: Image) -> Image:
    """The change where there is a ratio, else exactly nothing."""
    return np.asarray(np.where(_touched(ratio)[..., None], change, 0), np.float32)


def _log_light(code: Image, white: float) -> Image:
    light = np.maximum(decode_light(code, white), 0)
    return np.asarray(np.log(light + np.float32(_DARK)), np.float32)


def _lost(change: Image, detail: float, size: Size) -> Image:
    """Share (H, W, 1) of the plate's fine detail that goes: all but `detail`, where changed."""
    changed = np.clip(np.abs(change).max(axis=-1, keepdims=True) / _CHANGED, 0, 1)
    lost = resized(np.asarray(changed, np.float32), size).reshape(size[1], size[0], 1)
    return np.asarray(lost * (1 - detail), np.float32)


def _highlight(light: Image) -> Image:
    """1 in highlights, 0 below, smoothly between (H, W, 1)."""
    start, full = _HIGHLIGHT
    share = np.clip((light.max(axis=-1, keepdims=True) - start) / (full - start), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
