"""The viewer: the pictures at the playhead, compared in one of six ways."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokenflow_studio.ui.state.display import Display, Picture
from tokenflow_studio.ui.state.session import Compare, Session
from tokenflow_studio.ui.state.viewing import Print, Viewing
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.viewer.composition import (
    areas,
    fit_size,
    paint_comparison,
    picture_size,
)
from tokenflow_studio.ui.viewer.difference import Differences
from tokenflow_studio.ui.viewer.grading import Grader
from tokenflow_studio.ui.viewer.guides import paint_guides
from tokenflow_studio.ui.viewer.hud import paint_names, paint_place, probe_text
from tokenflow_studio.ui.viewer.masks import paint_mask
from tokenflow_studio.ui.viewer.overlay import paint_tag
from tokenflow_studio.ui.viewer.view_transform import ViewTransform
from tokenflow_studio.ui.viewer.wipe import WipeEdge, angle_towards, paint_wipe, share_through

Layer = Callable[[QPainter, QRectF, QRectF], None]


class Viewer(QWidget):
    """Shows what `Display` holds. Wheel zooms to the pointer, Ctrl+wheel scrubs, the middle button
    pans (so does Alt with the left one), the wipe's edge can be dragged, some keys show the
    source while they are held.

    Signals: `zoom_changed(float)` in device pixels per picture pixel.
    """

    zoom_changed = Signal(float)

    def __init__(
        self, session: Session, display: Display, viewing: Viewing, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.setAccessibleName("Viewer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._session = session
        self._display = display
        self._viewing = viewing
        self._grader = Grader()
        self._differences = Differences()
        self._pointer: QPointF | None = None  # over the viewer, in device pixels
        self._view = ViewTransform()
        self._drag = ""  # "", "pan", "wipe" or "turn"
        self._pivot = QPointF()  # what the wipe's edge is turned around, in device pixels
        self._last = QPointF()
        self._told = 0.0
        self._held_keys: tuple[QKeySequence, ...] = ()
        self._layers: list[Layer] = []
        display.changed.connect(self._on_pictures)
        session.compare_changed.connect(self._on_compare)
        session.wipe_changed.connect(self.update)
        session.blend_changed.connect(self.update)
        viewing.changed.connect(self.update)
        session.clip_changed.connect(self.fit)

    @property
    def view(self) -> ViewTransform:
        """Zoom and pan."""
        return self._view

    def add_layer(self, paint: Layer) -> None:
        """Paint something over each picture, in device pixels: its rectangle and the part's."""
        self._layers.append(paint)

    @property
    def picture_size(self) -> QSizeF:
        """The size of the pictures in their own pixels."""
        return picture_size(self._sides())

    def place_in_picture(self, point: QPointF) -> tuple[float, float] | None:
        """What pixel of the picture lies at a point of the widget, with its fraction; None beside
        every picture."""
        device = point * self.devicePixelRatioF()
        size = picture_size(self._sides())
        for rect, area in self.placed:
            if area.contains(device) and not rect.isEmpty():
                share = device - rect.topLeft()
                return (
                    share.x() / rect.width() * size.width(),
                    share.y() / rect.height() * size.height(),
                )
        return None

    @Slot()
    def fit(self) -> None:
        """Show the whole picture."""
        self._show(ViewTransform())

    @Slot()
    def actual_size(self) -> None:
        """One picture pixel on one device pixel, in the middle."""
        self._show(ViewTransform(1.0))

    def sizeHint(self) -> QSize:
        return QSize(960, 540)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("viewer"))
        if self._session.clip is None:
            return
        ratio = self.devicePixelRatioF()
        placed = self.placed
        session, viewing = self._session, self._viewing
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        sides = self._graded(fit_size(placed[0][0], picture_size(self._sides())))
        paint_comparison(painter, session, viewing, sides, placed, self._differences)
        for rect, area in placed:
            for paint in self._layers:
                paint(painter, rect, area)
            if viewing.mask:
                paint_mask(painter, rect, area, viewing.mask, viewing.mask_style)
            paint_guides(painter, rect, area, viewing.guides)
        if self._has_wipe:
            paint_wipe(painter, self._wipe_edge, self._wipe_seen)
        painter.restore()
        self._paint_words(painter)

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if self._session.clip is None or not notches:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._session.step(-1 if notches > 0 else 1)
            return
        pointer = event.position() * self.devicePixelRatioF()
        part = self._part_at(pointer)
        self._show(self._view.zoomed(notches, pointer, picture_size(self._sides()), part))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = event.position()
        button, alt = event.button(), event.modifiers() & Qt.KeyboardModifier.AltModifier
        if button == Qt.MouseButton.MiddleButton or (alt and button == Qt.MouseButton.LeftButton):
            self._drag = "pan"
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif button == Qt.MouseButton.LeftButton:
            self._drag = self._wipe_part_at(event.position())
            self._pivot = self._wipe_edge.grip(self._wipe_seen)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag == "pan":
            by = (event.position() - self._last) * self.devicePixelRatioF()
            self._last = event.position()
            rect = picture_size(self._sides())
            self._show(self._view.moved(by, rect, self._part_at(QPointF())))
        elif self._drag == "wipe":
            self._lay_wipe_through(event.position() * self.devicePixelRatioF())
        elif self._drag == "turn":
            pointer = event.position() * self.devicePixelRatioF()
            self._viewing.set_wipe_angle(angle_towards(self._pivot, pointer))
            self._lay_wipe_through(self._pivot)
        else:
            self._point_at(event.position() * self.devicePixelRatioF())
            level = self._viewing.level_wipe
            split = Qt.CursorShape.SplitVCursor if level else Qt.CursorShape.SplitHCursor
            shapes = {"wipe": split, "turn": Qt.CursorShape.PointingHandCursor}
            part = self._wipe_part_at(event.position())
            self.setCursor(shapes.get(part, Qt.CursorShape.ArrowCursor))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = ""
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(None)

    def event(self, event: QEvent) -> bool:
        # Tab would move the focus before keyPressEvent saw it; Shift+Tab still does.
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and not event.modifiers()
        ):
            self._session.swap_sides()
            return True
        return super().event(event)

    def set_held_keys(self, keys: Sequence[QKeySequence]) -> None:
        """The keys that show the source while they are down."""
        self._held_keys = tuple(keys)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if QKeySequence(event.keyCombination()) in self._held_keys:
            self._session.hold_source(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        held = QKeySequence(event.keyCombination()) in self._held_keys
        if held and not event.isAutoRepeat():
            self._session.hold_source(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._session.hold_source(False)  # the key's release would go elsewhere
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_zoom()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update()

    def _sides(self) -> tuple[Picture | None, Picture | None]:
        return self._display.source, self._display.edit

    def _graded(self, size: QSize) -> tuple[QImage | None, QImage | None]:
        """Both sides in that size, if it is ready, as channel, exposure and gamma show them."""
        source, edit = (
            None if side is None else self._display.fitted(side, size) for side in self._sides()
        )
        grade = self._viewing.grade
        return (
            None if source is None else self._grader.apply(source, grade),
            None if edit is None else self._grader.apply(edit, grade),
        )

    def _point_at(self, pointer: QPointF | None) -> None:
        if pointer != self._pointer:
            self._pointer = pointer
            if Print.VALUES in self._viewing.prints:
                self.update()

    def _area(self) -> QRectF:
        ratio = self.devicePixelRatioF()
        return QRectF(0, 0, self.width() * ratio, self.height() * ratio)

    @property
    def placed(self) -> list[tuple[QRectF, QRectF]]:
        """For each part of the viewer: where the picture lies, and the part's own rectangle."""
        size = picture_size(self._sides())
        parts = areas(self._session.compare, self._area())
        return [(self._view.place(size, part), part) for part in parts]

    def _part_at(self, pointer: QPointF) -> QRectF:
        parts = areas(self._session.compare, self._area())
        return next((part for part in parts if part.contains(pointer)), parts[0])

    def _wipe_part_at(self, point: QPointF) -> str:
        """What of the wipe the pointer would take hold of: "wipe", "turn" or nothing."""
        ratio, edge = self.devicePixelRatioF(), self._wipe_edge
        if not self._has_wipe:
            return ""
        if edge.is_on_knob(point * ratio, self._wipe_seen, ratio):
            return "turn"
        return "wipe" if edge.is_near(point * ratio, ratio) else ""

    def _lay_wipe_through(self, place: QPointF) -> None:
        angle = self._viewing.wipe_angle
        self._session.set_wipe(share_through(self.placed[0][0], angle, place))

    @property
    def _wipe_edge(self) -> WipeEdge:
        return WipeEdge.of(self.placed[0][0], self._session.wipe, self._viewing.wipe_angle)

    @property
    def _wipe_seen(self) -> QRectF:
        rect, area = self.placed[0]
        return rect & area

    @property
    def _has_wipe(self) -> bool:
        return self._session.compare is Compare.WIPE and self._display.edit is not None

    def _show(self, view: ViewTransform) -> None:
        self._view = view
        self._tell_zoom()
        self.update()

    def _tell_zoom(self) -> None:
        zoom = self._view.scale(picture_size(self._sides()), self._part_at(QPointF()))
        if zoom != self._told:
            self._told = zoom
            self.zoom_changed.emit(zoom)

    @Slot()
    def _on_pictures(self) -> None:
        self._tell_zoom()
        self.update()

    @Slot(object)
    def _on_compare(self, _mode: Compare) -> None:
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._tell_zoom()
        self.update()

    def _paint_words(self, painter: QPainter) -> None:
        whole = QRectF(self.rect())
        paint_names(painter, self._session, self._viewing, self._display, whole)
        grade, view = self._viewing.grade.label, self._session.view
        if grade:
            shown = "   ".join(filter(None, (view, f"{grade}   (Ctrl+R resets)")))
            paint_tag(painter, shown, whole, None, "stale")
        elif view:
            paint_tag(painter, view, whole, None, "text-dim")
        if Print.PLACE in self._viewing.prints:
            paint_place(painter, self._session, whole)
        point = self._pointer
        if point is not None and Print.VALUES in self._viewing.prints:
            place = next((r for r, area in self.placed if area.contains(point)), QRectF())
            values = probe_text(point, place, self._sides(), self._display)
            if values:
                paint_tag(painter, values, whole, Qt.Corner.BottomRightCorner)
