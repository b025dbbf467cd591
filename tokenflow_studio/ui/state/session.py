"""What is open and where the user is in it: clip, range, playhead, comparison."""

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.ui.state.history import History

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import ClipInfo


class Compare(StrEnum):
    """How source and edit stand beside each other in the viewer."""

    SOURCE = "Source"
    EDIT = "Edit"
    SIDE_BY_SIDE = "Side by side"
    WIPE = "Wipe"
    DIFFERENCE = "Difference"
    ONION = "Onion"


class Session(QObject):
    """The open clip and the place in it. Changes of in and out can be undone.

    Signals: `clip_changed(ClipInfo | None)`, `playhead_changed(int)`,
    `range_changed(FrameRange | None)`, `compare_changed(Compare)`, `view_changed(str)`,
    `wipe_changed(float)`, `blend_changed(float)`.
    """

    clip_changed = Signal(object)
    playhead_changed = Signal(int)
    range_changed = Signal(object)
    compare_changed = Signal(object)
    view_changed = Signal(str)
    wipe_changed = Signal(float)
    blend_changed = Signal(float)

    def __init__(self, parent: QObject | None = None, history: History | None = None) -> None:
        super().__init__(parent)
        self.history = history or History(self)
        self._clip: ClipInfo | None = None
        self._span: FrameRange | None = None
        self._range: FrameRange | None = None
        self._playhead = 0
        self._compare = Compare.SOURCE
        self._before = Compare.EDIT
        self._held: Compare | None = None
        self._view = ""
        self._wipe = 0.5
        self._blend = 0.5

    @property
    def clip(self) -> "ClipInfo | None":
        """The open clip."""
        return self._clip

    @property
    def span(self) -> FrameRange | None:
        """All frame numbers of the clip, first to last."""
        return self._span

    @property
    def in_out(self) -> FrameRange | None:
        """The frames that an edit covers."""
        return self._range

    @property
    def selected(self) -> FrameRange | None:
        """The range for a request: None while it is the whole clip."""
        return None if self._range == self._span else self._range

    @property
    def playhead(self) -> int:
        """The frame shown."""
        return self._playhead

    @property
    def compare(self) -> Compare:
        """The viewer's mode."""
        return self._compare

    @property
    def view(self) -> str:
        """What light is looked at through, as "display/view"; empty for nothing but sRGB."""
        return self._view if self._clip is not None and self._clip.is_scene_linear else ""

    @property
    def wipe(self) -> float:
        """Where the wipe's edge stands, as a share of the picture's width."""
        return self._wipe

    @property
    def blend(self) -> float:
        """How much of the edit lies over the source in the onion view."""
        return self._blend

    def open(self, clip: "ClipInfo") -> None:
        """Show another clip from its first frame, with its whole range."""
        self._clip = clip
        self._view = ""
        self._span = FrameRange(clip.frames[0], clip.frames[-1])
        self._range = self._span
        self._playhead = self._span.first
        self.clip_changed.emit(clip)
        self.range_changed.emit(self._range)
        self.playhead_changed.emit(self._playhead)
        self.set_compare(Compare.SOURCE)

    def clear(self) -> None:
        """Show no clip."""
        self._clip = self._span = self._range = None
        self._playhead = 0
        self.clip_changed.emit(None)
        self.range_changed.emit(None)
        self.playhead_changed.emit(0)
        self.set_compare(Compare.SOURCE)

    def set_playhead(self, frame: int) -> None:
        """Go to a frame; beyond the ends is the end."""
        if self._span is None:
            return
        frame = min(max(frame, self._span.first), self._span.last)
        if frame != self._playhead:
            self._playhead = frame
            self.playhead_changed.emit(frame)

    def step(self, by: int) -> None:
        """Move the playhead by that many frames."""
        self.set_playhead(self._playhead + by)

    def set_range(self, value: FrameRange | None) -> None:
        """Set in and out together; None is the whole clip."""
        value = self._within(value)
        if value != self._range:
            self.history.change(
                "In and Out", "frames", self.show_range, self._range, value, merge="frames"
            )

    def show_range(self, value: FrameRange | None) -> None:
        """Take in and out without a step of undo: for the history itself, and another shot."""
        value = self._within(value)
        if value != self._range:
            self._range = value
            self.range_changed.emit(value)

    def _within(self, value: FrameRange | None) -> FrameRange | None:
        """What of it lies in the clip; the whole clip if nothing does, None without a clip."""
        if self._span is None or value is None:
            return self._span
        first, last = max(value.first, self._span.first), min(value.last, self._span.last)
        return FrameRange(first, last) if first <= last else self._span

    def mark_in(self) -> None:
        """The range begins at the playhead; an out point before it moves to the end."""
        if self._range is not None and self._span is not None:
            last = self._range.last if self._range.last >= self._playhead else self._span.last
            self.set_range(FrameRange(self._playhead, last))

    def mark_out(self) -> None:
        """The range ends at the playhead; an in point after it moves to the start."""
        if self._range is not None and self._span is not None:
            first = self._range.first if self._range.first <= self._playhead else self._span.first
            self.set_range(FrameRange(first, self._playhead))

    def set_compare(self, mode: Compare) -> None:
        """Show source and edit in that way."""
        if mode != self._compare:
            self._held = None
            self._before, self._compare = self._compare, mode
            self.compare_changed.emit(mode)

    def toggle_compare(self, mode: Compare) -> None:
        """That way, or back to the one before when it is shown already."""
        self.set_compare(self._before if mode == self._compare else mode)

    def set_view(self, view: str) -> None:
        """Look at light through that display and view."""
        if view != self._view:
            self._view = view
            self.view_changed.emit(view)

    def set_wipe(self, share: float) -> None:
        """Move the wipe's edge; 0 is the left side of the picture."""
        share = min(max(share, 0.0), 1.0)
        if share != self._wipe:
            self._wipe = share
            self.wipe_changed.emit(share)

    def hold_source(self, held: bool) -> None:
        """Show the source for as long as a key is held, then what was shown before."""
        if held and self._held is None and self._compare is not Compare.SOURCE:
            self._held, self._compare = self._compare, Compare.SOURCE
        elif not held and self._held is not None:
            self._compare, self._held = self._held, None
        else:
            return
        self.compare_changed.emit(self._compare)

    def swap_sides(self) -> None:
        """The edit instead of the source, or the other way round."""
        self.set_compare(Compare.SOURCE if self._compare is Compare.EDIT else Compare.EDIT)

    def set_blend(self, share: float) -> None:
        """How much of the edit lies over the source in the onion view."""
        share = min(max(share, 0.0), 1.0)
        if share != self._blend:
            self._blend = share
            self.blend_changed.emit(share)
