"""The contact strip: the edited keyframes side by side; a click goes to the frame."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokenflow_studio.ui.state.marks import Mark, MarkState
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.timeline.keyframe_menu import keyframe_menu
from tokenflow_studio.ui.timeline.keyframe_shapes import (
    paint_shape,
    paint_underline,
    state_colour,
)

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_PICTURE, _LABEL, _MARGIN, _GAP = 80.0, 18.0, 12.0, 6.0


class KeyframeStrip(QWidget):
    """Shows every keyframe that has an edited picture, in order; hidden while there is none.

    The one under the playhead has a frame; stale ones are faded. Under each stands its state.
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
        mark = self._mark_at(event.position())
        if mark is not None and event.button() == Qt.MouseButton.LeftButton:
            self._studio.show_keyframe(mark.frame)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        frame, place = self._studio.session.playhead, event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.rect_of(frame).center().toPoint()
        else:
            mark = self._mark_at(QPointF(place))
            if mark is None:
                return
            frame = mark.frame
            self._studio.show_keyframe(frame)
        keyframe_menu(self, self._studio, frame).popup(self.mapToGlobal(place))

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        self._scroll(self._offset - (delta.y() or delta.x()))

    def _mark_at(self, point: QPointF) -> Mark | None:
        places = self._places()
        return next(
            (m for m, rect in places if rect.adjusted(0, 0, 0, _LABEL).contains(point)), None
        )

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
        number = str(mark.frame)
        painter.drawText(baseline, number)
        self._paint_state(painter, mark, rect, painter.fontMetrics().horizontalAdvance(number))

    def _paint_state(self, painter: QPainter, mark: Mark, rect: QRectF, used: int) -> None:
        paint_underline(painter, mark.state, rect)
        at = QPointF(rect.right() - 7, rect.bottom() + 10)
        paint_shape(painter, mark.state, at)
        word = mark.state.value
        if used + painter.fontMetrics().horizontalAdvance(word) + 28 <= rect.width():
            painter.setPen(state_colour(mark.state))
            place = QRectF(rect.left(), rect.bottom() + 2, rect.width() - 18, 16)
            painter.drawText(place, _RIGHT, word)

    def _scroll(self, offset: float) -> None:
        count = len(self._studio.marks.pictured)
        whole = 2 * _MARGIN + count * (_PICTURE * self._aspect() + _GAP) - _GAP
        self._offset = min(max(offset, 0.0), max(whole - self.width(), 0.0))
        self.update()

    @Slot()
    def _on_marks(self) -> None:
        self.setVisible(bool(self._studio.marks.pictured))
        self._scroll(self._offset)
