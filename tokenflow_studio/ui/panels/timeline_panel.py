"""The question before a timeline is opened: its shots, and what of it cannot be taken over."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tokenflow_studio.ui.panels.question_panel import Answer, QuestionPanel
from tokenflow_studio.ui.state.timelines import Timelines
from tokenflow_studio.ui.theme import theme
from tokenflow_studio.ui.threads.timelines import Cut, CutShot

_OPEN, _DECLINE = "openTimelineButton", "declineTimelineButton"
_LEAST, _MOST = 84, 260  # of the list's height: two rows, nine
_SHARE = 6  # the list takes at most this part of the window's height
_COLUMN = 100


class TimelinePanel(QFrame):
    """Shown while a timeline is offered; none of its shots is opened before the answer."""

    def __init__(self, timelines: Timelines, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timelines = timelines
        answers = (Answer(_OPEN, "Open Shots", "main"), Answer(_DECLINE, "Don’t Open"))
        self.question = QuestionPanel("timelinePanel", answers, self)
        self.rate = QComboBox(self)
        self.rate.setObjectName("timelineRateBox")
        self.rate.setAccessibleName("Frame rate of the EDL")
        self.rate.setToolTip("An EDL does not tell its frame rate: choose it here.")
        self.question.insert(self.rate)
        self.list = QTreeWidget(self)
        self.list.setObjectName("timelineShots")
        self.list.setAccessibleName("Shots of the timeline")
        self.list.setHeaderLabels(["Shot", "Frames", "Media"])
        self.list.setRootIsDecorated(False)
        self.list.setItemsExpandable(False)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.list.header().setMinimumSectionSize(_COLUMN)
        for column in (0, 1):
            self.list.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.question)
        column.addWidget(self.list)
        self.question.answered.connect(self._on_answer)
        self.rate.activated.connect(self._on_rate)
        timelines.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        cut = self._timelines.offered
        self.list.clear()
        # In a small window a higher list would squeeze the viewer.
        self.list.setMaximumHeight(min(max(self.window().height() // _SHARE, _LEAST), _MOST))
        if cut is not None:
            for shot in cut.shots:
                self._add(shot)
            for remark in cut.remarks:
                self._remark(remark, self.list.invisibleRootItem())
            self.question.buttons[_OPEN].setEnabled(bool(cut.ready))
        self._show_rates(cut)
        asked = " Its EDL does not tell the frame rate: check it." if cut and cut.rates else ""
        self.question.ask("" if cut is None else _question(cut) + asked)
        self.setVisible(cut is not None)

    def _show_rates(self, cut: Cut | None) -> None:
        """The rates to choose from, where the file tells none."""
        rates = sorted(cut.rates) if cut is not None else []
        self.rate.clear()
        self.rate.addItems([f"{float(rate):.5g} fps" for rate in rates])
        if cut is not None and cut.rate in rates:
            self.rate.setCurrentIndex(rates.index(cut.rate))
        self.rate.setVisible(bool(rates))

    @Slot(int)
    def _on_rate(self, place: int) -> None:
        cut = self._timelines.offered
        if cut is not None:
            self._timelines.set_rate(sorted(cut.rates)[place])

    def _add(self, shot: CutShot) -> None:
        frames = str(shot.frames) if shot.frames else "–"
        row = QTreeWidgetItem(self.list, [shot.name, frames, shot.media or "–"])
        row.setToolTip(2, shot.media)
        if shot.shot is None:
            for column in range(self.list.columnCount()):
                row.setForeground(column, QBrush(theme().colour("text-dim")))
        for remark in shot.remarks:
            self._remark(remark, row)
        row.setExpanded(True)

    def _remark(self, sentence: str, above: QTreeWidgetItem) -> None:
        """A sentence over the whole width, under what it is about."""
        row = QTreeWidgetItem(above, [sentence])
        row.setFirstColumnSpanned(True)
        row.setToolTip(0, sentence)
        row.setForeground(0, QBrush(theme().colour("stale")))

    @Slot(str)
    def _on_answer(self, name: str) -> None:
        if name == _OPEN:
            self._timelines.accept()
        else:
            self._timelines.decline()


def _question(cut: Cut) -> str:
    count, ready = len(cut.shots), len(cut.ready)
    if not ready:
        return f"None of the shots of {cut.name} can be opened ({count}): the list says why."
    if ready == count:
        return f"{cut.name} has {_shots(count)}: each opens as a tab, with its in and out."
    return (
        f"{ready} of the {_shots(count)} of {cut.name} can be opened, each as a tab with its in "
        "and out: the list says why the others cannot."
    )


def _shots(count: int) -> str:
    return "1 shot" if count == 1 else f"{count} shots"
