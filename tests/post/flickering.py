"""Clips with known truth and motion, and the kinds of flicker that are laid over them."""

import contextlib
import itertools
from dataclasses import dataclass
from fractions import Fraction

import av
import av.filter
import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.media.stills import to_bytes
from tokenflow_studio.post.measure import psnr, warp

Image = NDArray[np.float32]

SCENES = ("static", "pan", "fast", "occlusion", "cut")
KINDS = ("gain", "local", "noise")
_MOTION = {"static": (0.0, 0.0), "pan": (1.6, 0.4), "fast": (9.3, 2.7), "occlusion": (0.7, 0.2),
           "cut": (1.3, -0.3)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """truth: T frames (H, W, 3); flows (H, W, 2) and seen (H, W): T - 1, from t to t + 1."""

    truth: list[Image]
    flows: list[Image]
    seen: list[NDArray[np.bool_]]

    @property
    def source(self) -> list[Image]:
        """The same scene before an edit: other colours, another contrast."""
        mixed = [frame[..., [2, 0, 1]] for frame in self.truth]
        return [np.asarray(0.15 + 0.7 * np.sqrt(frame), np.float32) for frame in mixed]

    def energy(self, frames: list[Image]) -> float:
        """Mean squared change of (frames - truth) along the true motion."""
        errors = [frame - true for frame, true in zip(frames, self.truth, strict=True)]
        squares = []
        for (now, after), flow, seen in zip(
            itertools.pairwise(errors), self.flows, self.seen, strict=True
        ):
            warped, inside = warp(after, flow)
            squares.append(np.square(warped - now)[seen & inside].mean() if seen.any() else 0.0)
        return float(np.mean(squares))

    def removed(self, given: list[Image], result: list[Image]) -> float:
        """Share of the injected flicker energy that is gone."""
        return 1 - self.energy(result) / self.energy(given)

    def fidelity(self, frames: list[Image]) -> float:
        """PSNR of the clip to the truth, dB."""
        return psnr(np.stack(frames), np.stack(self.truth))


def scene(name: str, size: tuple[int, int] = (96, 128), count: int = 16) -> Scene:
    """One of SCENES; motions are those of 128 pixels, scaled to the width."""
    unit = size[1] / 128
    step = np.float32(_MOTION[name]) * unit
    disc_step = np.float32([-2.9, 0.8]) * unit
    truth, labels, moves = [], [], []
    for n in range(count):
        shot = int(name == "cut" and n >= count // 2)
        picture = _sampled(_texture(10 + shot, size), step * n, size)
        label = np.full(size, shot, np.int32)
        move = np.broadcast_to(-step, (*size, 2)).copy()
        if name == "occlusion":
            centre = np.float32([size[1] * 0.7, size[0] * 0.4]) + disc_step * n
            cover = _disc(centre, size[1] * 0.13, size)
            front = _sampled(_texture(20, size), -disc_step * n, size)
            picture = picture + (front - picture) * cover[..., None]
            label[cover > 0.5] = 2
            move[cover > 0.5] = disc_step
        truth.append(np.asarray(picture, np.float32))
        labels.append(label)
        moves.append(move)
    seen = [_same(labels[n], labels[n + 1], moves[n]) for n in range(count - 1)]
    return Scene(truth, moves[:-1], seen)


def flickering(truth: list[Image], kind: str, seed: int = 5) -> list[Image]:
    """The truth with one of KINDS: gain of 5 %, 4 % in blobs of an eighth, noise of 4/255."""
    draw = np.random.default_rng(seed)
    height, width = truth[0].shape[:2]
    result = []
    for frame in truth:
        if kind == "gain":
            flawed = frame * (1 + draw.uniform(-0.05, 0.05))
        elif kind == "local":
            blobs = draw.uniform(-0.04, 0.04, (max(2, round(8 * height / width)), 8))
            flawed = frame * (1 + cv2.resize(blobs, (width, height))[..., None])
        else:
            flawed = frame + draw.normal(0, 4 / 255, frame.shape)
        result.append(np.asarray(flawed, np.float32))
    return result


def filtered_by_ffmpeg(frames: list[Image]) -> list[Image]:
    """The frames through FFmpeg's `deflicker` filter as it comes, at the 8 bits that it takes."""
    height, width = frames[0].shape[:2]
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_buffer(width=width, height=height, format="yuv444p", time_base=Fraction(1, 24)),
        graph.add("deflicker"),
        graph.add("buffersink"),
    ).configure()
    result = []
    for number, frame in enumerate([*frames, None]):
        if frame is None:
            graph.push(None)
        else:
            picture = av.VideoFrame.from_ndarray(to_bytes(frame), format="rgb24")
            picture = picture.reformat(format="yuv444p")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            graph.push(picture)
        with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
            while True:
                bytes_out = graph.pull().reformat(format="rgb24").to_ndarray()
                result.append(np.asarray(bytes_out, np.float32) / np.float32(255))
    return result


def _texture(seed: int, size: tuple[int, int]) -> Image:
    """Twice the frame's size on every side, coarse to fine, with some hard edges."""
    draw = np.random.default_rng(seed)
    height, width = size[0] * 2, size[1] * 4
    total = np.zeros((height, width, 3), np.float32)
    for cell, strength in ((32, 0.5), (12, 0.35), (5, 0.2)):
        cells = (max(2, height * 128 // (size[1] * cell)), width * 128 // (size[1] * cell))
        grid = draw.random((*cells, 3)).astype(np.float32) - 0.5
        total += strength * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    stripes = draw.random((height // 16 + 1, width // 16 + 1, 1)).astype(np.float32) > 0.8
    blocks = cv2.resize(stripes[..., 0].astype(np.float32), (width, height))
    return np.clip(0.5 + total + 0.15 * (blocks[..., None] - 0.5), 0.08, 0.92)


def _sampled(texture: Image, offset: Image, size: tuple[int, int]) -> Image:
    x = np.arange(size[1], dtype=np.float32) + offset[0] + size[1] // 2
    y = np.arange(size[0], dtype=np.float32)[:, None] + offset[1] + size[0] // 4
    grid = np.broadcast_to(x, size).copy(), np.broadcast_to(y, size).copy()
    return np.clip(cv2.remap(texture, *grid, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT), 0, 1)


def _disc(centre: Image, radius: float, size: tuple[int, int]) -> Image:
    y, x = np.mgrid[: size[0], : size[1]]
    return np.clip(radius - np.hypot(x - centre[0], y - centre[1]) + 0.5, 0, 1)


def _same(now: NDArray[np.int32], after: NDArray[np.int32], move: Image) -> NDArray[np.bool_]:
    there, inside = warp(after.astype(np.float32), move)
    return inside & (np.abs(there - now) < 0.01)
