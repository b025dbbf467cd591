"""What the gallery shows: a ball over hills, and "edits" that colour it anew."""

from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

from tokenflow_studio.ui.threads.cache import frame_file

FRAMES = 48
_SIZE = (768, 432)


def draw_frame(number: int, style: int = 0) -> QImage:
    """One frame of the gallery's clip; style 0 is the source, others are edits."""
    width, height = _SIZE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width, y / height
    rng = np.random.default_rng(7)
    pixels = np.stack([0.42 + 0.25 * y, 0.58 + 0.2 * y, 0.78 + 0.05 * y], axis=-1)
    for layer in range(4):
        base = 0.45 + 0.13 * layer
        shift = number * 0.002 * (layer + 1)
        ridge = base + sum(
            rng.uniform(0.01, 0.05) * np.sin((x + shift) * rng.uniform(4, 22) + rng.uniform(0, 6))
            for _ in range(4)
        )
        shade = 0.55 - 0.11 * layer
        colour = np.array([shade * 0.72, shade, shade * 0.62], np.float32)
        pixels = np.where((y > ridge)[..., None], colour + 0.08 * (1 - y[..., None]), pixels)
    turn = number / FRAMES
    cx, cy = 0.2 + 0.6 * turn, 0.58 - 0.22 * abs(np.sin(turn * 9))
    away = np.hypot((x - cx) * width / height, y - cy) / 0.13
    light = np.clip(1.1 - np.hypot((x - cx + 0.03) * width / height, y - cy + 0.05) / 0.2, 0.1, 1)
    ball = np.stack([0.85 * light + 0.08, 0.3 * light + 0.05, 0.2 * light + 0.04], axis=-1)
    pixels = np.where((away < 1)[..., None], ball, pixels)
    return _to_image(_styled(pixels, style))


def _styled(pixels: np.ndarray, style: int) -> np.ndarray:
    if style == 0:
        return pixels
    grey = pixels.mean(axis=-1)
    if style == 1:
        edges = np.abs(np.gradient(grey, axis=0)) + np.abs(np.gradient(grey, axis=1))
        hatch = 0.06 * np.sin(np.add(*np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]) * 0.9)
        ink = np.clip(0.96 - 5 * edges - 0.45 * (1 - grey) + hatch * (grey < 0.45), 0, 1)
        return ink[..., None] * np.array([1.0, 0.96, 0.87])
    steps = np.round(pixels * 5) / 5
    return np.stack([steps[..., 2], steps[..., 0] * 0.9, steps[..., 1]], axis=-1)


def _to_image(pixels: np.ndarray) -> QImage:
    data = np.ascontiguousarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))
    height, width, _ = data.shape
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def draw_folder(folder: Path, frames: tuple[int, ...], style: int) -> str:
    """Write those frames as the worker would; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in frames:
        draw_frame(number, style).save(str(frame_file(str(folder), number)))
    return str(folder)
