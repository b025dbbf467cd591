"""What a finished take is measured by: how steady it is, how near to its source, how fitting."""

from collections.abc import Iterator

from tokenflow_studio.core.job import JobKind
from tokenflow_studio.core.request import IDENTITY
from tokenflow_studio.jobs.delivery import pictures
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import Take
from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.comparison import compare
from tokenflow_studio.post.plate.mattes import displayed_mattes

Measures = dict[str, float | None]


def measured(shot: Shot, take: Take, progress: Progress) -> Measures:
    """The measures of a take's edited frames, as `measure` gives them, and their prompt scores.

    A preview has the scores alone, since its frames do not follow one another, and identity has
    none. Raises Cancelled, and BadInput for a scorer that is damaged.
    """
    frames = shot.edited
    if shot.kind is JobKind.KEYFRAMES:
        return _prompt_scores(shot, take)

    def sources() -> Iterator[Image]:
        for frame in frames:
            yield shot.clip.read(frame)
            progress.advance()

    with displayed_mattes(shot.request.where, shot.clip) as matte:
        mattes = None if matte is None else map(matte, frames)
        found = compare(pictures(take, frames), sources(), mattes).measures()
    return found | _prompt_scores(shot, take)


def _prompt_scores(shot: Shot, take: Take) -> Measures:
    if shot.request.technique == IDENTITY:
        return {}  # nothing follows the prompt
    # Imported here: identity needs no torch.
    from tokenflow_studio.jobs.scoring import prompt_scores

    return dict(prompt_scores(take, shot.edited, shot.request.prompt))
