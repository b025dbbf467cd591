"""How one job looks in the queue: state, what it makes, how far it is."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tokenflow_studio.ui.icons import pixmap
from tokenflow_studio.ui.state.job import STAGE_TITLES
from tokenflow_studio.ui.state.queue import ENTRY_ROLE, EntryState, QueueEntry
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.wording import duration, time_left

_HEIGHT, _MARGIN, _BAR = 42, 12, 180
_ICONS = {
    EntryState.WAITING: ("waiting", "text-dim"),
    EntryState.RUNNING: ("running", "accent"),
    EntryState.CANCELLING: ("running", "text-dim"),
    EntryState.DONE: ("done", "propagated"),
    EntryState.FAILED: ("warning", "error"),
    EntryState.CANCELLED: ("cancel", "text-dim"),
}


class QueueDelegate(QStyledItemDelegate):
    """Paints jobs."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(300, _HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, QueueEntry):
            return
        painter.save()
        rect = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme().colour("button"))
            if state & QStyle.StateFlag.State_HasFocus:
                edge = QRectF(rect.left(), rect.top(), 2, rect.height())
                painter.fillRect(edge, theme().colour("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme().colour("range"))
        name, colour = _ICONS[entry.state]
        ratio = painter.device().devicePixelRatioF()
        place = QPointF(rect.left() + _MARGIN, rect.center().y() - 8)
        painter.drawPixmap(place, pixmap(name, colour, 16, ratio))
        text = rect.adjusted(_MARGIN + 26, 5, -_MARGIN, -5)
        if entry.runs:
            text.setRight(text.right() - _BAR - 2 * _MARGIN)
            _paint_bar(painter, entry, rect)
        _paint_text(painter, entry, text)
        painter.restore()


def _paint_bar(painter: QPainter, entry: QueueEntry, rect: QRectF) -> None:
    bar = QRectF(rect.right() - _MARGIN - _BAR, rect.bottom() - 15, _BAR, 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("track"))
    painter.drawRoundedRect(bar, 2, 2)
    if entry.fraction > 0:
        painter.setBrush(theme().colour("accent"))
        filled = QRectF(bar)
        filled.setWidth(max(bar.height(), bar.width() * entry.fraction))
        painter.drawRoundedRect(filled, 2, 2)
    painter.setFont(theme().font("small"))
    painter.setPen(theme().colour("text-dim"))
    over = QRectF(bar.left(), rect.top() + 4, bar.width(), bar.top() - rect.top() - 6)
    low = Qt.AlignmentFlag.AlignBottom
    share = f"{entry.fraction:.0%}" if entry.fraction > 0 else ""
    painter.drawText(over, low | Qt.AlignmentFlag.AlignLeft, share)
    painter.drawText(over, low | Qt.AlignmentFlag.AlignRight, time_left(entry.eta))


def _paint_text(painter: QPainter, entry: QueueEntry, rect: QRectF) -> None:
    title = theme().font(weight=QFont.Weight.DemiBold)
    metrics = QFontMetricsF(title)
    painter.setFont(title)
    painter.setPen(theme().colour("text-strong"))
    baseline = rect.top() + metrics.ascent()
    name = metrics.elidedText(entry.title, Qt.TextElideMode.ElideMiddle, rect.width() * 0.6)
    painter.drawText(QPointF(rect.left(), baseline), name)
    after = metrics.horizontalAdvance(name) + 10
    plain = theme().font()
    painter.setFont(plain)
    painter.setPen(theme().colour("text"))
    prompt = QFontMetricsF(plain).elidedText(
        entry.order.request.prompt, Qt.TextElideMode.ElideRight, rect.width() - after
    )
    painter.drawText(QPointF(rect.left() + after, baseline), prompt)
    small = theme().font("small")
    painter.setFont(small)
    painter.setPen(theme().colour("error" if entry.state is EntryState.FAILED else "text-dim"))
    line = QFontMetricsF(small).elidedText(
        standing(entry), Qt.TextElideMode.ElideRight, rect.width()
    )
    painter.drawText(QPointF(rect.left(), rect.bottom() - 2), line)


def standing(entry: QueueEntry) -> str:
    """Where the job stands, in a line."""
    match entry.state:
        case EntryState.WAITING:
            return "Waits"
        case EntryState.CANCELLING:
            return "Cancelling…"
        case EntryState.RUNNING if entry.stage is None:
            return "Starting the worker…"
        case EntryState.RUNNING:
            steps = f" · {entry.step} of {entry.total}" if entry.total > 1 else ""
            return STAGE_TITLES[entry.stage] + steps  # pyright: ignore[reportArgumentType]
        case EntryState.DONE:
            plural = "" if entry.count == 1 else "s"
            return f"Done · {entry.count} frame{plural} · {duration(entry.elapsed)}"
        case EntryState.FAILED:
            return entry.message
        case EntryState.CANCELLED:
            return "Cancelled · what was computed is kept"
