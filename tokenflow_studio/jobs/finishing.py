"""The stage finish: every frame of the take, from the model's pictures back onto its plate."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tokenflow_studio.core.job import Stage
from tokenflow_studio.jobs.delivery import Delivery, Finished
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import Take
from tokenflow_studio.media.colour.views import choose_view, displayed
from tokenflow_studio.media.images import seen
from tokenflow_studio.media.plates import Plate, write_plate
from tokenflow_studio.media.stills import write_png
from tokenflow_studio.post.plate.mattes import Mattes, opened_mattes
from tokenflow_studio.post.plate.returns import Edit
from tokenflow_studio.post.plate.windows import reframed

Edits = Callable[[int], Edit]
"""What the model saw of a frame and what it made of it."""


def finish(shot: Shot, take: Take, delivery: Delivery, edits: Edits, progress: Progress) -> None:
    """Write every frame of the take, and what was ordered of them. One frame is held at a time."""
    progress.enter(Stage.FINISH, len(shot.delivered))
    with opened_mattes(shot.request.where) as mattes:
        stage = _Finish(shot, take, delivery, edits, mattes)
        if delivery.lacks_movie(take):
            frames = (stage.finished(frame) for frame in shot.delivered)
            delivery.write_movie(take, _told(frames, take, progress), shot.rate)
            return
        for frame in shot.delivered:
            done = stage.is_done(frame)
            if not done:
                stage.finished(frame)
            progress.frames((frame,), str(take.frames))
            progress.advance(cached=done)


def _told(frames: Iterator[Finished], take: Take, progress: Progress) -> Iterator[Finished]:
    for finished in frames:
        yield finished
        progress.frames((finished.frame,), str(take.frames))
        progress.advance()


@dataclass(frozen=True, slots=True)
class _Finish:
    shot: Shot
    take: Take
    delivery: Delivery
    edits: Edits
    mattes: Mattes

    def is_done(self, frame: int) -> bool:
        """Whether all files of the frame are there."""
        suffix = self.shot.kept
        kept = not suffix or self.take.plate(frame, suffix).exists()
        return (
            kept and self.take.frame(frame).exists() and self.delivery.has_frame(self.take, frame)
        )

    def finished(self, frame: int) -> Finished:
        """Finish one frame, keep it in the take and hand it over."""
        plate = self.shot.clip.read_plate(frame)
        colour = plate.colour
        if frame in self.shot.edited:
            matte = self.mattes(frame, plate)
            colour = self.shot.finisher.finish(plate, self.edits(frame), matte)
        finished = self._finished(frame, dataclasses.replace(plate, colour=colour))
        if finished.kept:
            write_plate(finished.kept, plate, colour)
        write_png(self.take.frame(frame), finished.picture)
        self.delivery.write_frame(self.take, finished, self.shot.clip)
        return finished

    def _finished(self, frame: int, made: Plate) -> Finished:
        info = self.shot.clip.info
        picture = seen(made, info.space.name, info.config)[0]
        display = picture
        if info.is_scene_linear and self.delivery.is_displayed:
            whole = reframed(made.colour, made.data, made.display)
            view = choose_view(self.shot.request.view, info.config)
            display = displayed(whole, info.space.name, view, info.config)
        kept = self.take.plate(frame, self.shot.kept) if self.shot.kept else None
        return Finished(frame, picture, display, kept)
