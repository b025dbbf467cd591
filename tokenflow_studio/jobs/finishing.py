"""The stage finish: every frame of the take, from the model's pictures back onto its plate."""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tokenflow_studio.core.job import Stage
from tokenflow_studio.jobs.delivery import Delivery
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import Take
from tokenflow_studio.media.images import seen
from tokenflow_studio.media.plates import write_plate
from tokenflow_studio.media.stills import write_png
from tokenflow_studio.post.plate.codes import write_codes
from tokenflow_studio.post.plate.mattes import Mattes, opened_mattes
from tokenflow_studio.post.plate.returns import Edit
from tokenflow_studio.post.plate.writing import Finished

Edits = Callable[[int], Edit]
"""What the model saw of a frame and what it made of it."""


def finish(shot: Shot, take: Take, delivery: Delivery, edits: Edits, progress: Progress) -> None:
    """Write every frame of the take, and what was ordered of them. One frame is held at a time."""
    progress.enter(Stage.FINISH, len(shot.delivered))
    if notice := delivery.notice(shot):
        progress.notice(notice)
    with opened_mattes(shot.request.where) as mattes:
        stage = _Finish(shot, take, delivery, edits, mattes)
        if delivery.lacks_movie(take):
            frames = (stage.finished(frame) for frame in shot.delivered)
            delivery.write_movie(take, _told(frames, take, progress), shot)
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
        shot, take = self.shot, self.take
        kept = not shot.kept or take.plate(frame, shot.kept).exists()
        coded = not shot.keeps_codes or take.codes(frame).exists()
        there = kept and coded and take.frame(frame).exists()
        return there and self.delivery.has_frame(take, frame)

    def finished(self, frame: int) -> Finished:
        """Finish one frame, keep it in the take and hand it over."""
        plate = self.shot.clip.read_plate(frame)
        colour = plate.colour
        if frame in self.shot.edited:
            matte = self.mattes(frame, plate)
            colour = self.shot.finisher.finish(plate, self.edits(frame), matte)
        made = dataclasses.replace(plate, colour=colour)
        info = self.shot.clip.info
        picture = seen(made, info.space.name, info.config)[0]
        kept = self.take.plate(frame, self.shot.kept) if self.shot.kept else None
        if kept:
            write_plate(kept, plate, colour)
        if self.shot.keeps_codes:
            write_codes(self.take.codes(frame), colour)
        write_png(self.take.frame(frame), picture, recipe=self.shot.recipe)
        finished = Finished(frame, plate, made, picture, kept)
        self.delivery.write_frame(self.take, finished, self.shot)
        return finished
