"""The keyframes of the clip: where they lie, and how far each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from tokenflow_studio.core.approval import look_of, previews_of, same_choice, version_of
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.core.rolls import Roll


class MarkState(StrEnum):
    """How far a keyframe is."""

    NONE = "not previewed"
    PREVIEWED = "previewed"
    APPROVED = "approved"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Mark:
    """One keyframe; `folder` holds its edited picture once it was previewed, and `version` is the
    preview that edited it."""

    frame: int
    state: MarkState = MarkState.NONE
    folder: str = ""
    version: EditRequest | None = None


@dataclass(frozen=True, slots=True)
class _Picture:
    version: EditRequest
    look: str
    folder: str


def planned_keyframes(frames: FrameRange, interval: int) -> tuple[int, ...]:
    """The middle of each interval: where a preview puts its keyframes when none are named."""
    starts = range(frames.first, frames.last + 1, interval)
    return tuple((start + min(start + interval - 1, frames.last)) // 2 for start in starts)


class KeyframeMarks(QObject):
    """All marks of the clip. `changed()` follows every change.

    A picture is remembered with the preview that made it, so it turns stale when the recipe departs
    from what the picture depends on, and counts again when the recipe comes back.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._previews: dict[EditRequest, dict[int, str]] = {}
        self._pictures: dict[int, list[_Picture]] = {}
        self._latest: frozenset[int] = frozenset()
        self._current: EditRequest | None = None
        self._chosen: dict[int, EditRequest] = {}
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
        """The keyframes as they stand: the regular or placed ones, and those approved."""
        return self._planned

    @property
    def missing(self) -> tuple[int, ...]:
        """The planned frames that a preview would edit now."""
        to_edit = (MarkState.NONE, MarkState.STALE)
        return tuple(frame for frame in self._planned if self._marks[frame].state in to_edit)

    @property
    def versions(self) -> dict[int, EditRequest]:
        """The planned frames that a preview would leave as they are, with what edited them."""
        missing = set(self.missing)
        marks = (self._marks[frame] for frame in self._planned if frame not in missing)
        return {mark.frame: mark.version for mark in marks if mark.version is not None}

    @property
    def by_hand(self) -> bool:
        """Whether the user placed them."""
        return self._by_hand

    def at(self, frame: int) -> Mark | None:
        """The mark on that frame."""
        return self._marks.get(frame)

    def last_seed(self, frame: int) -> int:
        """The highest seed that a picture of the frame was made with; -1 without one."""
        return max((p.version.seed for p in self._pictures.get(frame, ())), default=-1)

    def neighbour(self, frame: int, step: int) -> int | None:
        """The nearest marked frame after (step 1) or before (step -1) that frame."""
        ahead = [number for number in self._marks if (number - frame) * step > 0]
        return min(ahead, key=lambda number: abs(number - frame), default=None)

    def clear(self) -> None:
        """Forget every preview: another clip was opened."""
        self._previews.clear()
        self._pictures.clear()
        self._latest = frozenset()
        self._refresh()

    def plan(
        self,
        frames: FrameRange | None,
        interval: int,
        request: EditRequest | None,
        placed: tuple[int, ...] | None = None,
        rolls: Sequence[Roll] = (),
    ) -> None:
        """The range, interval and request as they stand now; None while there is none.

        placed: the keyframes that the user put there by hand, in place of the regular ones. rolls:
        the recipe's; those of a single keyframe say which version of it is wanted.
        """
        self._by_hand = placed is not None
        self._current = request
        self._chosen = {} if request is None else _chosen(request, rolls)
        approved = () if request is None else (frame for frame, _ in request.approved)
        regular = () if frames is None else placed or planned_keyframes(frames, interval)
        self._planned = tuple(sorted({*regular, *approved}))
        self._refresh()

    def add_preview(self, request: EditRequest, frames: tuple[int, ...], folder: str) -> None:
        """Edited keyframes have appeared in a folder."""
        found = self._previews.setdefault(request, {})
        found.update(dict.fromkeys(frames, folder))
        if request.keyframes is None:
            request = replace(request, keyframes=tuple(sorted(found)))
        for frame in frames:
            version = version_of(request, frame)
            pictures = self._pictures.setdefault(frame, [])
            pictures[:] = [picture for picture in pictures if picture.version != version]
            pictures.append(_Picture(version, look_of(version), folder))
        self._latest = frozenset(found)
        self._refresh()

    def _refresh(self) -> None:
        approved = {} if self._current is None else dict(self._current.approved)
        look = "" if self._current is None else look_of(self._current)
        listed = () if self._current is None else previews_of(self._current)
        marks = {frame: Mark(frame) for frame in self._planned}
        # A keyframe that the user took away is gone, and one that was moved lies elsewhere.
        elsewhere = () if self._by_hand else self._latest
        for frame in {*self._planned, *elsewhere}:
            if frame in approved:
                version = listed[approved[frame]]
                marks[frame] = self._approved(frame, version)
            elif pictures := self._pictures.get(frame):
                marks[frame] = self._pictured(frame, pictures, look)
        if marks != self._marks:
            self._marks = marks
            self.changed.emit()

    def _approved(self, frame: int, version: EditRequest) -> Mark:
        pictures = self._pictures.get(frame, ())
        folder = next((p.folder for p in pictures if p.version == version), "")
        return Mark(frame, MarkState.APPROVED, folder, version)

    def _pictured(self, frame: int, pictures: list[_Picture], look: str) -> Mark:
        """The version that counts, or the latest one as stale."""
        chosen = self._chosen.get(frame)
        wanted = [p for p in pictures if p.version == chosen] or [
            picture
            for picture in pictures
            if picture.look == look
            and self._current is not None
            and same_choice(picture.version, self._current)
        ]
        state = MarkState.PREVIEWED if wanted else MarkState.STALE
        last = (wanted or pictures)[-1]
        return Mark(frame, state, last.folder, last.version)


def _chosen(request: EditRequest, rolls: Sequence[Roll]) -> dict[int, EditRequest]:
    """By frame, the version that was last rolled of it alone."""
    single = [n for n, roll in enumerate(rolls) if len(roll.edited) == 1]
    if not single:
        return {}
    look, listed = look_of(request), previews_of(replace(request, approved=(), rolls=tuple(rolls)))
    return {rolls[n].edited[0]: listed[n] for n in single if rolls[n].look == look}
