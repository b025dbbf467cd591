"""The stage write: what shows a result as a whole."""

from collections.abc import Iterator

from tokenflow_studio.core.job import JobKind
from tokenflow_studio.jobs.delivery import pictures
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import Take
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.sheets import write_contact_sheet, write_side_by_side

_SHEET = 24  # pictures on a contact sheet, spread over the take


def present(shot: Shot, take: Take, progress: Progress) -> None:
    """Contact sheet and, of a take, the movie beside its source."""
    frames = shot.delivered
    stride = -(-len(frames) // _SHEET)
    shown = frames[::stride]
    sheet = take.folder / "contact_sheet.png"
    write_contact_sheet(sheet, pictures(take, shown), [str(frame) for frame in shown])

    def pairs() -> Iterator[tuple[Image, Image]]:
        for frame, edited in zip(frames, pictures(take, frames), strict=True):
            progress.advance()
            yield shot.clip.read(frame), edited

    if shot.kind is JobKind.EDIT:
        write_side_by_side(take.folder / "side_by_side.mp4", pairs(), shot.rate)
