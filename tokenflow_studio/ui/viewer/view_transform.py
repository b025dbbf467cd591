"""Where the picture lies in the viewer: fit, zoom to the pointer, pan. All in device pixels."""

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

_MIN, _MAX = 0.02, 64.0
_STEP = 1.2  # zoom factor of one notch of the wheel


@dataclass(frozen=True, slots=True)
class ViewTransform:
    """zoom: device pixels per picture pixel, None to fit; pan: offset of the centres."""

    zoom: float | None = None
    pan: QPointF = field(default_factory=QPointF)

    def scale(self, picture: QSizeF, area: QRectF) -> float:
        """Device pixels per picture pixel in that area."""
        if self.zoom is not None:
            return self.zoom
        if picture.isEmpty() or area.isEmpty():
            return 1.0
        return min(area.width() / picture.width(), area.height() / picture.height())

    def place(self, picture: QSizeF, area: QRectF) -> QRectF:
        """The rectangle that the picture fills, on whole device pixels."""
        scale = self.scale(picture, area)
        width, height = round(picture.width() * scale), round(picture.height() * scale)
        pan = self.pan if self.zoom is not None else QPointF(0, 0)
        left = area.center().x() - width / 2 + pan.x()
        top = area.center().y() - height / 2 + pan.y()
        return QRectF(round(left), round(top), width, height)

    def zoomed(
        self, notches: float, pointer: QPointF, picture: QSizeF, area: QRectF
    ) -> "ViewTransform":
        """Zoom by notches of the wheel; the point under the pointer stays where it is."""
        before = self.scale(picture, area)
        after = min(max(before * _STEP**notches, _MIN), _MAX)
        pan = self.pan if self.zoom is not None else QPointF(0, 0)
        anchor = pointer - area.center()
        return ViewTransform(after, anchor - (anchor - pan) * (after / before))

    def moved(self, by: QPointF, picture: QSizeF, area: QRectF) -> "ViewTransform":
        """Pan by that many device pixels."""
        return replace(
            self,
            zoom=self.scale(picture, area),
            pan=(self.pan if self.zoom is not None else QPointF(0, 0)) + by,
        )
