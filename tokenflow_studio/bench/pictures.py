"""Pictures to judge the variants by: frames one below the other, and slices over time."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.bench.footage import Footage, read_frames
from tokenflow_studio.bench.orders import PER_FRAME, TOKENFLOW
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.request import Blend, EditRequest
from tokenflow_studio.media.stills import png_bytes, to_bytes
from tokenflow_studio.post.measure import Image

_COLUMNS = 6
_BAND = 22  # pixels above a picture for its name
_GAP = 4
_SLICE_HEIGHT = 192  # pixels at least that the time axis gets
_BACKGROUND, _TEXT = 32, 200


def write_pictures(folder: Path, footage: Footage, takes: dict[str, Path]) -> None:
    """Write `sheets/<pair>.png` and `slices/<pair>.png`: source, per-frame PnP, TokenFlow.

    takes: the folders of the results by variant. The slice shows one picture row over time,
    downwards, as the paper's Fig. 3 does: steady things leave smooth traces. Pictures that are
    there stay; a variant whose frames were removed is left out.
    """
    targets = [folder / kind / f"{footage.folder.name}.png" for kind in ("sheets", "slices")]
    if all(target.exists() for target in targets):
        return
    shown = {"source": footage.frames()}
    for name in (PER_FRAME.name, _default_tokenflow()):
        frames = takes[name] / "frames"
        if frames.is_dir():
            shown[name] = read_frames(str(frames))
    strips = [_named(name, _strip(frames)) for name, frames in shown.items()]
    traces = [_named(name, _slice(frames, footage.row)) for name, frames in shown.items()]
    write_atomically(targets[0], png_bytes(np.concatenate(strips, 0)))
    write_atomically(targets[1], png_bytes(np.concatenate(traces, 1)))


def _default_tokenflow() -> str:
    blend: Blend = EditRequest(clip="-", prompt="-").blend
    return next(variant.name for variant in TOKENFLOW if variant.settings["blend"] is blend)


def _strip(frames: list[Image]) -> NDArray[np.uint8]:
    """Some of the frames (H, W, 3), spread over the clip, side by side."""
    places = np.linspace(0, len(frames) - 1, min(_COLUMNS, len(frames))).round().astype(int)
    return to_bytes(np.concatenate([frames[place] for place in places], 1))


def _slice(frames: list[Image], row: int) -> NDArray[np.uint8]:
    """(T * k, W, 3): one row of each frame, repeated so that it can be seen."""
    times = np.stack([frame[row] for frame in frames])
    return to_bytes(np.repeat(times, -(-_SLICE_HEIGHT // len(frames)), 0))


def _named(name: str, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with its name above and a gap at the right and below."""
    height, width = picture.shape[:2]
    framed = np.full((height + _BAND + _GAP, width + _GAP, 3), _BACKGROUND, np.uint8)
    framed[_BAND : _BAND + height, :width] = picture
    colour = (_TEXT, _TEXT, _TEXT)
    cv2.putText(framed, name, (4, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)
    return framed
