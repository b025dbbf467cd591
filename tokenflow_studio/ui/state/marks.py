"""The keyframes of the clip: where they lie, whether they were previewed, whether that is stale."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest


class MarkState(StrEnum):
    """How far a keyframe is."""

    NONE = "not previewed"
    PREVIEWED = "previewed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Mark:
    """One keyframe; `folder` holds its edited picture once it was previewed."""

    frame: int
    state: MarkState = MarkState.NONE
    folder: str = ""


def planned_keyframes(frames: FrameRange, interval: int) -> tuple[int, ...]:
    """The middle of each interval: where a preview puts its keyframes when none are named."""
    starts = range(frames.first, frames.last + 1, interval)
    return tuple((start + min(start + interval - 1, frames.last)) // 2 for start in starts)


class KeyframeMarks(QObject):
    """All marks of the clip. `changed()` follows every change.

    A preview is remembered with the request that made it, so it turns stale when the recipe
    departs from that request and counts again when the recipe comes back to it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._previews: dict[EditRequest, dict[int, str]] = {}
        self._latest: EditRequest | None = None
        self._current: EditRequest | None = None
        self._planned: tuple[int, ...] = ()
        self._by_hand = False
        self._marks: dict[int, Mark] = {}

    @property
    def all(self) -> tuple[Mark, ...]:
        """Every mark, by frame number."""
        return tuple(self._marks[frame] for frame in sorted(self._marks))

    @property
    def pictured(self) -> tuple[Mark, ...]:
        """The marks that have an edited picture."""
        return tuple(mark for mark in self.all if mark.folder)

    @property
    def previews(self) -> dict[EditRequest, dict[int, str]]:
        """Every preview: the folder of each edited frame, by the request that made it."""
        return {request: dict(pictures) for request, pictures in self._previews.items()}

    @property
    def planned(self) -> tuple[int, ...]:
        """The frames that a preview would edit now."""
        return self._planned

    @property
    def by_hand(self) -> bool:
        """Whether the user placed them."""
        return self._by_hand

    def at(self, frame: int) -> Mark | None:
        """The mark on that frame."""
        return self._marks.get(frame)

    def neighbour(self, frame: int, step: int) -> int | None:
        """The nearest marked frame after (step 1) or before (step -1) that frame."""
        ahead = [number for number in self._marks if (number - frame) * step > 0]
        return min(ahead, key=lambda number: abs(number - frame), default=None)

    def clear(self) -> None:
        """Forget every preview: another clip was opened."""
        self._previews.clear()
        self._latest = None
        self._refresh()

    def plan(
        self,
        frames: FrameRange | None,
        interval: int,
        request: EditRequest | None,
        placed: tuple[int, ...] | None = None,
    ) -> None:
        """The range, interval and request as they stand now; None while there is none.

        placed: the keyframes that the user put there by hand, in place of the regular ones.
        """
        self._by_hand = placed is not None
        self._planned = () if frames is None else placed or planned_keyframes(frames, interval)
        self._current = request
        self._refresh()

    def add_preview(self, request: EditRequest, frames: tuple[int, ...], folder: str) -> None:
        """Edited keyframes have appeared in a folder."""
        found = self._previews.setdefault(request, {})
        found.update(dict.fromkeys(frames, folder))
        self._latest = request
        self._refresh()

    def _refresh(self) -> None:
        current = self._previews.get(self._current, {}) if self._current else {}
        marks = {frame: Mark(frame) for frame in self._planned}
        if current:
            # A preview in progress fills its marks one by one: the plan stays visible until then.
            marks |= {f: Mark(f, MarkState.PREVIEWED, folder) for f, folder in current.items()}
        elif self._latest is not None:
            stale = self._previews[self._latest]
            # A keyframe that the user took away is gone, and one that was moved lies elsewhere.
            kept = {f: folder for f, folder in stale.items() if f in marks or not self._by_hand}
            marks |= {f: Mark(f, MarkState.STALE, folder) for f, folder in kept.items()}
        if marks != self._marks:
            self._marks = marks
            self.changed.emit()
