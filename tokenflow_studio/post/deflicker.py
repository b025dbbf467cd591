"""Takes flicker out of an edited clip, guided by the motion and the light of its source.

Two stages, each over a few frames before and after: first the brightness, as local gains against
the source's own (`post.photometric`), then a mean along the motion that counts what agrees
(`post.temporal`). Neither looks across a cut. The motion is the source's, because an edit's
flicker misleads any estimate; after Bonneel et al., "Blind video temporal consistency" (2015).
"""

from collections.abc import Iterable, Iterator

import numpy as np

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.post.alignment import FlowFinder, prepared, with_cuts, with_motion
from tokenflow_studio.post.measure import Image, optical_flow
from tokenflow_studio.post.photometric import steadied
from tokenflow_studio.post.temporal import filtered

_REACH = 3  # frames on either side

SETTLING = 12
"""Frames after the first from which on it does not matter where the filter began: two stages of
three frames, a cut that is judged by the four before it, and some to spare."""


def deflicker(
    frames: Iterable[Image],
    *,
    amount: float = 1.0,
    source: Iterable[Image] | None = None,
    flow: FlowFinder = optical_flow,
) -> Iterator[Image]:
    """The frames (H, W, 3) float32 without their flicker, one for one, a dozen frames later.

    Values may lie above 1 and are not clipped. amount: share of the correction, 0 to 1. source:
    the unedited frames, as many, of any one size; without them motion and light are the edit's own.
    flow: dense flow (h, w, 2) from one (h, w, 3) picture to another, in pixels. Raises BadInput
    for an amount outside 0..1, frames of several sizes, and a source of another length.
    """
    if not 0.0 <= amount <= 1.0:
        raise BadInput(f"The amount {amount:g} is no share: give a number from 0 to 1.")
    moving = with_motion(with_cuts(prepared(frames, source)), flow)
    for frame in filtered(steadied(moving, _REACH), _REACH):
        if amount == 1.0:
            yield frame.image
        else:
            mixed = frame.given + (frame.image - frame.given) * amount
            yield np.asarray(mixed, np.float32)
