"""Pictures to judge the variants by: frames one below the other, and slices over time."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.bench.footage import SIZE, Footage
from tokenflow_studio.bench.orders import PER_FRAME, TOKENFLOW
from tokenflow_studio.bench.pairs import Pair
from tokenflow_studio.bench.runner import made_folder, made_frames
from tokenflow_studio.core.errors import JobFailed
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.request import Blend, EditRequest
from tokenflow_studio.media.stills import png_bytes, to_bytes
from tokenflow_studio.post.measure import Image

SOURCE = "source"
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
    shown = {SOURCE: footage.frames()}
    for name in (PER_FRAME.name, _default_tokenflow()):
        if made_folder(takes[name]).is_dir():
            shown[name] = made_frames(takes[name], SIZE)
    strips = [
        named(name, to_bytes(np.concatenate(evenly(frames), 1))) for name, frames in shown.items()
    ]
    traces = [named(name, _slice(frames, footage.row)) for name, frames in shown.items()]
    write_atomically(targets[0], png_bytes(np.concatenate(strips, 0)))
    write_atomically(targets[1], png_bytes(np.concatenate(traces, 1)))


@dataclass(frozen=True, slots=True)
class FeatureClip:
    """One row of a picture of features. frames: of a clip, as a pattern or a folder; prompt: what
    they show."""

    name: str
    frames: str
    prompt: str


def feature_clips(pair: Pair, clip: str, takes: dict[str, Path]) -> list[FeatureClip]:
    """Source, per-frame PnP and TokenFlow, as far as their frames are there."""
    edits = [
        FeatureClip(name, str(made_folder(takes[name])), pair.prompt)
        for name in (PER_FRAME.name, _default_tokenflow())
        if made_folder(takes[name]).is_dir()
    ]
    return [FeatureClip(SOURCE, clip, pair.source_prompt), *edits]


def write_feature_pictures(
    folder: Path, template: EditRequest, pictures: dict[str, list[FeatureClip]]
) -> None:
    """Write `features/<name>.png` of each; those that are there stay.

    The model is loaded by a process of its own (`bench.features`), once for all. Raises JobFailed.
    """
    tasks = [
        {"target": str(target), "clips": [asdict(clip) for clip in clips]}
        for name, clips in pictures.items()
        if not (target := folder / "features" / f"{name}.png").exists()
    ]
    if not tasks:
        return
    task = {"model": template.model, "base": template.base, "device": template.device,
            "pictures": tasks}  # fmt: skip
    command = [sys.executable, "-m", "tokenflow_studio.bench.features"]
    ended = subprocess.run(
        command, input=json.dumps(task), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        lines = ended.stderr.strip().splitlines() or [f"it ended with {ended.returncode}"]
        raise JobFailed(f"The pictures of features cannot be drawn ({lines[-1]}): start again.")


def _default_tokenflow() -> str:
    blend: Blend = EditRequest(clip="-", prompt="-").blend
    return next(variant.name for variant in TOKENFLOW if variant.settings["blend"] is blend)


def evenly(frames: list[Image]) -> list[Image]:
    """Some of the frames, spread over the clip."""
    places = np.linspace(0, len(frames) - 1, min(_COLUMNS, len(frames))).round().astype(int)
    return [frames[place] for place in places]


def _slice(frames: list[Image], row: int) -> NDArray[np.uint8]:
    """(T * k, W, 3): one row of each frame, repeated so that it can be seen."""
    times = np.stack([frame[row] for frame in frames])
    return to_bytes(np.repeat(times, -(-_SLICE_HEIGHT // len(frames)), 0))


def named(name: str, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with its name above and a gap at the right and below."""
    height, width = picture.shape[:2]
    framed = np.full((height + _BAND + _GAP, width + _GAP, 3), _BACKGROUND, np.uint8)
    framed[_BAND : _BAND + height, :width] = picture
    colour = (_TEXT, _TEXT, _TEXT)
    cv2.putText(framed, name, (4, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)
    return framed
