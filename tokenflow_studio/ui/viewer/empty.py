"""What stands in the viewer's place while no clip is open."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tokenflow_studio.ui.icons import pixmap
from tokenflow_studio.ui.panels.building import button, label
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.viewer.first_steps import FirstSteps
from tokenflow_studio.ui.viewer.recent_row import RecentRow

_TITLE = "Drop a clip here"
_HINT = "A movie, an image sequence or one of its frames, a project, a timeline or a package"
_EDGE = 14  # logical pixels from the dashed line to the end of the widget
_LEAST = 204  # logical pixels that title, hint and buttons need, with what lies between all parts
_SPACING = 8
_STEPS = "Open a clip, write a prompt, look at the edited keyframes, propagate to every frame."


class EmptyState(QWidget):
    """Invites to open a clip or drop one. Signals: `open_wanted()`, `demo_wanted()`."""

    open_wanted = Signal()
    demo_wanted = Signal()

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hot = False
        self.invitation = QWidget(self)
        self.open = button("openButton", "Open clip…", "open", self.invitation, "main")
        self.demo = button("demoButton", "Open the demo clip", "film", self.invitation)
        self.open.clicked.connect(self.open_wanted)
        self.demo.clicked.connect(self.demo_wanted)
        self.recent = RecentRow(studio.recent, self.invitation)
        self.recent.chosen.connect(studio.open)
        self.first = FirstSteps(studio, self.invitation)
        picture = QLabel(self)
        picture.setPixmap(pixmap("logo", "line-strong", 56, self.devicePixelRatioF()))
        self.title = label(_TITLE, "title", self)
        self.hint = label(_HINT, "dim", self)
        steps = label(_STEPS, "small", self)
        self._lesser = (steps, picture, self.first, self.recent)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * _EDGE, 2 * _EDGE, 2 * _EDGE, 2 * _EDGE + 8)
        column.setSpacing(_SPACING)
        column.addStretch(5)
        for widget, after in ((picture, 12), (self.title, 0), (self.hint, 16)):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
            column.addSpacing(after)
        self._invite()
        column.addWidget(self.invitation)
        column.addStretch(4)
        steps.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(steps)
        studio.recent.changed.connect(self._fill)
        studio.settings.changed.connect(self._fill)

    def _invite(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.open)
        row.addWidget(self.demo)
        row.addStretch()
        column = QVBoxLayout(self.invitation)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.recent, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(28)
        column.addWidget(self.first, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_lost(self, clip: str, place: str) -> None:
        """Say that the media of a shot is not at its place; an empty name invites again."""
        self.title.setText(f"{clip} is missing" if clip else _TITLE)
        self.hint.setText(place if clip else _HINT)
        self.invitation.setVisible(not clip)

    @Slot()
    def _fill(self, _changed: object = None) -> None:
        """Show what there is room for: where the window is low, the lesser parts give way."""
        wanted = [part for part in self._lesser if self._is_wanted(part)]
        room = self.height() - _LEAST
        while wanted and sum(map(_taken, wanted)) > room:
            del wanted[0]
        for part in self._lesser:
            part.setVisible(part in wanted)

    def _is_wanted(self, part: QWidget) -> bool:
        if part is self.recent:
            return bool(self.recent.tiles)
        return part is not self.first or self.first.wanted

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()

    def set_hot(self, hot: bool) -> None:
        """Show that a drop would be taken."""
        if hot != self._hot:
            self._hot = hot
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("viewer"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme().colour("accent" if self._hot else "line")
        painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), 6, 6)


def _taken(part: QWidget) -> int:
    """The height that a part takes of the whole; wrapped text is higher than one line."""
    return max(part.minimumSizeHint().height(), part.heightForWidth(part.width())) + _SPACING
