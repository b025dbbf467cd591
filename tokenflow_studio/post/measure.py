"""Measures of an edit: how steady it is along the source's motion, how near it is to a picture.

Images are (H, W, 3) float32 sRGB 0..1. A flow (H, W, 2) holds, for each pixel (x, y) of frame t,
the way in pixels (dx, dy) to the same scene point in frame t+1.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

Image = NDArray[np.float32]
Flow = NDArray[np.float32]
Mask = NDArray[np.bool_]


def warp_error(
    frames: Iterable[Image], flows: Iterable[Flow], valid: Iterable[Mask], apart: int = 1
) -> float:
    """E_warp = mean over t and p in V_t of |I_t(p) - I_{t+1}(p + F_t(p))|² / 3.

    F_t is the flow of the *source* from frame t to t+1 (one fewer than frames), V_t its pixels
    (H, W) that are still seen in t+1; those that leave the frame are left out too. With `apart`
    frames t and t+apart are compared, which flows and V_t join, and there are as many fewer of
    them. The mean is over all counted pixels of the clip and their three channels. Frames are
    edited ones, taken one pair at a time. The paper's tables show it times 1000 (TokenFlow,
    section 5.1). 0.0 when nothing counts. Raises ValueError when there is not one flow and one
    mask for each pair.
    """
    total, count = 0.0, 0
    first, later = itertools.tee(frames)
    pairs = zip(first, itertools.islice(later, apart, None), strict=False)
    for (now, following), flow, seen in zip(pairs, flows, valid, strict=True):
        warped, inside = warp(following, flow)
        counted = seen & inside
        squares = np.square(now[counted].astype(np.float64) - warped[counted])
        total += float(squares.sum())
        count += squares.size
    return total / count if count else 0.0


def interpolation_error(
    now: Image, beside: Sequence[Image], flows: Sequence[Flow], valid: Sequence[Mask]
) -> float:
    """E_interp = mean over p of |I_t(p) - (I_{t-1}(p + B_t(p)) + I_{t+1}(p + F_t(p))) / 2|² / 3.

    How far a frame is from the middle of the frames `beside` it, brought onto it along the source's
    flows from t. Only pixels (H, W) count that both show; 0.0 when none does. It sees jitter that
    comes and goes between frames, which a steady drift is not.
    """
    counted = np.logical_and.reduce(list(valid))
    middle = np.zeros_like(now)
    for image, flow in zip(beside, flows, strict=True):
        warped, inside = warp(image, flow)
        middle += warped / len(beside)
        counted &= inside
    squares = np.square(now[counted].astype(np.float64) - middle[counted])
    return float(squares.mean()) if squares.size else 0.0


def warp(image: Image, flow: Flow) -> tuple[Image, Mask]:
    """`image` sampled at p + F(p), bilinearly: (H, W, C), and where that lies inside it (H, W)."""
    height, width = flow.shape[:2]
    x = flow[..., 0] + np.arange(width, dtype=np.float32)
    y = flow[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    inside = (x >= 0) & (x <= image.shape[1] - 1) & (y >= 0) & (y <= image.shape[0] - 1)
    warped = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.float32), inside


def optical_flow(now: Image, following: Image) -> Flow:
    """Dense flow (H, W, 2) from `now` to `following`: DIS (Kroeger et al., ECCV 2016)."""
    estimator = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    start = np.zeros((*now.shape[:2], 2), np.float32)
    return np.asarray(estimator.calc(_grey(now), _grey(following), start), np.float32)


def flow_occlusion(forward: Flow, backward: Flow) -> Mask:
    """Pixels (H, W) of frame t that frame t+1 does not show, by the forward-backward check.

    Occluded where |F(p) + B(p + F(p))|² > 0.01 (|F(p)|² + |B(p + F(p))|²) + 0.5, in pixels
    (Sundaram et al., ECCV 2010, Eq. 5), and where p + F(p) leaves the frame. `backward` leads from
    frame t+1 to t.
    """
    returned, inside = warp(backward, forward)
    gap = np.square(forward + returned).sum(-1)
    length = np.square(forward).sum(-1) + np.square(returned).sum(-1)
    return ~inside | (gap > 0.01 * length + 0.5)


def psnr(image: Image, reference: Image) -> float:
    """Peak signal-to-noise ratio in dB at a peak of 1; infinite for equal images."""
    error = float(np.square(image.astype(np.float64) - reference).mean())
    return -10 * math.log10(error) if error else math.inf


def ssim(image: Image, reference: Image, where: Mask | None = None) -> float:
    """Structural similarity, 1 for equal images (Wang et al., 2004: Gaussian window, σ 1.5).

    The mean over the three channels, of the pixels (H, W) of `where` alone when given, which must
    not be none. Raises ValueError for images smaller than 11 pixels.
    """
    found: Any = structural_similarity(
        image,
        reference,
        data_range=1.0,
        channel_axis=-1,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        full=True,
    )
    similarity, pixels = found
    return float(similarity if where is None else pixels[where].mean())


def _grey(image: Image) -> NDArray[np.uint8]:
    eight_bit = (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)
    return np.asarray(cv2.cvtColor(eight_bit, cv2.COLOR_RGB2GRAY), np.uint8)
