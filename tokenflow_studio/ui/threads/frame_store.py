"""Pictures for the window: from the cache at once, or by signal as soon as they are decoded."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from tokenflow_studio.ui.threads.cache import FrameCache, FrameKey
from tokenflow_studio.ui.threads.decoder import Decoder

THUMBNAIL_HEIGHT = 160  # pixels: sharp at twice the height of the strip
_CACHE_BYTES = 768 * 2**20
_THUMBNAIL_BYTES = 64 * 2**20


class FrameStore(QObject):
    """Frames and thumbnails by key.

    Signals: `opened(ClipInfo, str)` and `refused(str, str)` with what was asked for,
    `ready(FrameKey)`, `thumbnail_ready(FrameKey)`, `broken(FrameKey, str)`.
    """

    opened = Signal(object, str)
    refused = Signal(str, str)
    ready = Signal(object)
    thumbnail_ready = Signal(object)
    broken = Signal(object, str)

    def __init__(self, parent: QObject | None = None, limit: int = _CACHE_BYTES) -> None:
        super().__init__(parent)
        self._limit = limit
        self._frames: FrameCache[FrameKey] = FrameCache(limit)
        self._thumbnails: FrameCache[FrameKey] = FrameCache(_THUMBNAIL_BYTES)
        self._broken: dict[FrameKey, str] = {}
        self._now: list[FrameKey] = []
        self._decoder = Decoder(THUMBNAIL_HEIGHT, self)
        self._decoder.opened.connect(self._on_opened)
        self._decoder.refused.connect(self.refused)
        self._decoder.decoded.connect(self._on_decoded)
        self._decoder.shrunk.connect(self._on_shrunk)
        self._decoder.broken.connect(self._on_broken)

    def open(self, spec: str) -> None:
        """Open a clip; `opened` or `refused` answers."""
        self._decoder.open(spec)

    def image(self, key: FrameKey) -> QImage | None:
        """The picture if it is in memory."""
        return self._frames.get(key)

    def set_limit(self, limit: int) -> None:
        """Hold at most that many bytes of pictures from now on."""
        self._limit = limit
        self._frames.set_limit(limit)

    def room(self, width: int, height: int) -> int:
        """How many pictures of that size fit into the memory."""
        return self._limit // max(4 * width * height, 1)

    def want(self, now: list[FrameKey], ahead: list[FrameKey]) -> None:
        """Decode what is missing of these in this order, and drop older wishes.

        `broken` tells about those wanted now only: the others may never be looked at.
        """
        if now != self._now:
            self._now = now
            for key in now:
                if key in self._broken:
                    self.broken.emit(key, self._broken[key])
        held = set(self._frames.keys())
        wishes = (key for key in now + ahead if key not in held and key not in self._broken)
        self._decoder.want(list(wishes))

    def thumbnail(self, key: FrameKey) -> QImage | None:
        """The small picture if it is in memory; otherwise `thumbnail_ready` will tell."""
        image = self._thumbnails.get(key)
        if image is None and key not in self._broken:
            self._decoder.want_thumbnail(key)
        return image

    def cached(self, layer: str) -> frozenset[int]:
        """The frames of a layer that are in memory."""
        return frozenset(key.frame for key in self._frames.keys() if key.layer == layer)  # noqa: SIM118

    def forget(self, layer: str) -> None:
        """Drop all pictures of a layer: others may come under its name."""
        self._frames.drop_layer(layer)
        self._thumbnails.drop_layer(layer)
        self._broken = {key: text for key, text in self._broken.items() if key.layer != layer}

    def close(self) -> None:
        """End the decoding thread."""
        self._decoder.close()

    @Slot(object, str)
    def _on_opened(self, info: object, spec: str) -> None:
        self._frames.clear()
        self._thumbnails.clear()
        self._broken.clear()
        self.opened.emit(info, spec)

    @Slot(object, QImage)
    def _on_decoded(self, key: FrameKey, image: QImage) -> None:
        self._frames.put(key, image)
        self.ready.emit(key)

    @Slot(object, QImage)
    def _on_shrunk(self, key: FrameKey, image: QImage) -> None:
        self._thumbnails.put(key, image)
        self.thumbnail_ready.emit(key)

    @Slot(object, str)
    def _on_broken(self, key: FrameKey, sentence: str) -> None:
        self._broken[key] = sentence
        if key in self._now:
            self.broken.emit(key, sentence)
