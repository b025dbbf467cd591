"""Hard cuts in a clip, found while it streams past.

PySceneDetect would be the library for this, but its package requires opencv-python, which collides
with the headless OpenCV that the studio runs on; the one detector needed here is its idea in short:
a frame difference that stands far above those around it (its AdaptiveDetector).
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]

_SIDE = 48  # pixels; small, so that grain and detail do not count
_BINS = 8  # per Lab channel
_REACH = 3  # differences before and after that a cut is compared with
_LEAST = 0.13  # on real footage at normal speed differences stay below 0.06, cuts lie above 0.4
_RATIO = 3.0  # how far a cut stands above the median difference around it; fast motion: 2
_RETURN = 0.5  # after a flash the picture is back: it differs by less than this share


def find_cuts(frames: Iterable[Image]) -> tuple[int, ...]:
    """Indices of the first frames after a hard cut; frames are (H, W, 3) sRGB 0..1.

    Fast motion, pans and single flashed frames are no cuts; fades and dissolves are not looked
    for. Of each frame two numbers are kept, so a clip may be of any length.
    """
    steps: list[float] = []  # steps[i]: difference between frames i and i + 1
    leaps: list[float] = []  # leaps[i]: difference between frames i and i + 2
    recent: deque[_Look] = deque(maxlen=2)
    for frame in frames:
        look = _Look.of(frame)
        if recent:
            steps.append(recent[-1].difference(look))
        if len(recent) == 2:
            leaps.append(recent[0].difference(look))
        recent.append(look)
    return tuple(n + 1 for n in range(len(steps)) if _is_cut(n, steps, leaps))


def _is_cut(n: int, steps: list[float], leaps: list[float]) -> bool:
    """Whether a new shot begins between frames n and n + 1."""
    step = steps[n]
    around = steps[max(0, n - _REACH) : n] + steps[n + 1 : n + 1 + _REACH]
    if step < _LEAST or (around and step < _RATIO * float(np.median(around))):
        return False
    flash = leaps[max(0, n - 1) : n + 1]  # from n - 1 over n, and from n over n + 1
    return all(leap >= _RETURN * step for leap in flash)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a frame looks like: a tiny Lab picture (S, S, 3) and the root of its histogram."""

    picture: NDArray[np.float32]
    histogram: NDArray[np.float32]

    @classmethod
    def of(cls, frame: Image) -> "_Look":
        small = cv2.resize(frame, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        lab = cv2.cvtColor(np.clip(small, 0, 1), cv2.COLOR_RGB2Lab)
        spans = [0.0, 100.001, -80.0, 80.0, -80.0, 80.0]
        counts = cv2.calcHist([lab], [0, 1, 2], None, [_BINS] * 3, spans)
        return cls(np.asarray(lab / 100, np.float32), np.sqrt(counts / _SIDE**2))

    def difference(self, other: "_Look") -> float:
        """0 for equal frames, around 0.5 across a cut: half by place, half by colours alone."""
        places = float(np.abs(self.picture - other.picture).sum(-1).mean())
        colours = 1.0 - float((self.histogram * other.histogram).sum())  # Hellinger, squared
        return (places + colours) / 2
