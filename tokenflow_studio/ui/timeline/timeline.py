"""The timeline: ruler, keyframe lane, propagated and cached frames, playhead."""

from collections import Counter

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.ui.state.marks import Mark, MarkState
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.timeline import lanes as paint
from tokenflow_studio.ui.timeline.keyframe_menu import keyframe_menu
from tokenflow_studio.ui.timeline.lanes import BAR, HEIGHT, LANE, RULER, Lanes
from tokenflow_studio.ui.timeline.scale import FrameScale

_MARGIN = 12.0
_GRIP = 6.0  # logical pixels around an in or out point that take hold of it
_REACH = 8.0  # logical pixels around a keyframe's diamond that count as it
_STILL = 4.0  # logical pixels of a click that is no drag
_REPAINT = 100  # ms between repaints for the cache bar
_HINTS = {
    MarkState.NONE: "not previewed. Drag moves it, a double click removes it.",
    MarkState.PREVIEWED: "previewed. A right click approves it or rolls it again.",
    MarkState.APPROVED: "approved: a take shows it just as it is.",
    MarkState.STALE: "stale: the recipe has changed since its preview.",
}


class Timeline(QWidget):
    """Shows the whole clip in frames. Dragging scrubs, Shift+drag sets the range, the in and out
    points can be dragged in the ruler, keyframes in their lane, a double click there adds or
    removes one, a right click shows what else can be done, the wheel zooms, Shift+wheel pans.

    Signals: `scrubbed()` when the user moves the playhead here.
    """

    scrubbed = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._studio = studio
        self._session = studio.session
        self._scale: FrameScale | None = None
        self._drag = ""  # "", "scrub", "in", "out", "range", "pan" or "keyframe"
        self._from = 0
        self._last = 0.0
        self._pressed = 0.0
        self._target: int | None = None  # where the dragged keyframe would come to lie
        self._drawn: QPixmap | None = None  # the lanes without the playhead, until they change
        # Frames arrive faster than the bar need be drawn.
        self._soon = QTimer(self, singleShot=True, interval=_REPAINT)
        self._soon.timeout.connect(self._redraw)
        self._session.clip_changed.connect(self.fit)
        self._session.playhead_changed.connect(self.update)
        self._session.range_changed.connect(self._redraw)
        self._session.playhead_changed.connect(self._describe)
        studio.marks.changed.connect(self._redraw)
        studio.marks.changed.connect(self._describe)
        studio.takes.current_changed.connect(self._redraw)
        studio.takes.frames_added.connect(self._repaint_soon)
        studio.frames.ready.connect(self._repaint_soon)
        studio.frames.thumbnail_ready.connect(self._repaint_soon)

    @Slot()
    def fit(self) -> None:
        """Show the whole clip."""
        span = self._session.span
        left, width = self._extent()
        self._scale = None if span is None else FrameScale.fit(span, left, width)
        self._redraw()

    def position_of(self, frame: int) -> QPointF:
        """The middle of a frame's cell in the ruler, for scripts that click."""
        x = self._scale.centre(frame) if self._scale else 0.0
        return QPointF(x, RULER / 2)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._drawn is None or self._drawn.devicePixelRatioF() != self.devicePixelRatioF():
            self._drawn = self._draw_lanes()
        painter.drawPixmap(0, 0, self._drawn)
        if self._scale is None or self._session.in_out is None:
            return
        left, width = self._extent()
        strips = Lanes(self._scale, left, left + width)
        playhead = self._session.playhead
        mark = self._studio.marks.at(playhead)
        if mark is not None:
            paint.paint_current(painter, strips, mark)
        if self._target is not None:
            paint.paint_ghost(painter, strips, self._target)
        paint.paint_playhead(painter, strips, playhead)

    def _draw_lanes(self) -> QPixmap:
        """All that stays where it is while the playhead runs: a long clip has many keyframes."""
        ratio = self.devicePixelRatioF()
        drawn = QPixmap(self.size() * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(theme().colour("window"))
        painter = QPainter(drawn)
        in_out = self._session.in_out
        left, width = self._extent()
        if self._scale is None or in_out is None:
            painter.fillRect(QRectF(left, 0, width, RULER), theme().colour("track"))
            painter.fillRect(QRectF(left, RULER + 2, width, LANE - 2), theme().colour("lane"))
            painter.end()
            return drawn
        strips = Lanes(self._scale, left, left + width)
        painter.setClipRect(strips.row(0, HEIGHT).adjusted(-1, 0, 1, 0))
        paint.paint_ruler(painter, strips, in_out)
        takes, clip = self._studio.takes, self._session.clip
        aspect = clip.width / clip.height if clip else 1.0
        paint.paint_keyframes(painter, strips, self._studio.marks.all, self._thumbnail, aspect)
        done = takes.finished_frames(takes.current)
        paint.paint_bar(painter, strips, done, RULER + LANE + 4, "propagated")
        cached = self._studio.frames.cached(clip.spec) if clip else frozenset()
        paint.paint_bar(painter, strips, cached, RULER + LANE + BAR + 4, "cached")
        paint.paint_outside(painter, strips, in_out)
        painter.end()
        return drawn

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._scale is None or self._session.in_out is None:
            return
        x = event.position().x()
        self._last = self._pressed = x
        self._from = self._scale.frame(x)
        if event.button() == Qt.MouseButton.MiddleButton:
            self._drag = "pan"
        elif event.button() == Qt.MouseButton.LeftButton:
            self._drag = self._hold(event)
            self._move_to(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._drag:
            self._move_to(x)
        else:
            held = self._grip_at(event.position()) != ""
            self.setCursor(Qt.CursorShape.SplitHCursor if held else Qt.CursorShape.ArrowCursor)
        self._last = x

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        target, self._target, self._drag = self._target, None, ""
        if target is not None:
            self._studio.move_keyframe(self._from, target)
            self._session.set_playhead(target)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.position().y() < RULER:
            self._session.set_range(None)
        elif event.position().y() <= RULER + 20:  # the click before has moved the playhead here
            self._studio.toggle_keyframe()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._scale is None:
            return
        place = QPointF(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = QPointF(self._scale.centre(self._session.playhead), RULER + LANE / 2)
        elif RULER < place.y() <= RULER + LANE:
            mark = self._mark_at(place)
            self.scrubbed.emit()
            self._session.set_playhead(mark.frame if mark else self._scale.frame(place.x()))
        else:
            return
        menu = keyframe_menu(self, self._studio, self._session.playhead)
        menu.popup(self.mapToGlobal(place.toPoint()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._scale is None:
            return
        delta = event.angleDelta()
        notches = (delta.y() or delta.x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not delta.y():
            self._scale = self._scale.panned(notches * 60, self._extent())
        else:
            self._scale = self._scale.zoomed(1.25**notches, event.position().x(), self._extent())
        self._redraw()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            mark = self._mark_at(QPointF(event.pos()))
            text = f"Keyframe {mark.frame}: {_HINTS[mark.state]}" if mark else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _extent(self) -> tuple[float, float]:
        """Left edge and width of the lanes."""
        return _MARGIN, max(self.width() - 2 * _MARGIN, 1.0)

    def _thumbnail(self, mark: Mark) -> QImage | None:
        clip = self._session.clip
        layer = mark.folder or (clip.spec if clip else "")
        return self._studio.frames.thumbnail(FrameKey(layer, mark.frame))

    def _hold(self, event: QMouseEvent) -> str:
        """What a press of the left button takes hold of."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return "range"
        mark = self._mark_at(event.position())
        if mark is not None:
            self.scrubbed.emit()
            self._studio.show_keyframe(mark.frame)
            self._from = mark.frame
            return "keyframe" if mark.frame in self._studio.marks.planned else ""
        return self._grip_at(event.position()) or "scrub"

    def _grip_at(self, point: QPointF) -> str:
        in_out = self._session.in_out
        if self._scale is None or in_out is None or point.y() > RULER:
            return ""
        if abs(point.x() - self._scale.start(in_out.first)) <= _GRIP:
            return "in"
        return "out" if abs(point.x() - self._scale.start(in_out.last + 1)) <= _GRIP else ""

    def _mark_at(self, point: QPointF) -> Mark | None:
        if self._scale is None or not RULER < point.y() <= RULER + 20:
            return None
        near = [
            m for m in self._studio.marks.all if abs(self._scale.centre(m.frame) - point.x()) <= 8
        ]
        return near[0] if near else None

    def _move_to(self, x: float) -> None:
        scale, in_out, span = self._scale, self._session.in_out, self._session.span
        if scale is None or in_out is None or span is None:
            return
        frame = scale.frame(x)
        match self._drag:
            case "scrub":
                self.scrubbed.emit()
                self._session.set_playhead(frame)
            case "in":
                self._session.set_range(FrameRange(min(frame, in_out.last), in_out.last))
            case "out":
                last = max(scale.frame(x - scale.per_frame / 2), in_out.first)
                self._session.set_range(FrameRange(in_out.first, last))
            case "range":
                self._session.set_range(FrameRange(*sorted((self._from, frame))))
            case "keyframe" if self._target is not None or abs(x - self._pressed) > _STILL:
                self._target = min(max(frame, in_out.first), in_out.last)
                self.update()
            case "pan":
                self._scale = scale.panned(x - self._last, self._extent())
                self._redraw()

    @Slot()
    def _describe(self) -> None:
        """Tell screen readers what the lane shows."""
        mark = self._studio.marks.at(self._session.playhead)
        here = f"keyframe, {mark.state}" if mark else "no keyframe"
        counts = Counter(mark.state for mark in self._studio.marks.all)
        lane = ", ".join(f"{count} {state}" for state, count in counts.items())
        self.setAccessibleDescription(
            f"Frame {self._session.playhead}: {here}. Keyframes: {lane or 'none'}."
        )

    @Slot()
    def _repaint_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _redraw(self) -> None:
        """Draw the lanes anew with the next paint."""
        self._drawn = None
        self.update()
