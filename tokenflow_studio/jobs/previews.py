"""The previews that approved keyframes come from: in the cache, else computed again."""

import dataclasses
from collections.abc import Callable

from tokenflow_studio.core.approval import look_of, previews_of
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.job import JobEvent, JobKind, JobOrder
from tokenflow_studio.core.rolls import Approval
from tokenflow_studio.engine.network import Network
from tokenflow_studio.jobs.edit import Way, Ways, edit, edit_key, is_edited
from tokenflow_studio.jobs.inversion import invert
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.selection import selected_frames
from tokenflow_studio.jobs.source import ingest, plan_inversion
from tokenflow_studio.jobs.work import Work, resolve


def approved_ways(
    order: JobOrder,
    work: Work,
    network: Network,
    emit: Callable[[JobEvent], None],
    cancelled: Callable[[], bool],
) -> Ways:
    """How the job's approved keyframes go. Those outside its frames are left out.

    Raises BadInput when they were made with another recipe.
    """
    made: list[Ways] = []
    look = look_of(order.request)
    if any(roll.look != look for roll in order.request.rolls):
        raise BadInput("The approved keyframes were made with another recipe: preview them again.")
    previews = previews_of(order.request)
    for roll, request in zip(order.request.rolls, previews, strict=True):
        preview_order = dataclasses.replace(order, kind=JobKind.KEYFRAMES, request=request)
        frames = selected_frames(preview_order, work.clip.info)
        preview = resolve(preview_order, work.clip, frames, work.model)
        progress = Progress(preview.costs(), emit, cancelled)
        ways = _ways(preview, roll.given, made)
        key = _computed(preview, ways, network, progress)
        made.append({frame: Way(key, row) for row, frame in enumerate(frames)})
    return _ways(work, order.request.approved, made)


def _ways(work: Work, approved: tuple[Approval, ...], made: list[Ways]) -> Ways:
    """made: by roll, the ways by file number."""
    return {
        work.frames.index(frame): made[roll][frame]
        for frame, roll in approved
        if frame in work.frames
    }


def _computed(preview: Work, ways: Ways, network: Network, progress: Progress) -> str:
    """The preview's edit key, when all its steps are there."""
    ingested = ingest(preview, progress)
    inverted = plan_inversion(preview, ingested, ways)
    key = edit_key(preview, inverted, ways)
    if not is_edited(preview, key):
        invert(preview, ingested, inverted, network, progress)
        edit(preview, ingested, inverted, ways, network, progress)
    progress.leave()
    return key
