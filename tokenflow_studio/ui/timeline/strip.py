"""The contact strip: the edited keyframes side by side; a click goes to the frame."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokenflow_studio.ui.state.marks import Mark, MarkState
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.cache import FrameKey

_PICTURE, _LABEL, _MARGIN, _GAP = 80.0, 18.0, 12.0, 6.0


class KeyframeStrip(QWidget):
    """Shows every keyframe that has an edited picture, in order; hidden while there is none.

    The one under the playhead has a frame; stale ones are faded and marked.
    """

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keyframeStrip")
        self.setAccessibleName("Edited keyframes")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._studio = studio
        self._offset = 0.0
        studio.marks.changed.connect(self._on_marks)
        studio.session.playhead_changed.connect(self.update)
        studio.takes.current_changed.connect(self.update)
        studio.frames.thumbnail_ready.connect(self.update)
        self._on_marks()

    def sizeHint(self) -> QSize:
        return QSize(640, int(_PICTURE + _LABEL + 14))

    def rect_of(self, frame: int) -> QRectF:
        """Where a keyframe's picture is; empty when it has none."""
        places = self._places()
        return next((rect for mark, rect in places if mark.frame == frame), QRectF())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("window"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for mark, rect in self._places():
            if rect.right() >= 0 and rect.left() <= self.width():
                self._paint(painter, mark, rect)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        for mark, rect in self._places():
            if rect.adjusted(0, 0, 0, _LABEL).contains(point):
                self._studio.show_keyframe(mark.frame)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        self._scroll(self._offset - (delta.y() or delta.x()))

    def _places(self) -> list[tuple[Mark, QRectF]]:
        width = _PICTURE * self._aspect()
        left = _MARGIN - self._offset
        return [
            (mark, QRectF(round(left + place * (width + _GAP)), 8, round(width), _PICTURE))
            for place, mark in enumerate(self._studio.marks.pictured)
        ]

    def _aspect(self) -> float:
        clip = self._studio.session.clip
        return clip.width / clip.height if clip else 1.0

    def _paint(self, painter: QPainter, mark: Mark, rect: QRectF) -> None:
        image = self._studio.frames.thumbnail(FrameKey(mark.folder, mark.frame))
        stale = mark.state is MarkState.STALE
        painter.fillRect(rect, theme().colour("track"))
        if image is not None:
            painter.setOpacity(0.4 if stale else 1.0)
            painter.drawImage(rect, image)
            painter.setOpacity(1.0)
        current = mark.frame == self._studio.session.playhead
        if current:
            painter.setPen(QPen(theme().colour("text-strong"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        weight = QFont.Weight.DemiBold if current else QFont.Weight.Normal
        painter.setFont(theme().font("small", weight))
        painter.setPen(theme().colour("text-strong" if current else "text-dim"))
        baseline = QPointF(rect.left() + 1, rect.bottom() + 13)
        painter.drawText(baseline, str(mark.frame))
        if stale:
            painter.setPen(theme().colour("stale"))
            place = QRectF(rect.left(), rect.bottom() + 2, rect.width() - 1, 14)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, "stale")

    def _scroll(self, offset: float) -> None:
        count = len(self._studio.marks.pictured)
        whole = 2 * _MARGIN + count * (_PICTURE * self._aspect() + _GAP) - _GAP
        self._offset = min(max(offset, 0.0), max(whole - self.width(), 0.0))
        self.update()

    @Slot()
    def _on_marks(self) -> None:
        self.setVisible(bool(self._studio.marks.pictured))
        self._scroll(self._offset)
