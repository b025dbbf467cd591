"""Clips with known truth and motion, and the kinds of flicker that are laid over them."""

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.post.measure import (
    Flow,
    Image,
    Mask,
    flow_occlusion,
    optical_flow,
    psnr,
    warp,
    warp_error,
)

SCENES = ("static", "pan", "fast", "occlusion", "cut")
KINDS = ("gain", "local", "noise")
_MOTION = {"static": (0.0, 0.0), "pan": (1.6, 0.4), "fast": (9.3, 2.7), "occlusion": (0.7, 0.2),
           "cut": (1.3, -0.3)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """truth: T frames (H, W, 3); flows (H, W, 2) and seen (H, W): T - 1, from t to t + 1."""

    truth: list[Image]
    flows: list[Flow]
    seen: list[Mask]

    @property
    def source(self) -> list[Image]:
        """The same scene before an edit: other colours, another contrast."""
        mixed = [frame[..., [2, 0, 1]] for frame in self.truth]
        return [np.asarray(0.15 + 0.7 * np.sqrt(frame), np.float32) for frame in mixed]

    def energy(self, frames: list[Image]) -> float:
        """Mean squared change of (frames - truth) along the true motion."""
        errors = [frame - true for frame, true in zip(frames, self.truth, strict=True)]
        return warp_error(errors, self.flows, self.seen)

    def removed(self, given: list[Image], result: list[Image]) -> float:
        """Share of the injected flicker energy that is gone."""
        return 1 - self.energy(result) / self.energy(given)

    def fidelity(self, frames: list[Image]) -> float:
        """PSNR of the clip to the truth, dB."""
        return psnr(np.stack(frames), np.stack(self.truth))


def scene(name: str, size: tuple[int, int] = (96, 128), count: int = 16) -> Scene:
    """One of SCENES, size in rows and columns; motions are those of 128, scaled to the width."""
    unit = size[1] / 128
    step = np.asarray(_MOTION[name], np.float32) * np.float32(unit)
    disc_step = np.asarray([-2.9, 0.8], np.float32) * np.float32(unit)
    truth, labels, moves = [], [], []
    for n in range(count):
        shot = int(name == "cut" and n >= count // 2)
        picture = _sampled(_texture(10 + shot, size), step * n, size)
        label = np.full(size, shot, np.int32)
        move = np.broadcast_to(-step, (*size, 2)).copy()
        if name == "occlusion":
            centre = np.asarray([size[1] * 0.7, size[0] * 0.4], np.float32) + disc_step * n
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


def footage_scene(truth: list[Image]) -> Scene:
    """Real frames as the truth; their motion is estimated."""
    pairs = list(itertools.pairwise(truth))
    flows = [optical_flow(now, after) for now, after in pairs]
    back = [optical_flow(after, now) for now, after in pairs]
    seen = [~flow_occlusion(f, b) for f, b in zip(flows, back, strict=True)]
    return Scene(truth, flows, seen)


def with_highlight(made: Scene, step: tuple[float, float], light: tuple[float, ...]) -> Scene:
    """The scene under a disc of `light` (RGB, above 1) that moves by `step` pixels a frame."""
    height, width = made.truth[0].shape[:2]
    middle = np.asarray([width * 0.6, height * 0.5], np.float32)
    away, colour = np.asarray(step, np.float32), np.asarray(light, np.float32)
    discs = [_disc(middle + away * n, width / 20, (height, width)) for n in range(len(made.truth))]
    lit = [
        np.asarray(frame + (colour - frame) * disc[..., None], np.float32)
        for frame, disc in zip(made.truth, discs, strict=True)
    ]
    return Scene(lit, made.flows, made.seen)


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
    mixed = np.clip(0.5 + total + 0.15 * (blocks[..., None] - 0.5), 0.08, 0.92)
    return np.asarray(mixed, np.float32)


def _sampled(texture: Image, offset: Image, size: tuple[int, int]) -> Image:
    x = np.arange(size[1], dtype=np.float32) + offset[0] + size[1] // 2
    y = np.arange(size[0], dtype=np.float32)[:, None] + offset[1] + size[0] // 4
    grid = np.broadcast_to(x, size).copy(), np.broadcast_to(y, size).copy()
    picture = cv2.remap(texture, *grid, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(np.clip(picture, 0, 1), np.float32)


def _disc(centre: NDArray[np.floating], radius: float, size: tuple[int, int]) -> Image:
    y, x = np.mgrid[: size[0], : size[1]]
    cover = np.clip(radius - np.hypot(x - centre[0], y - centre[1]) + 0.5, 0, 1)
    return np.asarray(cover, np.float32)


def _same(now: NDArray[np.int32], after: NDArray[np.int32], move: Image) -> Mask:
    there, inside = warp(after.astype(np.float32), move)
    return inside & (np.abs(there - now) < 0.01)
