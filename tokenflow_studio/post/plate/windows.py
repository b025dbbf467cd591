"""Which pixels of the plates the model sees: one fixed window per shot."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.exr.files import read_checked_headers
from tokenflow_studio.media.exr.headers import window as window_of
from tokenflow_studio.media.exr.layers import choose_layer
from tokenflow_studio.media.plates import Wanted, Window

Pixels = NDArray[np.float32]

_BEYOND = 0.25  # of the display window's width and height, on each side


def model_window(display: Window, data: Iterable[Window]) -> Window:
    """The union of the display window and all data windows of a shot, within a quarter beyond.

    The same for every frame, so that a scene point is the same pixel of every proxy however the
    data window moves.
    """
    windows = [display, *data]
    wide, high = int(display.width * _BEYOND), int(display.height * _BEYOND)
    left = max(min(window.x for window in windows), display.x - wide)
    top = max(min(window.y for window in windows), display.y - high)
    right = min(max(window.right for window in windows), display.right + wide)
    bottom = min(max(window.bottom for window in windows), display.bottom + high)
    return Window(left, top, right - left, bottom - top)


def clip_window(clip: Clip, wanted: Wanted, display: Window) -> Window:
    """The same of a clip; of all its files, only OpenEXR's may have a data window of their own."""
    files = (clip.source_file(frame) for frame in clip.info.frames)
    data = (_data_window(path, wanted) for path in files if path.suffix.lower() == ".exr")
    return model_window(display, data)


def _data_window(path: Path, wanted: Wanted) -> Window:
    parts = read_checked_headers(path).parts
    return window_of(parts[choose_layer(parts, wanted, path).part], "dataWindow")


def reframed(pixels: Pixels, at: Window, window: Window) -> Pixels:
    """(h, w, ...) that lie at one window as seen through another; 0 where there are none."""
    result = np.zeros((window.height, window.width, *pixels.shape[2:]), np.float32)
    inside, outside = common(window, at), common(at, window)
    result[inside] = pixels[outside]
    return result


def common(window: Window, other: Window) -> tuple[slice, slice]:
    """Rows and columns of `window` that the other one shares; empty where they lie apart."""
    top, bottom = max(window.y, other.y), min(window.bottom, other.bottom)
    left, right = max(window.x, other.x), min(window.right, other.right)
    if top >= bottom or left >= right:
        return slice(0, 0), slice(0, 0)
    return slice(top - window.y, bottom - window.y), slice(left - window.x, right - window.x)
