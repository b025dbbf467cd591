"""How one take looks in the list: picture, name, prompt, state."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from tokenflow_studio.ui.icons import pixmap
from tokenflow_studio.ui.panels.durations import duration
from tokenflow_studio.ui.state.takes import TAKE_ROLE, Take, TakeState
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.cache import FrameKey
from tokenflow_studio.ui.threads.frame_store import FrameStore

_HEIGHT, _PICTURE, _MARGIN = 78, 54, 12
_ICONS = {
    TakeState.RUNNING: ("running", "accent"),
    TakeState.DONE: ("done", "propagated"),
    TakeState.CANCELLED: ("cancel", "text-dim"),
    TakeState.FAILED: ("warning", "error"),
}


class TakeDelegate(QStyledItemDelegate):
    """Paints takes; asks the store for their thumbnails."""

    def __init__(self, frames: FrameStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames = frames

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
        self._paint_ground(painter, rect, state)
        picture = QRectF(rect.left() + _MARGIN, rect.top() + _MARGIN, _PICTURE, _PICTURE)
        self._paint_picture(painter, take, picture)
        text = rect.adjusted(_MARGIN + _PICTURE + 10, _MARGIN - 2, -_MARGIN, -_MARGIN + 2)
        _paint_text(painter, take, text)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme().colour("button"))
            edge = QRectF(rect.left(), rect.top(), 2, rect.height())
            painter.fillRect(edge, theme().colour("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme().colour("range"))

    def _paint_picture(self, painter: QPainter, take: Take, rect: QRectF) -> None:
        painter.fillRect(rect, theme().colour("track"))
        if take.poster is None:
            return
        image = self._frames.thumbnail(FrameKey(take.frames, take.poster))
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, image, _filling(image, rect))


def _filling(image: QImage, rect: QRectF) -> QRectF:
    """The middle of the image that fills the rectangle without distortion."""
    scale = max(rect.width() / image.width(), rect.height() / image.height())
    width, height = rect.width() / scale, rect.height() / scale
    return QRectF((image.width() - width) / 2, (image.height() - height) / 2, width, height)


def _paint_text(painter: QPainter, take: Take, rect: QRectF) -> None:
    title = theme().font(weight=QFont.Weight.DemiBold)
    painter.setFont(title)
    painter.setPen(theme().colour("text-strong"))
    line = QFontMetricsF(title).height() + 1
    painter.drawText(QPointF(rect.left(), rect.top() + 12), take.name)
    name, colour = _ICONS[take.state]
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(QPointF(rect.right() - 14, rect.top()), pixmap(name, colour, 14, ratio))
    small = theme().font("small")
    painter.setFont(small)
    painter.setPen(theme().colour("text"))
    metrics = QFontMetricsF(small)
    prompt = metrics.elidedText(
        take.request.prompt, Qt.TextElideMode.ElideRight, rect.width() * 1.8
    )
    room = QRectF(rect.left(), rect.top() + line, rect.width(), 2 * metrics.height())
    painter.drawText(room, int(Qt.TextFlag.TextWordWrap), prompt)
    painter.setPen(theme().colour("text-dim"))
    painter.drawText(QPointF(rect.left(), rect.bottom() - 1), facts(take))


def facts(take: Take) -> str:
    """The take's small print."""
    plural = "" if take.count == 1 else "s"
    parts = [f"{take.count} frame{plural}", f"seed {take.request.seed}"]
    if take.state in (TakeState.CANCELLED, TakeState.FAILED):
        parts.insert(0, str(take.state))
    elif take.seconds:
        parts.append(duration(take.seconds))
    return " · ".join(parts)
