"""What the user does with edited keyframes: preview what is missing, approve, roll again."""

import dataclasses
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Slot

from tokenflow_studio.core.approval import approving, listing, version_of, with_versions
from tokenflow_studio.core.job import JobEvent, JobKind, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.state.jobs import Jobs
from tokenflow_studio.ui.state.marks import KeyframeMarks, MarkState
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.queue import QueueEntry
from tokenflow_studio.ui.state.recipe import RecipeModel
from tokenflow_studio.ui.state.session import Session

_VARIATION = 0.3
"""Share of fresh noise in a keyframe that is rolled again where the recipe has none: PnP would give
the same picture again. More of it loosens the shot's structure."""


class Keyframes(QObject):
    """Commands on the edited keyframes. What they change in the recipe can be undone.

    request: gives the recipe's request, or None after saying why there is none; order: sends one.
    """

    def __init__(
        self,
        recipe: RecipeModel,
        session: Session,
        marks: KeyframeMarks,
        notices: Notices,
        jobs: Jobs,
        request: Callable[[], EditRequest | None],
        order: Callable[[JobOrder], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._recipe = recipe
        self._session = session
        self._marks = marks
        self._notices = notices
        self._request = request
        self._order = order
        self._rolling: dict[str, int] = {}
        jobs.frames_came.connect(self._on_frames)

    @Slot()
    def preview(self) -> None:
        """Edit the keyframes that have no picture of this recipe yet, beside those that have."""
        request = self._request()
        if request is None:
            return
        if not self._marks.missing:
            text = "Every keyframe is edited: propagate, or roll one again that does not please."
            self._notices.show(Notice(text, Level.INFO, "job.propagate", "Propagate"))
            return
        self._order(_preview(request, self._marks.missing, self._marks.versions))

    @Slot()
    def approve(self, frame: int | None = None) -> None:
        """Approve a keyframe, or take that back; None is the one under the playhead."""
        frame = self._session.playhead if frame is None else frame
        mark = self._marks.at(frame)
        if mark is not None and mark.state is MarkState.APPROVED:
            approved = tuple(a for a in self._recipe.value.approved if a.frame != frame)
            value = dataclasses.replace(self._recipe.value, approved=approved)
            self._recipe.replace(value, "Approval")
        elif mark is not None and mark.state is MarkState.PREVIEWED and mark.version is not None:
            self._approve({frame: mark.version})
        else:
            self._refuse(frame)

    @Slot()
    def approve_all(self) -> None:
        """Approve every keyframe that is edited with this recipe."""
        if not self._approve(self._marks.versions):
            text = "There is no keyframe to approve: preview the keyframes first."
            self._notices.show(Notice(text, Level.WARNING, "job.preview"))

    @Slot()
    def roll(self, frame: int | None = None) -> None:
        """Edit one keyframe again with other noise, beside the others, which stay."""
        frame = self._session.playhead if frame is None else frame
        mark = self._marks.at(frame)
        if mark is None or mark.state not in (MarkState.PREVIEWED, MarkState.APPROVED):
            self._refuse(frame)
            return
        request = self._request()
        if request is None:
            return
        others = {f: version for f, version in self._marks.versions.items() if f != frame}
        variation = request.variation or (_VARIATION if request.technique == "pnp" else 0.0)
        seed = max(request.seed, self._marks.last_seed(frame)) + 1
        again = dataclasses.replace(request, seed=seed, variation=variation)
        order = _preview(again, (frame,), others)
        self._rolling[order.id] = frame
        self._order(order)

    def _approve(self, versions: Mapping[int, EditRequest]) -> bool:
        recipe = self._recipe.value
        rolls, approved = approving(recipe.rolls, recipe.approved, versions)
        value = dataclasses.replace(recipe, rolls=rolls, approved=approved)
        self._recipe.replace(value, "Approval")
        return bool(versions)

    @Slot(object, object)
    def _on_frames(self, entry: QueueEntry, event: JobEvent) -> None:
        """A keyframe that was rolled again has come: from now on it is the one that counts."""
        frame, clip = self._rolling.get(entry.id), self._session.clip
        if frame not in event.frames or clip is None or clip.spec != entry.order.request.clip:
            return
        del self._rolling[entry.id]
        recipe = self._recipe.value
        rolls, _ = listing(recipe.rolls, version_of(entry.order.request, frame))
        approved = tuple(a for a in recipe.approved if a.frame != frame)
        value = dataclasses.replace(recipe, rolls=rolls, approved=approved)
        self._recipe.replace(value, "Roll Again")

    def _refuse(self, frame: int) -> None:
        mark = self._marks.at(frame)
        if mark is None:
            text = f"There is no keyframe on frame {frame}: go to one first."
            self._notices.show(Notice(text, Level.WARNING, "keyframe.next"))
        else:
            text = f"The keyframe on frame {frame} is {mark.state}: preview it first."
            self._notices.show(Notice(text, Level.WARNING, "job.preview"))


def _preview(
    request: EditRequest, frames: tuple[int, ...], given: Mapping[int, EditRequest]
) -> JobOrder:
    """The order of a preview that edits some frames beside others."""
    keyframes = tuple(sorted((*frames, *given)))
    request = with_versions(dataclasses.replace(request, keyframes=keyframes), given)
    return JobOrder(request=request, kind=JobKind.KEYFRAMES)
