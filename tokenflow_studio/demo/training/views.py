"""What the scorer sees of a picture: all of it, and in training closer looks too."""

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

IMAGE_SIZE = 128


def shrink(pictures: np.ndarray) -> np.ndarray:
    """Pictures (N, 256, 256, 3) to (N, 128, 128, 3) by 2x2 means."""
    n, height, width, _ = pictures.shape
    pooled = pictures.reshape(n, height // 2, 2, width // 2, 2, 3).mean((2, 4), dtype=np.float32)
    return (pooled + 0.5).astype(np.uint8)


def to_input(pictures: np.ndarray) -> Tensor:
    """Pictures (N, H, W, 3) uint8 as input (N, 3, H, W), -1 to 1."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def random_views(pictures: np.ndarray, rng: np.random.Generator, zoomed: float) -> Tensor:
    """Views (B, 3, 128, 128) of pictures (B, 256, 256, 3): mirrored, shifted, some blurred.

    zoomed: share of views from near by; they show material and shape before the model can find
    the object in the whole picture.
    """
    views = to_input(np.stack([_view(picture, rng, zoomed) for picture in pictures]))
    if rng.random() < 0.3:
        views = functional.avg_pool2d(functional.pad(views, (1, 1, 1, 1), mode="replicate"), 3, 1)
    return views


def _view(picture: np.ndarray, rng: np.random.Generator, zoomed: float) -> np.ndarray:
    room = rng.integers(26, 129) if rng.random() < zoomed else rng.integers(0, 26)
    # The mean of two draws prefers the middle, where the object is.
    y, x = rng.integers(0, room + 1, (2, 2)).mean(0).astype(int)
    side = picture.shape[0] - room
    view = picture[y : y + side, x : x + side]
    if rng.random() < 0.5:
        view = view[:, ::-1]
    shape = (IMAGE_SIZE, IMAGE_SIZE)
    return cv2.resize(np.ascontiguousarray(view), shape, interpolation=cv2.INTER_AREA)
