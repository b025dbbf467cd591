"""The current recipe for every open shot, as one job each in the queue."""

import dataclasses
from pathlib import Path

from PySide6.QtCore import QObject

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.job import JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.patterns import Pattern
from tokenflow_studio.project.document import Shot
from tokenflow_studio.ui.state.jobs import Jobs
from tokenflow_studio.ui.state.notices import Level, Notice, Notices
from tokenflow_studio.ui.state.past_takes import version_of
from tokenflow_studio.ui.state.placing import within
from tokenflow_studio.ui.state.project import ProjectFile
from tokenflow_studio.ui.state.recipe import RecipeModel
from tokenflow_studio.ui.state.shot_values import beside_recipe, recipe_of, title_of, with_fields
from tokenflow_studio.ui.state.shots import Shots

_OWN = (
    "source_prompt", "keyframes", "approved", "rolls", "matte", "matte_channel", "matte_softness",
    "matte_invert", "matte_shape",
)  # fmt: skip
"""Fields of a recipe that say something of one clip's frames: every shot keeps its own."""


class Batch(QObject):
    """Orders takes of all shots at once."""

    def __init__(
        self,
        shots: Shots,
        recipe: RecipeModel,
        project: ProjectFile,
        jobs: Jobs,
        notices: Notices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shots = shots
        self._recipe = recipe
        self._project = project
        self._jobs = jobs
        self._notices = notices

    def propagate(self, shown: EditRequest) -> None:
        """Put a take of each shot into the queue, in the order of the tabs.

        shown: the request of the shot in view.
        """
        project = self._shots.gather()
        try:
            orders = [
                (shot, self._order(shot, shown if shot.id == project.current else None))
                for shot in project.shots
            ]
        except BadInput as error:
            self._notices.show(Notice(str(error), Level.WARNING, "prompt.focus"))
            return
        self._notices.dismiss()
        before = len(self._jobs.queue.all)
        for shot, order in orders:
            self._jobs.add(order, title_of(shot))
        added = len(self._jobs.queue.all) - before
        self._notices.say(f"{added} of {len(orders)} shots were put into the queue.")

    def _order(self, shot: Shot, request: EditRequest | None) -> JobOrder:
        place = self._project.takes
        # Takes from before the project had a file lie elsewhere, and keep their numbers.
        versions = (version_of(Path(take)) or 0 for take in shot.takes)
        least = max(versions, default=0) + 1 if place else 1
        return JobOrder(
            request=request or self._request_for(shot),
            takes=place,
            least_version=least,
            keep_movie=shot.origin is not None,
        )

    def _request_for(self, shot: Shot) -> EditRequest:
        """The request for a shot that is not in view. Raises BadInput."""
        own = recipe_of(shot)
        kept = {name: getattr(own, name) for name in _OWN}
        kept["keyframes"] = within(own.keyframes, shot.frames)
        recipe = dataclasses.replace(self._recipe.value, **kept)
        rate = shot.rate if Pattern.parse(shot.clip) or shot.origin else None
        return with_fields(recipe.request(shot.clip, shot.frames, rate), beside_recipe(shot.recipe))
