"""Pictures as the viewer's channel, exposure and gamma show them."""

import functools

from PySide6.QtGui import QImage

from tokenflow_studio.ui.state.viewing import NEUTRAL, Channel, Grade

_OFFSETS = {Channel.BLUE: 0, Channel.GREEN: 1, Channel.RED: 2}  # bytes of RGB32, low one first
_KEPT = 4  # two sides, and two of the frame before


class Grader:
    """Grades images and remembers the last few, so that a repaint costs nothing."""

    def __init__(self) -> None:
        self._done: dict[tuple[int, Grade], QImage] = {}

    def apply(self, image: QImage, grade: Grade) -> QImage:
        """The image under that grade; the very same object while the grade is neutral."""
        if grade == NEUTRAL:
            return image
        key = image.cacheKey(), grade
        if key not in self._done:
            if len(self._done) >= _KEPT:
                del self._done[next(iter(self._done))]
            self._done[key] = graded(image, grade)
        return self._done[key]


def graded(image: QImage, grade: Grade) -> QImage:
    """A copy of the image with the grade applied to its display values."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    width, height = image.width(), image.height()
    # One table for all bytes: RGB32 has no alpha, its fourth byte is never looked at.
    data = bytes(image.constBits()).translate(_table(grade.exposure, grade.gamma))
    if grade.channel is Channel.ALL:
        made = QImage(data, width, height, 4 * width, QImage.Format.Format_RGB32)
    else:
        plane = data[_OFFSETS[grade.channel] :: 4]
        made = QImage(plane, width, height, width, QImage.Format.Format_Grayscale8)
    return made.convertToFormat(QImage.Format.Format_RGB32).copy()


@functools.lru_cache(maxsize=16)
def _table(exposure: float, gamma: float) -> bytes:
    gain = 2.0**exposure
    values = (_encoded(_linear(code / 255) * gain) ** (1 / gamma) for code in range(256))
    return bytes(round(min(value, 1.0) * 255) for value in values)


def _linear(value: float) -> float:
    """sRGB to linear light (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    """Linear light to sRGB (IEC 61966-2-1)."""
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
