"""The stage between the model and the plate that takes out flicker, along what the model saw."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tokenflow_studio.core.files import sweep_temporaries
from tokenflow_studio.core.job import JobKind, Stage
from tokenflow_studio.jobs.finishing import Edits
from tokenflow_studio.jobs.model_pictures import read_model_picture, write_model_picture
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import Take
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.deflicker import SETTLING, deflicker
from tokenflow_studio.post.plate.returns import Edit


def steadied_edits(shot: Shot, take: Take, edits: Edits, progress: Progress) -> Edits:
    """The edits without the asked share of their flicker; as they are where none was asked for.

    Each steadied picture is a file of the take, written in order. After a kill the filter begins
    again so far before the first missing one that the pictures are the same to the bit. Approved
    keyframes stay as they were approved. Raises Cancelled.
    """
    amount = shot.request.deflicker
    if not amount or shot.kind is not JobKind.EDIT:
        return edits
    folder = take.folder / "steady"
    sweep_temporaries(folder)
    _steady(shot.edited, amount, edits, folder, progress)
    approved = {approval.frame for approval in shot.request.approved}

    def steady(frame: int) -> Edit:
        edit = edits(frame)
        if frame in approved:
            return edit
        return Edit(edit.seen, read_model_picture(_path(folder, frame)))

    return steady


def _steady(
    frames: Sequence[int], amount: float, edits: Edits, folder: Path, progress: Progress
) -> None:
    progress.enter(Stage.DEFLICKER, len(frames))
    there = [_path(folder, frame).exists() for frame in frames]
    done = there.index(False) if False in there else len(frames)
    progress.advance(done, cached=True)
    if done == len(frames):
        return
    first = max(0, done - SETTLING)
    rest = frames[first:]
    pictures = deflicker(_made(edits, rest), amount=amount, source=_seen(edits, rest))
    for place, picture in enumerate(pictures, start=first):
        if place >= done:
            write_model_picture(_path(folder, frames[place]), picture)
            progress.advance()
        else:
            progress.check()


def _made(edits: Edits, frames: Sequence[int]) -> Iterator[Image]:
    for frame in frames:
        yield edits(frame).made


def _seen(edits: Edits, frames: Sequence[int]) -> Iterator[Image]:
    for frame in frames:
        yield edits(frame).seen


def _path(folder: Path, frame: int) -> Path:
    return folder / f"{frame:04d}.png"
