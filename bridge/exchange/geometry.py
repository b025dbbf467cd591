"""The windows of a clip's frames, as a manifest states them."""

from collections.abc import Iterable
from pathlib import Path

from bridge.exchange.manifest import Geometry
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.exr.files import read_checked_headers
from tokenflow_studio.media.exr.headers import window
from tokenflow_studio.media.exr.layers import choose_layer
from tokenflow_studio.media.plates import Wanted, Window


def geometry_of(clip: Clip, frames: Iterable[int]) -> Geometry:
    """The windows as the files have them; data: around those of all frames, which may differ.

    Raises BadInput for a damaged file.
    """
    numbers = tuple(frames)
    plate = clip.read_plate(numbers[0])
    files = {clip.source_file(frame) for frame in numbers}
    exr = sorted(path for path in files if path.suffix.lower() == ".exr")
    data = _around([_data_window(path) for path in exr] or [plate.data])
    return Geometry(
        display=_plain(plate.display), data=_plain(data), pixel_aspect=plate.pixel_aspect
    )


def _data_window(path: Path) -> Window:
    parts = read_checked_headers(path).parts
    return window(parts[choose_layer(parts, Wanted(), path).part], "dataWindow")


def _around(windows: list[Window]) -> Window:
    x, y = min(w.x for w in windows), min(w.y for w in windows)
    right, bottom = max(w.right for w in windows), max(w.bottom for w in windows)
    return Window(x, y, right - x, bottom - y)


def _plain(rectangle: Window) -> tuple[int, int, int, int]:
    return rectangle.x, rectangle.y, rectangle.width, rectangle.height
