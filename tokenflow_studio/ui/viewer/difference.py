"""What two pictures differ by, made visible."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

_KEPT = 2  # this frame's, and that of the frame before


class Differences:
    """Computes differences and remembers the last ones, so that a repaint costs nothing."""

    def __init__(self) -> None:
        self._done: dict[tuple[int, int, int], QImage] = {}

    def between(self, source: QImage, edit: QImage, gain: int) -> QImage:
        """|source - edit| times `gain`, in the source's size."""
        key = source.cacheKey(), edit.cacheKey(), gain
        if key not in self._done:
            if len(self._done) >= _KEPT:
                del self._done[next(iter(self._done))]
            self._done[key] = difference(source, edit, gain)
        return self._done[key]


def difference(source: QImage, edit: QImage, gain: int) -> QImage:
    """|source - edit| of the display values, times a gain that is a power of two."""
    made = source.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, edit.size() != made.size())
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(QRectF(made.rect()), edit)
    painter.end()
    while gain > 1:
        gain //= 2
        twice = made.copy()
        painter.begin(twice)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        painter.drawImage(0, 0, made)
        painter.end()
        made = twice
    return made
