"""Decoded pictures, the most recently used ones, within a limit of memory."""

from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from PySide6.QtGui import QImage

Key = TypeVar("Key", bound=Hashable)


class FrameKey(NamedTuple):
    """One picture: layer is the clip's spec, or the folder of a preview or take; view: the display
    and view that it is seen through, "" for none."""

    layer: str
    frame: int
    view: str = ""


class FittedKey(NamedTuple):
    """The same picture in the size at which it is shown, in device pixels."""

    layer: str
    frame: int
    view: str
    width: int
    height: int


class FrameCache(Generic[Key]):
    """Keeps images up to `limit` bytes; the one used longest ago goes first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._images: OrderedDict[Key, QImage] = OrderedDict()
        self._bytes = 0

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._bytes

    def get(self, key: Key) -> QImage | None:
        """The picture, if it is there; asking keeps it young."""
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
        return image

    def peek(self, key: Key) -> QImage | None:
        """The picture, if it is there; it ages as before."""
        return self._images.get(key)

    def put(self, key: Key, image: QImage) -> None:
        """Keep a picture. One that alone is above the limit is kept until the next comes."""
        self._drop(key)
        self._images[key] = image
        self._bytes += image.sizeInBytes()
        self._make_room()

    def set_limit(self, limit: int) -> None:
        """Keep at most that many bytes from now on."""
        self._limit = limit
        self._make_room()

    def keys(self) -> list[Key]:
        """All keys, the one used longest ago first."""
        return list(self._images)

    def drop_layer(self, layer: str) -> None:
        """Drop every picture of that layer."""
        for key in self.keys():
            if isinstance(key, FrameKey | FittedKey) and key.layer == layer:
                self._drop(key)

    def clear(self) -> None:
        """Drop everything."""
        self._images.clear()
        self._bytes = 0

    def _make_room(self) -> None:
        while self._bytes > self._limit and len(self._images) > 1:
            self._drop(next(iter(self._images)))

    def _drop(self, key: Key) -> None:
        image = self._images.pop(key, None)
        if image is not None:
            self._bytes -= image.sizeInBytes()


def frame_file(folder: str, frame: int) -> Path:
    """Where the worker writes that frame of a preview or take."""
    return Path(folder, f"{frame:04d}.png")
