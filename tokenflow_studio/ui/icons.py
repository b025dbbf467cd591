"""Icons: SVG line drawings from `resources/icons`, in the theme's colours."""

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from tokenflow_studio.core.paths import resource
from tokenflow_studio.ui.theme import theme


def icon(name: str, colour: str = "text", size: int = 16) -> QIcon:
    """The drawing of that name; greyed when its widget is disabled."""
    made = QIcon()
    # Drawn for the screens that are there: drawing all that there could be slows the start.
    for ratio in {screen.devicePixelRatio() for screen in QGuiApplication.screens()}:
        made.addPixmap(pixmap(name, colour, size, ratio), QIcon.Mode.Normal)
        made.addPixmap(pixmap(name, "text-off", size, ratio), QIcon.Mode.Disabled)
    return made


@functools.lru_cache(maxsize=256)
def pixmap(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """The drawing at `size` logical pixels for a screen of that device pixel ratio."""
    drawing = QSvgRenderer(
        QByteArray(_svg(name).replace("currentColor", theme().colour(colour).name()).encode())
    )
    side = round(size * ratio)
    image = QPixmap(side, side)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


@functools.cache
def _svg(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8")
