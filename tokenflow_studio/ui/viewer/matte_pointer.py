"""Drawing mattes in the viewer: the pointer, and what is painted of shapes and tint."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF

from tokenflow_studio.core.finishing import Point, Polygon
from tokenflow_studio.ui.state.matte import MatteDrawing, MatteTool
from tokenflow_studio.ui.state.shapes import Grip, ellipse, grip_at, handles
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.viewer.viewer import Viewer

_REACH = 8  # logical pixels around a handle that take hold of it
_HANDLE = 7  # logical pixels: its side
_FINISHING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class MattePointer(QObject):
    """Stands between the viewer and its events while a tool is held: the left button draws, and
    moves what is drawn. Enter, a double click or a click on the first point closes a polygon, Del
    removes what is under the pointer, Esc gives up.
    """

    def __init__(self, viewer: Viewer, drawing: MatteDrawing) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._drawing = drawing
        self._pointer: Point | None = None
        self._grip: Grip | None = None
        self._corner: Point | None = None
        viewer.installEventFilter(self)
        viewer.add_layer(self.paint)
        drawing.changed.connect(self._show)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._drawing.tool is MatteTool.NONE:
            return False
        if isinstance(event, QKeyEvent):
            return self._on_key(event)
        if not isinstance(event, QMouseEvent):
            return False
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return False  # pans
        point = self._viewer.place_in_picture(event.position())
        left = event.button() == Qt.MouseButton.LeftButton
        match event.type():
            case QEvent.Type.MouseButtonPress if left and point is not None:
                self._press(point)
            case QEvent.Type.MouseButtonDblClick if left:
                self._drawing.close_polygon()
            case QEvent.Type.MouseMove if not event.buttons() & Qt.MouseButton.MiddleButton:
                self._move(point)
            case QEvent.Type.MouseButtonRelease if left:
                self._release(point)
            case _:
                return False
        return True

    def paint(self, painter: QPainter, rect: QRectF, area: QRectF) -> None:
        """The tint of the matte, and while a tool is held the outlines of its shapes."""
        drawing = self._drawing
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        picture = drawing.picture
        if not picture.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, picture)
        if drawing.tool is not MatteTool.NONE:
            self._paint_shapes(painter, rect)
        painter.restore()

    def _paint_shapes(self, painter: QPainter, rect: QRectF) -> None:
        scale = self._scale(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for shape in self._drawing.shapes:
            _outline(painter, [_placed(point, rect, scale) for point in shape], closed=True)
            for handle in handles(shape):
                _paint_handle(painter, _placed(handle, rect, scale))
        points = list(self._begun())
        if points:
            ellipse_begun = self._corner is not None
            shown = [_placed(point, rect, scale) for point in points]
            if not ellipse_begun and self._pointer is not None:
                shown.append(_placed(self._pointer, rect, scale))
            _outline(painter, shown, closed=ellipse_begun)
            for place in shown[: 0 if ellipse_begun else len(points)]:
                _paint_handle(painter, place)

    def _begun(self) -> Polygon:
        """What is being drawn."""
        if self._corner is not None and self._pointer is not None:
            return ellipse(self._corner, self._pointer)
        return self._drawing.pending

    def _press(self, point: Point) -> None:
        drawing = self._drawing
        if drawing.pending:
            first = drawing.pending[0]
            if len(drawing.pending) >= 3 and _near(first, point, self._reach()):
                drawing.close_polygon()
            else:
                drawing.add_point(point)
            return
        self._pointer = point
        self._grip = grip_at(drawing.shapes, point, self._reach())
        if self._grip is None and drawing.tool is MatteTool.POLYGON:
            drawing.add_point(point)
        elif self._grip is None:
            self._corner = point

    def _move(self, point: Point | None) -> None:
        before, self._pointer = self._pointer, point
        if point is None:
            return
        if self._grip is not None and before is not None:
            self._drawing.drag(self._grip, point, (point[0] - before[0], point[1] - before[1]))
        elif self._corner is None:
            held = grip_at(self._drawing.shapes, point, self._reach())
            shape = Qt.CursorShape.CrossCursor if held is None else Qt.CursorShape.SizeAllCursor
            self._viewer.setCursor(shape)
        self._viewer.update()

    def _release(self, point: Point | None) -> None:
        corner, self._corner, self._grip = self._corner, None, None
        end = point or self._pointer
        if corner is not None and end is not None:
            self._drawing.add_ellipse(corner, end)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        wanted = key == Qt.Key.Key_Escape or key in _FINISHING or key in _REMOVING
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not wanted:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # else the window's shortcuts take Esc and Del
            return True
        if event.type() == QEvent.Type.KeyPress:
            self._on_wanted(Qt.Key(key))
        return True

    def _on_wanted(self, key: Qt.Key) -> None:
        drawing = self._drawing
        if key == Qt.Key.Key_Escape:
            self._corner = None
            drawing.give_up()
        elif key in _FINISHING:
            drawing.close_polygon()
        elif drawing.pending:
            drawing.take_back_point()
        elif self._pointer is not None:
            held = grip_at(drawing.shapes, self._pointer, self._reach())
            if held is not None:
                drawing.remove(held)

    @Slot()
    def _show(self) -> None:
        if self._drawing.tool is MatteTool.NONE:
            self._grip = self._corner = None
            self._viewer.setCursor(Qt.CursorShape.ArrowCursor)
        self._viewer.update()

    def _reach(self) -> float:
        """In pixels of the picture."""
        rect = self._viewer.placed[0][0]
        return _REACH * self._viewer.devicePixelRatioF() / max(self._scale(rect)[0], 1e-6)

    def _scale(self, rect: QRectF) -> tuple[float, float]:
        """Device pixels per pixel of the picture."""
        size = self._viewer.picture_size
        return rect.width() / max(size.width(), 1), rect.height() / max(size.height(), 1)


def _placed(point: Point, rect: QRectF, scale: tuple[float, float]) -> QPointF:
    return QPointF(rect.left() + point[0] * scale[0], rect.top() + point[1] * scale[1])


def _near(point: Point, other: Point, reach: float) -> bool:
    return abs(point[0] - other[0]) <= reach and abs(point[1] - other[1]) <= reach


def _outline(painter: QPainter, points: list[QPointF], closed: bool) -> None:
    """A line that every picture leaves visible: bright on dark."""
    ratio = painter.device().devicePixelRatioF()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = QPolygonF(points)
    for colour, width in ((QColor(0, 0, 0, 150), 3.0), (theme().colour("text-strong"), 1.2)):
        painter.setPen(QPen(colour, width * ratio))
        if closed:
            painter.drawPolygon(line)
        else:
            painter.drawPolyline(line)


def _paint_handle(painter: QPainter, place: QPointF) -> None:
    side = _HANDLE * painter.device().devicePixelRatioF()
    painter.setPen(QPen(QColor(0, 0, 0, 180), 1))
    painter.setBrush(theme().colour("text-strong"))
    painter.drawRect(QRectF(place.x() - side / 2, place.y() - side / 2, side, side))
