"""The thread that opens clips and decodes frames; it always serves the newest wish first."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from fractions import Fraction
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from tokenflow_studio.core.errors import StudioError
from tokenflow_studio.ui.threads.cache import FrameKey, frame_file
from tokenflow_studio.ui.threads.views import light, viewed

if TYPE_CHECKING:
    import numpy as np

    from tokenflow_studio.media.clips import Clip

log = logging.getLogger(__name__)

_QUIET = 0.2  # seconds without a wish for frames: a thumbnail would keep a scrub waiting
_THUMBNAILS = 96  # wishes that are kept: what is still in sight will be wished for again
_FITS = 4  # both sides now, and of the frame before
_USUAL = "sRGB - Display"  # the colour space of most clips


class Reading(NamedTuple):
    """How to read a clip where somebody knows better than the footage; see `open_clip`."""

    rate: Fraction | None = None
    colour: str | None = None


class Decoder(QObject):
    """Runs `open` and `read` wishes on its own thread and answers with signals.

    Wishes for frames replace each other, so a fast scrub never queues up; thumbnails wait until
    no frame was wanted for a moment. What is shown smaller than it is comes in that size too, so
    that painting it costs nothing. Signals, sent from the thread: `opened(ClipInfo, spec)`,
    `refused(str, spec)` with what was asked for, `decoded(FrameKey, QImage)`,
    `fitted(FrameKey, QImage)`,
    `shrunk(FrameKey, QImage)`, `lit(FrameKey, light)` with None where there is none,
    `broken(FrameKey, str)`.
    """

    opened = Signal(object, str)
    refused = Signal(str, str)
    decoded = Signal(object, QImage)
    fitted = Signal(object, QImage)
    shrunk = Signal(object, QImage)
    lit = Signal(object, object)
    broken = Signal(object, str)

    def __init__(self, thumbnail_height: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._height = thumbnail_height
        self._wake = threading.Condition()
        self._spec: tuple[str, Reading] | None = None
        self._frames: list[FrameKey] = []
        self._thumbnails: deque[tuple[FrameKey, QImage | None]] = deque(maxlen=_THUMBNAILS)
        self._shrinking: FrameKey | None = None
        self._lights: deque[FrameKey] = deque(maxlen=2)  # of both sides
        self._wished = 0.0  # when frames were last wished for
        self._fits: deque[tuple[FrameKey, QImage, QSize]] = deque(maxlen=_FITS)
        self._fit = QSize()
        self._warm = False
        self._stopping = False
        self._clip: Clip | None = None
        self._thread = threading.Thread(target=self._serve, name="frames", daemon=True)

    def warm_up(self) -> None:
        """Load the libraries that read footage before the first clip needs them."""
        with self._wake:
            self._warm = True
            self._notify()

    def open(self, spec: str, reading: Reading) -> None:
        """Wish for another clip; wishes for frames of the one before are dropped."""
        with self._wake:
            self._spec = (spec, reading)
            self._frames = []
            self._thumbnails.clear()
            self._lights.clear()
            self._notify()

    def want(self, frames: list[FrameKey]) -> None:
        """Wish for these frames, the first one soonest, instead of all wished for before."""
        with self._wake:
            self._frames = frames
            self._wished = monotonic()
            self._notify()

    def want_thumbnail(self, key: FrameKey, image: QImage | None = None) -> None:
        """Wish for a small picture, after the others. image: the whole one, if it is in memory."""
        with self._wake:
            if key != self._shrinking and all(key != other for other, _ in self._thumbnails):
                self._thumbnails.append((key, image))
                self._notify()

    def want_light(self, key: FrameKey) -> None:
        """Wish for what a frame holds before it is seen, while no other frame is wanted."""
        with self._wake:
            if key not in self._lights:
                self._lights.append(key)
                self._notify()

    def set_fit(self, size: QSize) -> None:
        """Fit what is decoded from now on into that size; an empty one fits nothing."""
        self._fit = size  # replaced as a whole: the thread sees the old one or the new one

    def want_fitted(self, key: FrameKey, image: QImage, size: QSize) -> None:
        """Wish for a picture that is decoded already in that size; few wishes are kept."""
        with self._wake:
            self._fits.append((key, image, size))
            self._notify()

    def close(self) -> None:
        """End the thread; it finishes the frame that it is at."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _notify(self) -> None:
        if not self._stopping and self._thread.ident is None:
            self._thread.start()
        self._wake.notify()

    def _serve(self) -> None:
        try:
            while (work := self._next()) is not None:
                work()
        finally:
            if self._clip is not None:
                self._clip.close()

    def _next(self) -> Callable[[], None] | None:
        """The next thing to do, waiting for one; None when the thread shall end."""
        with self._wake:
            self._shrinking = None
            while not self._stopping:
                if self._spec is not None:
                    asked, self._spec = self._spec, None
                    return _Work(self._open, *asked)
                if self._fits:
                    return _Work(self._send_fitted, *self._fits.popleft())
                if self._frames:
                    return _Work(self._decode, self._frames.pop(0))
                if self._warm:
                    self._warm = False
                    return _Work(_load_libraries)
                busy = self._wished + _QUIET - monotonic()
                if self._lights and busy <= 0:
                    return _Work(self._send_light, self._lights.popleft())
                if self._thumbnails and busy <= 0:
                    self._shrinking, image = self._thumbnails.popleft()
                    return _Work(self._shrink, self._shrinking, image)
                self._wake.wait(busy if self._thumbnails or self._lights else None)
        return None

    def _open(self, spec: str, reading: Reading) -> None:
        # Imported here: PyAV and OpenImageIO would cost the window's start half a second.
        from tokenflow_studio.media.clips import open_clip

        try:
            # Looking at a sequence with gaps does no harm; whoever asked is told of them.
            clip = open_clip(spec, rate=reading.rate, colour=reading.colour, missing="hold")
        except StudioError as error:
            self.refused.emit(str(error), spec)
            return
        if self._clip is not None:
            self._clip.close()
        self._clip = clip
        self.opened.emit(clip.info, spec)

    def _decode(self, key: FrameKey) -> None:
        try:
            image = self._read(key)
        except StudioError as error:
            self.broken.emit(key, str(error))
        else:
            self.decoded.emit(key, image)
            self._send_fitted(key, image, self._fit)

    def _send_fitted(self, key: FrameKey, image: QImage, size: QSize) -> None:
        if not size.isEmpty() and size.width() < image.width():
            small = image.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self.fitted.emit(key, small.convertToFormat(QImage.Format.Format_RGB32))

    def _shrink(self, key: FrameKey, image: QImage | None) -> None:
        try:
            image = self._read(key) if image is None else image
        except StudioError as error:
            self.broken.emit(key, str(error))
            return
        small = image.scaledToHeight(self._height, Qt.TransformationMode.SmoothTransformation)
        self.shrunk.emit(key, small)

    def _send_light(self, key: FrameKey) -> None:
        found = None
        try:
            found = None if self._clip is None else light(self._clip, key)
        except StudioError as error:
            log.info("%s", error)  # whoever looks at the frame is told
        self.lit.emit(key, None if found is None else found.copy())  # the plate's memory is lent

    def _read(self, key: FrameKey) -> QImage:
        if self._clip is not None and key.view:
            return _to_image(viewed(self._clip, key))
        if self._clip is not None and key.layer == self._clip.info.spec:
            return _to_image(self._clip.look(key.frame))
        return _read_file(key)


class _Work:
    """A method with its arguments, to be run outside the lock."""

    def __init__(self, method: Callable[..., None], *arguments: object) -> None:
        self._method = method
        self._arguments = arguments

    def __call__(self) -> None:
        self._method(*self._arguments)


def _load_libraries() -> None:
    """What the first clip of all would wait for: decoder, libraries, colour configuration."""
    from tokenflow_studio.media.decoding.process import prepare

    prepare()  # it gets ready while the libraries load here
    from tokenflow_studio.media import clips  # noqa: F401 - brings PyAV and OpenImageIO
    from tokenflow_studio.media.colour.config import config_name, is_display

    try:
        is_display(_USUAL, config_name())
    except StudioError as error:
        log.info("%s", error)  # the first clip tells the user


def _to_image(pixels: "np.ndarray") -> QImage:
    """(H, W, 3) float32 0..1 as an image that owns its memory, in the fastest format to paint."""
    import numpy as np  # here, on the decoding thread: it is a third of the window's start

    height, width, _ = pixels.shape
    # 0.5 is added before the cut to bytes, so that every value goes to the nearest one.
    data = np.ascontiguousarray((pixels * 255.0 + 0.5).astype(np.uint8))
    image = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _read_file(key: FrameKey) -> QImage:
    reader = QImageReader(str(frame_file(key.layer, key.frame)))
    image = reader.read()
    if image.isNull():
        raise StudioError(
            f"Frame {key.frame} cannot be read from {key.layer} ({reader.errorString()}): "
            "run the job again."
        )
    return image.convertToFormat(QImage.Format.Format_RGB32)
