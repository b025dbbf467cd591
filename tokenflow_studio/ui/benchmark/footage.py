"""Long 1080p sequences that cost little disk: a few drawn pictures under many names."""

import os
from pathlib import Path

import numpy as np
from PySide6.QtGui import QImage

_WIDTH, _HEIGHT = 1920, 1080
_PICTURES = 8


def draw_sequence(folder: Path, count: int) -> str:
    """Write `count` numbered PNG frames, each a hard link to one of eight; returns the folder."""
    folder.mkdir(parents=True)
    for number in range(count):
        path = folder / f"{number:05d}.png"
        if number < _PICTURES:
            _draw(number).save(str(path))
        else:
            os.link(folder / f"{number % _PICTURES:05d}.png", path)
    return str(folder)


def _draw(number: int) -> QImage:
    """Smooth shades, edges and a little grain, so that a file is as large as footage makes it."""
    y, x = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(np.float32)
    phase = number / _PICTURES * 2 * np.pi
    pixels = np.stack(
        [
            110 + 60 * np.sin(x / 170 + phase) + 30 * (y > 540 + 200 * np.sin(x / 300 + phase)),
            100 + 70 * np.cos(y / 130 - phase),
            120 + 50 * np.sin((x + y) / 210 + phase),
        ],
        axis=-1,
    )
    grain = np.random.default_rng(number).normal(0, 1.5, (_HEIGHT, _WIDTH, 1))
    data = np.ascontiguousarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))
    image = QImage(data.data, _WIDTH, _HEIGHT, 3 * _WIDTH, QImage.Format.Format_RGB888)
    return image.copy()
