"""How one take looks in the list: picture, name, star, prompt, figures, status."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from tokenflow_studio.core.review import Status
from tokenflow_studio.ui.icons import pixmap
from tokenflow_studio.ui.state.takes import TAKE_ROLE, Take, TakesModel, TakeState
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.threads.frame_store import FrameStore
from tokenflow_studio.ui.wording import duration, file_size

_HEIGHT, _PICTURE, _MARGIN, _STAR = 94, 58, 12, 14
_ICONS = {
    TakeState.RUNNING: ("running", "accent"),
    TakeState.CANCELLED: ("cancel", "text-dim"),
    TakeState.FAILED: ("warning", "error"),
}
STATUS_COLOURS = {
    Status.NEW: "text-dim",
    Status.FOR_REVIEW: "accent",
    Status.APPROVED: "propagated",
    Status.REJECTED: "error",
}


class TakeDelegate(QStyledItemDelegate):
    """Paints takes; asks the store for their thumbnails. Signal: `star_clicked(Take)`."""

    star_clicked = Signal(object)

    def __init__(
        self, frames: FrameStore, takes: TakesModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._frames = frames
        self._takes = takes

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, _HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        take = index.data(TAKE_ROLE)
        if not isinstance(take, Take):
            return
        painter.save()
        rect = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        _paint_ground(painter, rect, state)
        picture = QRectF(rect.left() + _MARGIN, rect.top() + _MARGIN, _PICTURE, _PICTURE)
        self._paint_picture(painter, take, picture)
        text = rect.adjusted(_MARGIN + _PICTURE + 10, _MARGIN - 3, -_MARGIN, -_MARGIN + 3)
        _paint_head(painter, take, text, bool(state & QStyle.StateFlag.State_MouseOver))
        _paint_text(painter, take, text)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        take = index.data(TAKE_ROLE)
        if event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            rect = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
            if isinstance(take, Take) and star_place(rect, take).contains(event.position()):
                self.star_clicked.emit(take)
                return True
        return super().editorEvent(event, model, option, index)

    def _paint_picture(self, painter: QPainter, take: Take, rect: QRectF) -> None:
        painter.fillRect(rect, theme().colour("track"))
        if take.poster is not None:
            image = self._frames.thumbnail(FrameKey(take.frames, take.poster))
            if image is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(rect, image, _filling(image, rect))
        reference, current = self._takes.reference, self._takes.current
        if reference is None:
            return
        sides = [side for side, of in (("A", reference), ("B", current)) if of and of.id == take.id]
        if sides:
            _paint_side(painter, "".join(sides), rect)


def star_place(rect: QRectF, take: Take) -> QRectF:
    """Where the star of a row at `rect` is, with a margin that fingers need."""
    name = QFontMetricsF(theme().font(weight=QFont.Weight.DemiBold)).horizontalAdvance(take.name)
    left = rect.left() + _MARGIN + _PICTURE + 10 + name + 6
    return QRectF(left, rect.top() + _MARGIN - 3, _STAR, _STAR).adjusted(-4, -4, 4, 4)


def _paint_ground(painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, theme().colour("button"))
        edge = QRectF(rect.left(), rect.top(), 2, rect.height())
        painter.fillRect(edge, theme().colour("accent"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, theme().colour("range"))


def _paint_side(painter: QPainter, text: str, rect: QRectF) -> None:
    """Which side of the viewer the take is at, in the picture's corner."""
    font = theme().font("small", QFont.Weight.DemiBold)
    width = QFontMetricsF(font).horizontalAdvance(text) + 9
    patch = QRectF(rect.left() + 3, rect.top() + 3, width, 16)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("overlay"))
    painter.drawRoundedRect(patch, 3, 3)
    painter.setFont(font)
    painter.setPen(theme().colour("text-strong"))
    painter.drawText(patch, int(Qt.AlignmentFlag.AlignCenter), text)


def _filling(image: QImage, rect: QRectF) -> QRectF:
    """The middle of the image that fills the rectangle without distortion."""
    scale = max(rect.width() / image.width(), rect.height() / image.height())
    width, height = rect.width() / scale, rect.height() / scale
    return QRectF((image.width() - width) / 2, (image.height() - height) / 2, width, height)


def _paint_head(painter: QPainter, take: Take, rect: QRectF, pointed_at: bool) -> None:
    """Name and star; at the right the status, or how far a take is that is not done."""
    title = theme().font(weight=QFont.Weight.DemiBold)
    painter.setFont(title)
    painter.setPen(theme().colour("text-strong"))
    painter.drawText(QPointF(rect.left(), rect.top() + 12), take.name)
    ratio = painter.device().devicePixelRatioF()
    if take.review.starred or (pointed_at and take.home):
        name, colour = ("star-on", "stale") if take.review.starred else ("star", "text-dim")
        left = rect.left() + QFontMetricsF(title).horizontalAdvance(take.name) + 6
        painter.drawPixmap(QPointF(left, rect.top()), pixmap(name, colour, _STAR, ratio))
    if take.state in _ICONS:
        name, colour = _ICONS[take.state]
        painter.drawPixmap(QPointF(rect.right() - 14, rect.top()), pixmap(name, colour, 14, ratio))
        return
    painter.setFont(theme().font("small"))
    painter.setPen(theme().colour(STATUS_COLOURS[take.review.status]))
    line = QRectF(rect.left(), rect.top(), rect.width(), 16)
    painter.drawText(line, int(Qt.AlignmentFlag.AlignRight), str(take.review.status))


def _paint_text(painter: QPainter, take: Take, rect: QRectF) -> None:
    small = theme().font("small")
    metrics = QFontMetricsF(small)
    painter.setFont(small)
    painter.setPen(theme().colour("text"))
    prompt = metrics.elidedText(
        take.request.prompt, Qt.TextElideMode.ElideRight, rect.width() * 1.8
    )
    room = QRectF(rect.left(), rect.top() + 17, rect.width(), 2 * metrics.height())
    painter.drawText(room, int(Qt.TextFlag.TextWordWrap), prompt)
    painter.setPen(theme().colour("text-dim"))
    for text, up in ((facts(take), metrics.height()), (figures(take), 0)):
        line = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QPointF(rect.left(), rect.bottom() - 1 - up), line)


def facts(take: Take) -> str:
    """The take's small print."""
    plural = "" if take.count == 1 else "s"
    parts = [f"{take.count} frame{plural}", f"seed {take.request.seed}"]
    if take.state in (TakeState.CANCELLED, TakeState.FAILED):
        parts.insert(0, str(take.state))
    elif take.seconds:
        parts.append(duration(take.seconds))
    return " · ".join(parts)


def figures(take: Take) -> str:
    """What was measured of the take."""
    parts = []
    if take.warp_error is not None:
        parts.append(f"warp {take.warp_error:.2f}")
    if take.prompt_match is not None:
        parts.append(f"match {take.prompt_match:.2f}")
    if take.size is not None:
        parts.append(file_size(take.size))
    return " · ".join(parts)
