"""The transport: frame and timecode, play buttons, in and out."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.settings import PlaceUnit
from tokenflow_studio.ui.icons import icon
from tokenflow_studio.ui.panels.building import label, tool
from tokenflow_studio.ui.state.playback import Pace
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.timeline.places import TYPED, UNIT_TITLES, place_of, place_text


class Transport(QFrame):
    """Shows where the playhead is and moves it. The frame field takes `120`, `+20`, `-20` and
    a timecode; a click on the place beside it changes its unit."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setFixedHeight(40)
        self._studio = studio
        self._session = studio.session
        self.field = QLineEdit(self)
        self.field.setObjectName("frameField")
        self.field.setAccessibleName("Frame")
        self.field.setToolTip("Go to a frame: 120, +20, -20 or 1:12 (seconds:frames)  (=)")
        self.field.setValidator(QRegularExpressionValidator(TYPED, self.field))
        self.field.setFixedWidth(72)
        self.code = QPushButton(self)
        self.code.setObjectName("placeButton")
        self.code.setProperty("kind", "plain")
        self.code.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.play = tool("playButton", "Play  (Space)", "play", self)
        self.speed = label("", "small", self)
        self.loop = tool("loopButton", "Loop  (Ctrl+/)", "loop", self)
        self.loop.setCheckable(True)
        self.loop.setChecked(studio.playback.looping)
        self.loop.setIconSize(QSize(15, 15))
        self.range = label("", "small", self)
        self._tools = self._make_tools()
        self._lay_out()
        self._bind()

    def _make_tools(self) -> list[QToolButton]:
        studio, session = self._studio, self._session
        made = []
        for name, tip, picture, slot in (
            ("startButton", "Go to start  (Home)", "to-start", partial(self._go, False)),
            ("backButton", "Previous frame  (←)", "step-back", partial(self._step, -1)),
            ("forwardButton", "Next frame  (→)", "step-forward", partial(self._step, 1)),
            ("endButton", "Go to end  (End)", "to-end", partial(self._go, True)),
            ("inButton", "Mark in  (I)", "mark-in", session.mark_in),
            ("outButton", "Mark out  (O)", "mark-out", session.mark_out),
        ):
            button = tool(name, tip, picture, self)
            button.clicked.connect(slot)
            made.append(button)
        self.play.clicked.connect(studio.playback.toggle)
        return made

    def _lay_out(self) -> None:
        left, middle, right = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (left, middle, right):
            row.setSpacing(2)
        left.addWidget(self.field)
        left.addSpacing(10)
        left.addWidget(self.code)
        left.addStretch()
        start, back, forward, end, mark_in, mark_out = self._tools
        for widget in (start, back, self.play, forward, end):
            middle.addWidget(widget)
        middle.addWidget(self.loop)
        right.addSpacing(8)
        right.addWidget(self.speed)
        right.addStretch()
        right.addWidget(self.range)
        right.addSpacing(8)
        right.addWidget(mark_in)
        right.addWidget(mark_out)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 0, 8, 0)
        grid.addLayout(left, 0, 0)
        grid.addLayout(middle, 0, 1)
        grid.addLayout(right, 0, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)

    def _bind(self) -> None:
        self.field.returnPressed.connect(self._on_field)
        self.field.editingFinished.connect(self._show_frame)
        self._session.clip_changed.connect(self._show_clip)
        self._session.playhead_changed.connect(self._show_frame)
        self._session.range_changed.connect(self._show_range)
        playback = self._studio.playback
        playback.speed_changed.connect(self._show_speed)
        playback.paced.connect(self._show_pace)
        playback.looping_changed.connect(self.loop.setChecked)
        self.loop.clicked.connect(playback.toggle_looping)
        self.code.clicked.connect(self._next_unit)
        self._studio.settings.changed.connect(self._show_frame)
        self._show_clip(self._session.clip)

    def _step(self, by: int, _checked: bool = False) -> None:
        self._studio.playback.pause()
        self._session.step(by)

    def _go(self, end: bool, _checked: bool = False) -> None:
        self._studio.playback.pause()
        span = self._session.span
        if span is not None:
            self._session.set_playhead(span.last if end else span.first)

    @Slot()
    def _on_field(self) -> None:
        clip = self._session.clip
        if clip is not None:
            frame = place_of(self.field.text(), self._session.playhead, clip)
            if frame is not None:
                self._studio.playback.pause()
                self._session.set_playhead(frame)
        self._show_frame()

    @Slot()
    def _next_unit(self) -> None:
        units, settings = list(PlaceUnit), self._studio.settings
        now = units.index(settings.value.place_unit)
        settings.set(place_unit=units[(now + 1) % len(units)])

    @Slot(object)
    def _show_clip(self, _clip: object) -> None:
        there = self._session.clip is not None
        for widget in (*self._tools, self.play, self.loop, self.field, self.code):
            widget.setEnabled(there)
        self._show_frame()
        self._show_range(self._session.in_out)

    @Slot()
    def _show_frame(self, _changed: object = None) -> None:
        clip = self._session.clip
        if clip is None:
            self.field.clear()
            self.code.setText("")
            return
        frame = self._session.playhead
        self.field.setText(str(frame))
        unit = self._studio.settings.value.place_unit
        self.code.setText(place_text(frame, clip, unit))
        self.code.setToolTip(f"{UNIT_TITLES[unit]}: click for the next unit")
        self.code.setAccessibleName(f"{UNIT_TITLES[unit]} at the playhead")

    @Slot(object)
    def _show_range(self, frames: FrameRange | None) -> None:
        if frames is None:
            self.range.clear()
            return
        plural = "" if len(frames) == 1 else "s"
        self.range.setText(f"{frames.first} – {frames.last}   {len(frames)} frame{plural}")

    @Slot(int)
    def _show_speed(self, speed: int) -> None:
        self.play.setIcon(icon("pause" if speed else "play"))
        self.speed.setText(f"{speed}×" if speed not in (0, 1) else "")

    @Slot(object)
    def _show_pace(self, pace: Pace) -> None:
        self.speed.setText(f"{pace.rate:.1f} fps   {pace.dropped} dropped")
