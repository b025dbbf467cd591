"""Footage with known motion: lossless frames, their true flow, and where a point stays in sight."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.bench.pairs import Pair
from tokenflow_studio.core.files import replacing, write_atomically
from tokenflow_studio.demo.scenes import motion, render_clip, render_frame
from tokenflow_studio.demo.scenes.scene import MIDDLE_FRAME
from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.stills import png_bytes
from tokenflow_studio.post.measure import Image

#: (width, height) of everything that is drawn here.
SIZE = (256, 256)
#: Frames between which a look has time to drift.
FAR = 4
_ABOUT = "scene.json"
_MOTION = "motion.npz"


@dataclass(frozen=True, slots=True)
class Footage:
    """A clip of T frames in `folder`, numbered from 0.

    flows (T-1, H, W, 2): motion in pixels from frame t to t+1; valid (T-1, H, W): False where the
    point is hidden in t+1 or outside it; far_flows, far_valid (T-FAR, ...): the same from t to
    t+FAR; row: the picture row in which the object is widest.
    """

    folder: Path
    name: str
    flows: NDArray[np.float32]
    valid: NDArray[np.bool_]
    far_flows: NDArray[np.float32]
    far_valid: NDArray[np.bool_]
    row: int

    @property
    def clip(self) -> str:
        """The frames as a pattern."""
        return clip_pattern(self.folder, self.name)

    def frames(self) -> list[Image]:
        """All frames (H, W, 3), 0 to 1."""
        return read_frames(self.clip)


def draw_footage(folder: Path, pair: Pair, frames: int) -> Footage:
    """The pair's clip around its middle; drawn where it does not lie in `folder` yet."""
    home = folder / f"{pair.name}-{frames}"
    about = {"scene": dataclasses.asdict(pair.scene), "frames": frames, "far": FAR}
    if not _is_drawn(home, about):
        start = max(0.0, MIDDLE_FRAME - frames // 2)
        clip = render_clip(pair.scene, frames, start=start)
        _write_frames(home, pair.name, clip.frames)
        far = [motion(pair.scene, start + t, start + t + FAR) for t in range(frames - FAR)]
        known = {
            "flows": clip.forward,
            "valid": clip.forward_valid,
            "far_flows": np.array([flow for flow, _ in far], np.float32),
            "far_valid": np.array([seen for _, seen in far], np.bool_),
            "row": int(clip.object_masks[frames // 2].sum(1).argmax()),
        }
        with replacing(home / _MOTION) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, **known)
        _finish(home, about)
    with np.load(home / _MOTION) as known:
        return Footage(home, pair.name, **{**known, "row": int(known["row"])})


def draw_stills(folder: Path, pair: Pair, count: int, stride: int) -> str:
    """`count` frames of the pair's scene, `stride` apart, as a pattern: for single-frame work."""
    home = folder / f"{pair.name}-stills-{count}"
    times = [stride * number for number in range(count)]
    about = {"scene": dataclasses.asdict(pair.scene), "times": times}
    if not _is_drawn(home, about):
        _write_frames(home, pair.name, [render_frame(pair.scene, float(t)) for t in times])
        _finish(home, about)
    return clip_pattern(home, pair.name)


def clip_pattern(folder: Path, name: str) -> str:
    """The frames of a clip in `folder`, for a request."""
    return str(folder.absolute() / f"{name}.####.png")


def read_frames(spec: str) -> list[Image]:
    """All frames (H, W, 3), 0 to 1, of a clip. Raises BadInput."""
    with open_clip(spec) as clip:
        return [clip.read(number) for number in clip.info.frames]


def _is_drawn(home: Path, about: dict[str, object]) -> bool:
    try:
        return json.loads((home / _ABOUT).read_bytes()) == about
    except (OSError, ValueError):
        return False


def _write_frames(home: Path, name: str, frames: Sequence[NDArray[np.uint8]] | np.ndarray) -> None:
    for number, frame in enumerate(frames):
        write_atomically(home / f"{name}.{number:04d}.png", png_bytes(np.asarray(frame)))


def _finish(home: Path, about: dict[str, object]) -> None:
    """Written last: footage without it is drawn again."""
    write_atomically(home / _ABOUT, json.dumps(about, indent=2).encode())
