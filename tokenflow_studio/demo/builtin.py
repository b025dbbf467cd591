"""The built-in clip: its scene, its file and the prompts suggested for it."""

import json
import math
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from .scenes import CameraPath, Scene, plain_caption, render_clip

FRAMES = 24
RATE = 12
#: Beyond every seed that was trained on.
_SEED = 1_000_007

PROMPTS: tuple[tuple[str, str], ...] = (
    ("Gold", "a golden ball on grass"),
    ("Blue on snow", "a blue rubber ball on snow"),
    ("Lava on the sea", "a lava ball on the sea at sunset"),
    ("Marble on sand", "a marble ball on sand"),
    ("Wood at night", "a wooden ball on a road at night"),
    ("Watercolor", "a watercolor of a red ball on grass"),
    ("Comic", "a comic of a yellow ball on grass"),
    ("Mosaic", "a mosaic of a red ball on grass"),
)


def demo_scene() -> Scene:
    """A red rubber ball rolls over grass while the camera moves along."""
    return Scene(
        seed=_SEED,
        shape="ball",
        material="rubber",
        ground="grass",
        time="day",
        style="photo",
        colour="red",
        size=1.05,
        heading=0.15,
        speed=0.06,
        yaw=0.4,
        tilt=0.3,
        roll=True,
        camera=CameraPath(
            azimuth=-0.1,
            elevation=math.radians(17),
            distance=4.5,
            focal=1.15,
            azimuth_rate=-0.006,
            distance_rate=-0.008,
            follow=0.3,
            shift_y=0.15,
        ),
    )


def write_demo_clip(folder: Path) -> None:
    """Write ``clip.mp4``, ``clip.json`` and ``prompts.json`` into ``folder``."""
    scene = demo_scene()
    clip = render_clip(scene, FRAMES)
    folder.mkdir(parents=True, exist_ok=True)
    _write_movie(folder / "clip.mp4", clip.frames)
    about = {"caption": plain_caption(scene), "rate": RATE, "frames": FRAMES, "size": [256, 256]}
    (folder / "clip.json").write_text(json.dumps(about, indent=2) + "\n")
    prompts = [{"title": title, "prompt": prompt} for title, prompt in PROMPTS]
    (folder / "prompts.json").write_text(json.dumps(prompts, indent=2) + "\n")


def _write_movie(path: Path, frames: np.ndarray) -> None:
    """H.264 of frames (T, H, W, 3) uint8, nearly without loss, tagged as Rec. 709."""
    with av.open(path, "w") as movie:
        stream = movie.add_stream("libx264", rate=Fraction(RATE), options={"crf": "12"})
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.color_range = 1
        stream.codec_context.colorspace = 1
        stream.codec_context.color_primaries = 1
        stream.codec_context.color_trc = 1
        for picture in frames:
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(
                format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
            )
            movie.mux(stream.encode(frame))
        movie.mux(stream.encode())
