"""What the scorer sees of a picture: all of it, and in training closer looks too."""

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

IMAGE_SIZE = 128
#: Pixels of the side of what one token of the image tower stands for.
PATCH = 16
_GRID = IMAGE_SIZE // PATCH


def shrink(pictures: np.ndarray) -> np.ndarray:
    """Pictures (N, H, W, 3) uint8 to (N, 128, 128, 3) by means over areas."""
    return np.stack([_resized(picture, IMAGE_SIZE) for picture in pictures])


def to_input(pictures: np.ndarray) -> Tensor:
    """Pictures (N, H, W, 3) uint8 as input (N, 3, H, W), -1 to 1."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def random_views(
    pictures: np.ndarray, masks: np.ndarray, rng: np.random.Generator, zoomed: float
) -> tuple[Tensor, Tensor]:
    """Views (B, 3, 128, 128) of pictures (B, 256, 256, 3): mirrored, shifted, some blurred.

    masks (B, h, w): True on the object, at any size; their share of each patch of a view comes
    back as (B, 64). zoomed: share of views from near by; they show material and shape before the
    model can find the object in the whole picture.
    """
    seen = [_view(*both, rng, zoomed) for both in zip(pictures, masks, strict=True)]
    views = to_input(np.stack([view for view, _ in seen]))
    if rng.random() < 0.3:
        views = functional.avg_pool2d(functional.pad(views, (1, 1, 1, 1), mode="replicate"), 3, 1)
    return views, torch.from_numpy(np.stack([share.reshape(-1) for _, share in seen]))


def _view(
    picture: np.ndarray, mask: np.ndarray, rng: np.random.Generator, zoomed: float
) -> tuple[np.ndarray, np.ndarray]:
    whole = picture.shape[0]
    room = rng.integers(26, 129) if rng.random() < zoomed else rng.integers(0, 26)
    # The mean of two draws prefers the middle, where the object is.
    y, x = rng.integers(0, room + 1, (2, 2)).mean(0).astype(int)
    step = 1 if rng.random() < 0.5 else -1
    looks = []
    for field, size in ((picture, IMAGE_SIZE), (mask.astype(np.float32), _GRID)):
        top, left, side = (round(n * field.shape[0] / whole) for n in (y, x, whole - room))
        looks.append(_resized(field[top : top + side, left : left + side][:, ::step], size))
    return looks[0], looks[1]


def _resized(field: np.ndarray, size: int) -> np.ndarray:
    return cv2.resize(np.ascontiguousarray(field), (size, size), interpolation=cv2.INTER_AREA)
