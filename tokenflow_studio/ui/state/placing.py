"""Placing the preview's keyframes by hand: the rules, on plain tuples."""

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange


def toggled(keyframes: tuple[int, ...], frame: int, frames: FrameRange) -> tuple[int, ...]:
    """With that keyframe, or without it if it was there. BadInput says why that cannot be."""
    if frame not in frames:
        raise BadInput("This frame lies outside in and out: a keyframe must lie within them.")
    if keyframes == (frame,):
        raise BadInput("This is the only keyframe: a preview needs one.")
    if frame in keyframes:
        return tuple(number for number in keyframes if number != frame)
    return tuple(sorted((*keyframes, frame)))


def moved(keyframes: tuple[int, ...], frame: int, to: int) -> tuple[int, ...]:
    """With a keyframe elsewhere; as before where another one lies already."""
    if frame not in keyframes or to in keyframes:
        return keyframes
    return tuple(sorted(to if number == frame else number for number in keyframes))


def within(keyframes: tuple[int, ...] | None, frames: FrameRange | None) -> tuple[int, ...] | None:
    """Those that lie in the range; None, for the regular ones, if none of them does."""
    if keyframes is None or frames is None:
        return keyframes
    return tuple(frame for frame in keyframes if frame in frames) or None
