"""Pictures for the window: from the cache at once, or by signal as soon as they are decoded."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtGui import QImage

from tokenflow_studio.ui.threads.cache import FittedKey, FrameCache, FrameKey
from tokenflow_studio.ui.threads.decoder import Decoder, Reading

if TYPE_CHECKING:
    from tokenflow_studio.media.curves import Image

THUMBNAIL_HEIGHT = 160  # pixels: sharp at twice the height of the strip
_CACHE_BYTES = 768 * 2**20
_THUMBNAIL_BYTES = 64 * 2**20
_AS_IT_SAYS = Reading()


class FrameStore(QObject):
    """Frames and thumbnails by key.

    Signals: `opened(ClipInfo, str)` and `refused(str, str)` with what was asked for,
    `ready(FrameKey)`, `fitted_ready(FrameKey)`, `thumbnail_ready(FrameKey)`,
    `light_ready(FrameKey)`, `broken(FrameKey, str)` of a frame that is wanted now,
    `failed(FrameKey)` of any.
    """

    opened = Signal(object, str)
    refused = Signal(str, str)
    ready = Signal(object)
    fitted_ready = Signal(object)
    thumbnail_ready = Signal(object)
    light_ready = Signal(object)
    broken = Signal(object, str)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None, limit: int = _CACHE_BYTES) -> None:
        super().__init__(parent)
        self._limit = limit
        self._frames: FrameCache[FrameKey | FittedKey] = FrameCache(limit)
        self._fit = QSize()
        self._thumbnails: FrameCache[FrameKey] = FrameCache(_THUMBNAIL_BYTES)
        self._lights: dict[FrameKey, Image | None] = {}  # of both sides of one frame
        self._broken: dict[FrameKey, str] = {}
        self._now: list[FrameKey] = []
        self._decoder = Decoder(THUMBNAIL_HEIGHT, self)
        self._decoder.opened.connect(self._on_opened)
        self._decoder.refused.connect(self.refused)
        self._decoder.decoded.connect(self._on_decoded)
        self._decoder.fitted.connect(self._on_fitted)
        self._decoder.shrunk.connect(self._on_shrunk)
        self._decoder.lit.connect(self._on_lit)
        self._decoder.broken.connect(self._on_broken)

    @Slot()
    def warm_up(self) -> None:
        """Make the first clip open as quickly as all others."""
        self._decoder.warm_up()

    def open(self, spec: str, reading: Reading = _AS_IT_SAYS) -> None:
        """Open a clip; `opened` or `refused` answers."""
        self._decoder.open(spec, reading)

    def image(self, key: FrameKey) -> QImage | None:
        """The picture if it is in memory."""
        return self._frames.get(key)

    def fit_to(self, size: QSize) -> None:
        """Have pictures ready in that size of device pixels too; an empty one: as they are."""
        if size != self._fit:
            self._fit = size
            self._decoder.set_fit(size)

    def fitted(self, key: FrameKey, size: QSize) -> QImage | None:
        """The picture in that size; if only that is missing, `fitted_ready` will tell."""
        found = self._frames.get(FittedKey(*key, size.width(), size.height()))
        image = self._frames.get(key)
        if found is None and image is not None and size.width() < image.width():
            self._decoder.want_fitted(key, image, size)
        return found

    def light_at(self, key: FrameKey, x: int, y: int) -> tuple[float, ...] | None:
        """What a pixel of a scene-referred frame holds: empty until it was read, then `light_ready`
        tells; None where only the picture was kept."""
        if key not in self._lights:
            self._decoder.want_light(key)
            return ()
        light = self._lights[key]
        return None if light is None else tuple(float(value) for value in light[y, x])

    def set_limit(self, limit: int) -> None:
        """Hold at most that many bytes of pictures from now on."""
        self._limit = limit
        self._frames.set_limit(limit)

    @property
    def held(self) -> int:
        """Bytes of all pictures in memory."""
        return self._frames.size + self._thumbnails.size

    def room(self, width: int, height: int) -> int:
        """How many pictures of that size fit into the memory."""
        fitted = 0 if self._fit.isEmpty() else self._fit.width() * self._fit.height()
        return self._limit // max(4 * (width * height + fitted), 1)

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
            self._decoder.want_thumbnail(key, self._frames.peek(key))
        return image

    def cached(self, layer: str) -> frozenset[int]:
        """The frames of a layer that are in memory."""
        keys = self._frames.keys()
        return frozenset(k.frame for k in keys if isinstance(k, FrameKey) and k.layer == layer)

    def unreadable(self, layer: str) -> dict[int, str]:
        """By frame, why it cannot be read: those of a layer that were tried."""
        return {key.frame: text for key, text in self._broken.items() if key.layer == layer}

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
        self._lights.clear()
        self._broken.clear()
        self.opened.emit(info, spec)

    @Slot(object, QImage)
    def _on_decoded(self, key: FrameKey, image: QImage) -> None:
        self._frames.put(key, image)
        self.ready.emit(key)

    @Slot(object, QImage)
    def _on_fitted(self, key: FrameKey, image: QImage) -> None:
        self._frames.put(FittedKey(*key, image.width(), image.height()), image)
        self.fitted_ready.emit(key)

    @Slot(object, QImage)
    def _on_shrunk(self, key: FrameKey, image: QImage) -> None:
        self._thumbnails.put(key, image)
        self.thumbnail_ready.emit(key)

    @Slot(object, object)
    def _on_lit(self, key: FrameKey, light: "Image | None") -> None:
        for other in [k for k in self._lights if k.frame != key.frame] or list(self._lights)[:-1]:
            del self._lights[other]
        self._lights[key] = light
        self.light_ready.emit(key)

    @Slot(object, str)
    def _on_broken(self, key: FrameKey, sentence: str) -> None:
        self._broken[key] = sentence
        self.failed.emit(key)
        if key in self._now:
            self.broken.emit(key, sentence)
