"""Where the keyframes lie, as the user puts them; every change can be undone."""

import dataclasses

from PySide6.QtCore import QObject, Slot

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.ui.state.marks import KeyframeMarks, planned_keyframes
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.placing import moved, toggled
from tokenflow_studio.ui.state.playback import Playback
from tokenflow_studio.ui.state.recipe import RecipeModel
from tokenflow_studio.ui.state.session import Session


class Placement(QObject):
    """Commands that add, move and remove keyframes of the recipe, within in and out."""

    def __init__(
        self,
        recipe: RecipeModel,
        session: Session,
        marks: KeyframeMarks,
        playback: Playback,
        notices: Notices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._recipe = recipe
        self._session = session
        self._marks = marks
        self._playback = playback
        self._notices = notices

    @Slot()
    def toggle(self) -> None:
        """Put a keyframe on the playhead's frame, or take it away."""
        frames = self._session.in_out
        if frames is None:
            return
        try:
            self._place(toggled(self._marks.planned, self._session.playhead, frames))
        except BadInput as error:
            self._notices.show(Notice(str(error), Level.WARNING))

    def move(self, frame: int, to: int) -> None:
        """Put a keyframe elsewhere in the range."""
        frames = self._session.in_out
        if frames is not None:
            to = min(max(to, frames.first), frames.last)
            self._place(moved(self._marks.planned, frame, to))

    def nudge(self, by: int) -> None:
        """Move the keyframe under the playhead by some frames; the playhead stays on it."""
        frame, before = self._session.playhead, self._marks.planned
        if frame not in before:
            text = f"There is no keyframe on frame {frame}: go to one first."
            self._notices.show(Notice(text, Level.WARNING, "keyframe.next"))
            return
        self.move(frame, frame + by)
        if self._marks.planned != before:
            self._playback.pause()
            self._session.set_playhead(frame + by)

    @Slot()
    def spread(self) -> None:
        """Back to one keyframe in the middle of each interval."""
        value = dataclasses.replace(self._recipe.value, keyframes=None)
        self._recipe.replace(value, "Keyframes")

    def _place(self, keyframes: tuple[int, ...]) -> None:
        recipe, frames = self._recipe.value, self._session.in_out
        if frames is not None and keyframes != self._marks.planned:
            # The regular ones placed by hand are the regular ones: their preview counts again.
            regular = keyframes == planned_keyframes(frames, recipe.keyframe_interval)
            placed = None if regular else keyframes
            kept = tuple(
                a for a in recipe.approved if a.frame in keyframes or a.frame not in frames
            )
            value = dataclasses.replace(recipe, keyframes=placed, approved=kept)
            self._recipe.replace(value, "Keyframes")
