"""The timeline: ruler, keyframe lane, propagated and cached frames, playhead."""

from collections import Counter

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.settings import RulerUnit
from tokenflow_studio.ui.state.marks import Mark, MarkState
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.timeline import lanes as paint
from tokenflow_studio.ui.timeline.drawing import LanesDrawing
from tokenflow_studio.ui.timeline.hover import HoverPreview
from tokenflow_studio.ui.timeline.keyframe_menu import keyframe_menu
from tokenflow_studio.ui.timeline.lanes import Lanes
from tokenflow_studio.ui.timeline.places import place_text
from tokenflow_studio.ui.timeline.rows import RULER, WITH_PICTURES, WITHOUT_PICTURES, Rows
from tokenflow_studio.ui.timeline.ruler import Numbering, numbering
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
    Beside the drags, the mouse shows the frame that it points at.

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
        self._drawing = LanesDrawing(studio)
        self.hover: HoverPreview | None = None  # made once the timeline has its window
        # Frames arrive faster than the bar need be drawn.
        self._soon = QTimer(self, singleShot=True, interval=_REPAINT)
        self._soon.timeout.connect(self._redraw)
        self._session.clip_changed.connect(self.fit)
        self._session.playhead_changed.connect(self._follow)
        self._session.range_changed.connect(self._redraw)
        self._session.playhead_changed.connect(self._describe)
        studio.marks.changed.connect(self._redraw)
        studio.marks.changed.connect(self._describe)
        studio.takes.current_changed.connect(self._redraw)
        studio.takes.frames_added.connect(self._repaint_soon)
        studio.frames.ready.connect(self._repaint_soon)
        studio.frames.thumbnail_ready.connect(self._repaint_soon)
        studio.frames.failed.connect(self._repaint_soon)
        studio.settings.changed.connect(self._on_settings)

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

    @property
    def rows(self) -> Rows:
        """The lanes' heights, with pictures or without."""
        return WITH_PICTURES if self._studio.settings.value.thumbnails else WITHOUT_PICTURES

    @Slot()
    def toggle_thumbnails(self) -> None:
        """Show the pictures of the filmstrip and of the keyframes, or hide them."""
        settings = self._studio.settings
        settings.set(thumbnails=not settings.value.thumbnails)

    @Slot()
    def toggle_ruler(self) -> None:
        """Count in timecode, or in frames again."""
        timecode = self._studio.settings.value.ruler_unit is RulerUnit.TIMECODE
        self._studio.settings.set(ruler_unit=RulerUnit.FRAMES if timecode else RulerUnit.TIMECODE)

    def zoom(self, notches: float) -> None:
        """Zoom in by so many notches of the wheel, around the playhead."""
        if self._scale is not None:
            self._zoom(notches, self._scale.centre(self._session.playhead))

    def sizeHint(self) -> QSize:
        return QSize(640, self.rows.height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._drawn is None or self._drawn.devicePixelRatioF() != self.devicePixelRatioF():
            self._drawn = self._draw_lanes()
        painter.drawPixmap(0, 0, self._drawn)
        lanes, numbers = self._lanes(), self._numbers()
        if lanes is None or numbers is None:
            return
        playhead = self._session.playhead
        mark = self._studio.marks.at(playhead)
        if mark is not None:
            paint.paint_current(painter, lanes, mark)
        if self._target is not None:
            paint.paint_ghost(painter, lanes, self._target)
        paint.paint_playhead(painter, lanes, playhead, numbers.text(playhead))

    def _draw_lanes(self) -> QPixmap:
        size, ratio = self.size(), self.devicePixelRatioF()
        lanes, numbers, clip = self._lanes(), self._numbers(), self._session.clip
        if lanes is None or numbers is None or clip is None:
            return self._drawing.empty(size, ratio, self.rows, self._extent())
        return self._drawing.lanes(size, ratio, lanes, clip, numbers)

    def _lanes(self) -> Lanes | None:
        if self._scale is None or self._session.in_out is None:
            return None
        left, width = self._extent()
        return Lanes(self._scale, left, left + width, self.rows)

    def _numbers(self) -> Numbering | None:
        clip, unit = self._session.clip, self._studio.settings.value.ruler_unit
        return numbering(clip, unit) if clip else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._scale is None or self._session.in_out is None:
            return
        self._stop_hover()
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
            self._hover_at(event.position())
        self._last = x

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._stop_hover()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        target, self._target, self._drag = self._target, None, ""
        if target is not None:
            self._studio.placement.move(self._from, target)
            self._session.set_playhead(target)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.position().y() < RULER:
            self._session.set_range(None)
        elif event.position().y() <= RULER + 20:  # the click before has moved the playhead here
            self._studio.placement.toggle()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._scale is None:
            return
        place = QPointF(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = QPointF(self._scale.centre(self._session.playhead), RULER + self.rows.lane / 2)
        elif RULER < place.y() <= RULER + self.rows.lane:
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
            self._zoom(notches, event.position().x())
        self._redraw()

    def _zoom(self, notches: float, x: float) -> None:
        assert self._scale is not None
        self._scale = self._scale.zoomed(1.25**notches, x, self._extent())
        self._redraw()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._hint(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _extent(self) -> tuple[float, float]:
        """Left edge and width of the lanes."""
        return _MARGIN, max(self.width() - 2 * _MARGIN, 1.0)

    def _hint(self, place: QPointF) -> str:
        mark = self._mark_at(place)
        if mark is not None:
            return f"Keyframe {mark.frame}: {_HINTS[mark.state]}"
        on_bars = self._scale is not None and place.y() >= self.rows.propagated_top - 2
        return self._drawing.note(self._scale.frame(place.x())) if self._scale and on_bars else ""

    def _hover_at(self, place: QPointF) -> None:
        """Show the frame there, unless the lane of the keyframes is meant, which shows its own."""
        clip, on_lane = self._session.clip, RULER < place.y() <= RULER + self.rows.lane
        wanted = self._studio.settings.value.thumbnails and not self._studio.playback.speed
        if self._scale is None or clip is None or on_lane or not wanted:
            self._stop_hover()
            return
        if self.hover is None:
            self.hover = HoverPreview(self._studio, self.window())
        frame = self._scale.frame(place.x())
        unit = self._studio.settings.value.place_unit
        above = self.mapTo(self.window(), QPoint(round(place.x()), -2))
        self.hover.show_frame(frame, f"{frame}    {place_text(frame, clip, unit)}", above)

    def _stop_hover(self) -> None:
        if self.hover is not None:
            self.hover.hide()

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
    def _follow(self) -> None:
        """Keep the playhead in sight where the timeline is zoomed: it turns pages while it runs."""
        if self._scale is not None and not self._drag:
            left, width = self._extent()
            at = self._scale.centre(self._session.playhead)
            if not left <= at <= left + width:
                ahead = 0.1 if at > left + width else 0.9
                self._scale = self._scale.panned(left + ahead * width - at, self._extent())
                self._redraw()
        self.update()

    @Slot()
    def _on_settings(self) -> None:
        self.updateGeometry()
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
