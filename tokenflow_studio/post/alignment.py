"""Frames of one shot brought into line along their motion, while a clip streams past.

A frame is analysed in small (`SIDE` pixels along its longer side): flow, visibility and agreement
are found there, whatever the size of the clip.
"""

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.post.cuts import find_cuts
from tokenflow_studio.post.measure import Flow, Image, Mask, flow_occlusion, warp

FlowFinder = Callable[[Image, Image], Flow]
Weight = NDArray[np.float32]

SIDE = 640  # pixels; 1080p at a third: flow errors stay below half a pixel of the plate
_CUT_SIDE = 48  # pixels: all that find_cuts looks at
_CUT_REACH = 4  # frames on either side that decide whether one begins a shot
_PATCH = 5  # pixels: agreement is that of a patch, not of a single noisy pixel
_NEIGHBOURHOOD = 31  # pixels that share one noise level
_THIRDS = np.full((1, 3), 1 / 3, np.float32)  # the mean of a pixel's channels


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """The way to an adjacent frame: flow (h, w, 2), and the pixels (h, w) that it still shows."""

    flow: Flow
    seen: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame on its way: image (H, W, 3) as it is now, given (H, W, 3) as it came.

    edit, guide: the image and the source of its motion in small, (h, w, 3); without a source the
    guide is the edit. back, ahead: steps to the frames beside it, None at the ends of a shot.
    """

    given: Image
    image: Image
    edit: Image
    guide: Image
    guided: bool
    begins: bool = False
    back: Step | None = None
    ahead: Step | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """Another frame of the shot, with the flow (h, w, 2) to it and where it shows the same."""

    frame: Frame
    flow: Flow
    seen: Mask


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Which differences between aligned frames pass for noise.

    quietest, loudest: between these lies what may be noise (root mean square). Up to `free` times
    the noise's energy a difference costs nothing; each `slope` more divides the weight by e.
    """

    loudest: float
    quietest: float = 1.5 / 255
    free: float = 2.0
    slope: float = 1.0


def compressed(image: Image) -> Image:
    """Values as they are up to 1, above 1 + ln(x): one highlight must not outweigh a picture."""
    if float(image.max(initial=0.0)) <= 1.0:
        return image
    return np.where(image > 1, 1 + np.log(np.maximum(image, 1)), image)


def expanded(image: Image) -> Image:
    """The inverse of `compressed`."""
    if float(image.max(initial=0.0)) <= 1.0:
        return image
    return np.where(image > 1, np.exp(np.maximum(image, 1) - 1), image)


def resized(image: Image, size: tuple[int, int]) -> Image:
    """(H, W) or (H, W, C) at (width, height), by areas when smaller, bilinearly when larger."""
    if (image.shape[1], image.shape[0]) == size:
        return image
    how = cv2.INTER_AREA if size[0] < image.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=how), np.float32)


def prepared(
    frames: Iterable[Image], source: Iterable[Image] | None, side: int = SIDE
) -> Iterator[Frame]:
    """Each frame of the edit with its source, both also in small: `side` pixels at the longer one.

    Raises BadInput for edited frames of several sizes and for a source of another length.
    """
    shape: tuple[int, ...] = ()
    guides = None if source is None else iter(source)
    number = 0
    for image in frames:
        shape = shape or image.shape
        if image.shape != shape:
            raise BadInput(
                f"Frame {number} of the edit is {image.shape[1]}x{image.shape[0]} pixels large, "
                f"the first {shape[1]}x{shape[0]}: give frames of one size."
            )
        edit = _small(image, side)
        guide = edit if guides is None else _guide(next(guides, None), edit, number)
        yield Frame(image, image, edit, guide, guided=guides is not None)
        number += 1
    if guides is not None and next(guides, None) is not None:
        raise BadInput(f"The source is longer than the edit, which has {number} frames: trim it.")


def _guide(source: Image | None, edit: Image, number: int) -> Image:
    if source is None:
        raise BadInput(f"The source ends after {number} frames, the edit goes on: trim the edit.")
    return resized(source, (edit.shape[1], edit.shape[0]))


def _small(image: Image, side: int) -> Image:
    height, width = image.shape[:2]
    scale = min(1.0, side / max(height, width))
    return resized(image, (max(1, round(width * scale)), max(1, round(height * scale))))


def with_cuts(frames: Iterable[Frame]) -> Iterator[Frame]:
    """The frames, each told whether it begins a shot (`post.cuts`), a few frames later."""
    waiting: deque[Frame] = deque()
    looks: deque[Image] = deque()  # from _CUT_REACH before the first that waits
    for frame in frames:
        waiting.append(frame)
        looks.append(resized(frame.guide, (_CUT_SIDE, _CUT_SIDE)))
        if len(waiting) == _CUT_REACH:
            yield _judged(waiting, looks)
    while waiting:
        yield _judged(waiting, looks)


def _judged(waiting: deque[Frame], looks: deque[Image]) -> Frame:
    place = len(looks) - len(waiting)
    begins = place in find_cuts(looks)
    if place == _CUT_REACH:
        looks.popleft()
    return dataclasses.replace(waiting.popleft(), begins=begins)


def with_motion(frames: Iterable[Frame], flow: FlowFinder) -> Iterator[Frame]:
    """The frames with the steps to those beside them in the same shot."""
    before: Frame | None = None
    for frame in frames:
        now = frame
        if before is not None:
            if not now.begins:
                forward, backward = flow(before.guide, now.guide), flow(now.guide, before.guide)
                ahead = Step(forward, ~flow_occlusion(forward, backward))
                back = Step(backward, ~flow_occlusion(backward, forward))
                before = dataclasses.replace(before, ahead=ahead)
                now = dataclasses.replace(now, back=back)
            yield before
        before = now
    if before is not None:
        yield before


def windows(
    frames: Iterable[Frame], reach: int
) -> Iterator[tuple[Frame, list[Frame], list[Frame]]]:
    """Each frame with up to `reach` frames before and after it, nearest first, of its own shot."""
    held: deque[Frame] = deque()
    place = 0
    for frame in frames:
        held.append(frame)
        if len(held) - place > reach:
            yield _window(held, place, reach)
            place += 1
            if place > reach:
                held.popleft()
                place -= 1
    while place < len(held):
        yield _window(held, place, reach)
        place += 1


def _window(held: deque[Frame], place: int, reach: int) -> tuple[Frame, list[Frame], list[Frame]]:
    now = held[place]
    earlier, later = [], []
    for n in range(place - 1, max(place - reach, 0) - 1, -1):
        if held[n].ahead is None:
            break
        earlier.append(held[n])
    for n in range(place + 1, min(place + reach, len(held) - 1) + 1):
        if held[n].back is None:
            break
        later.append(held[n])
    return now, earlier, later


def neighbours(now: Frame, earlier: Sequence[Frame], later: Sequence[Frame]) -> list[Neighbour]:
    """The frames around `now` with the way to each: the adjacent steps, one after the other."""
    found = []
    for others, onward in ((earlier, False), (later, True)):
        at, way = now, None
        for other in others:
            step = at.ahead if onward else at.back
            if step is None:
                break
            way = step if way is None else _joined(way, step)
            found.append(Neighbour(other, way.flow, way.seen))
            at = other
    return found


def _joined(way: Step, step: Step) -> Step:
    onward, inside = warp(step.flow, way.flow)
    shown, _ = warp(step.seen.astype(np.float32), way.flow)
    return Step(way.flow + onward, way.seen & inside & (shown > 0.5))


def agreements(
    now: Image, others: Sequence[Image], seen: Sequence[Mask], tolerance: Tolerance
) -> list[Weight]:
    """How far each aligned frame shows the same as `now`, 0 to 1, (h, w) each; all are (h, w, 3).

    A weight falls where the difference of a patch stands above the noise around it, which is the
    least that any of the others shows there.
    """
    differences = [_difference(now, other) for other in others]
    noise = np.minimum.reduce([_noise(d, s) for d, s in zip(differences, seen, strict=True)])
    noise = np.clip(noise, tolerance.quietest**2, tolerance.loudest**2)
    return [
        np.asarray(np.exp(-np.maximum(d / noise - tolerance.free, 0) / tolerance.slope) * s)
        for d, s in zip(differences, seen, strict=True)
    ]


def _difference(now: Image, other: Image) -> Weight:
    squares = np.asarray(cv2.transform(np.square(now - other), _THIRDS), np.float32)
    return np.asarray(cv2.boxFilter(squares, -1, (_PATCH, _PATCH)), np.float32)


def _noise(difference: Weight, seen: Mask) -> Weight:
    """The mean squared difference around each pixel, outliers held down to four medians."""
    counted = difference[seen]
    middle = float(np.median(counted[::4])) if counted.size else 0.0
    limited = np.minimum(difference, np.float32(4 * middle))
    around = cv2.boxFilter(limited, -1, (_NEIGHBOURHOOD, _NEIGHBOURHOOD))
    return np.asarray(around, np.float32)
