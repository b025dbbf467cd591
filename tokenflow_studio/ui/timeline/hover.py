"""The picture of the frame under the mouse, over the timeline."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from tokenflow_studio.ui.state.session import Compare
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.cache import FrameKey

_PICTURE, _LABEL, _EDGE = 108, 22, 4


class HoverPreview(QWidget):
    """Shows a frame of what the viewer shows: of the take where it has that frame, else of the
    source. It lies over the window and takes no mouse; what is not decoded appears when it is.
    """

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("hoverPreview")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._studio = studio
        self._text = ""
        self.frame: int | None = None
        studio.frames.thumbnail_ready.connect(self._on_picture)
        studio.frames.ready.connect(self._on_picture)

    def show_frame(self, frame: int, text: str, above: QPoint) -> None:
        """Show that frame with its name, its lower edge in the middle at a place of the window."""
        clip = self._studio.session.clip
        if clip is None:
            return
        self.frame, self._text = frame, text
        width = round(min(max(_PICTURE * clip.width / clip.height, 96), 260))
        size = QSize(width + 2 * _EDGE, _PICTURE + _LABEL + 2 * _EDGE)
        room = self.window().width() - size.width()
        left = min(max(above.x() - size.width() // 2, 0), max(room, 0))
        self.setGeometry(QRect(QPoint(left, above.y() - size.height()), size))
        self.raise_()
        self.show()
        self.update()

    def key(self) -> FrameKey | None:
        """Which picture is shown, or waited for."""
        clip, take = self._studio.session.clip, self._studio.takes.current
        if clip is None or self.frame is None:
            return None
        edited = self._studio.session.compare is not Compare.SOURCE
        if edited and take is not None and self._studio.takes.has_frame(take, self.frame):
            return FrameKey(take.frames, self.frame)
        return FrameKey(clip.spec, self.frame)

    def picture(self) -> QImage | None:
        """The picture, if it is in memory."""
        key = self.key()
        if key is None:
            return None
        whole = self._studio.frames.image(key)
        return self._studio.frames.thumbnail(key) if whole is None else whole

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(theme().colour("line-strong"), 1))
        painter.setBrush(theme().colour("panel"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        area = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE - _LABEL)
        painter.fillRect(area, theme().colour("track"))
        image = self.picture()
        if image is not None and not image.isNull():
            size = image.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            corner = QPointF(
                area.center().x() - size.width() / 2, area.center().y() - size.height() / 2
            )
            painter.drawImage(QRectF(corner, size.toSizeF()), image)
        painter.setFont(theme().font("small"))
        painter.setPen(theme().colour("text"))
        line = QRectF(0, self.height() - _LABEL - 1, self.width(), _LABEL)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._text)

    @Slot(object)
    def _on_picture(self, key: FrameKey) -> None:
        if self.isVisible() and key == self.key():
            self.update()
