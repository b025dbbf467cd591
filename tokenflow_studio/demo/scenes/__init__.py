"""A procedural renderer of short clips: captions, pictures, exact motion and masks."""

from .captions import caption, plain_caption
from .clip import RenderedClip, motion, render_clip
from .render import render_frame
from .scene import CameraPath, Scene, sample_scene

__all__ = [
    "CameraPath",
    "RenderedClip",
    "Scene",
    "caption",
    "motion",
    "plain_caption",
    "render_clip",
    "render_frame",
    "sample_scene",
]
