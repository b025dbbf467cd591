"""Which frames of a clip a job edits."""

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import Fill
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import JobKind, JobOrder
from tokenflow_studio.engine.plan import KeyframePlan
from tokenflow_studio.media.clips import ClipInfo


def selected_frames(order: JobOrder, clip: ClipInfo) -> tuple[int, ...]:
    """File numbers, ascending: the whole range of a take, the keyframes of a preview.

    Raises BadInput for frames that the clip does not have.
    """
    request, numbers = order.request, clip.frames
    wanted = request.frames or FrameRange(numbers[0], numbers[-1])
    outside = [frame for frame in (wanted.first, wanted.last) if frame not in numbers]
    if outside:
        raise BadInput(
            f"{clip.spec} has no frame {outside[0]}: it runs from {numbers[0]} to {numbers[-1]}."
        )
    if order.kind is JobKind.EDIT:
        return tuple(wanted)
    keyframes = request.keyframes
    if keyframes is None:
        middles = KeyframePlan(len(wanted), request.keyframe_interval).middles()
        keyframes = tuple(wanted.first + index for index in middles)
    chosen = {*keyframes, *(approval.frame for approval in request.approved)}
    missing = [frame for frame in chosen if frame not in wanted]
    if missing or not chosen:
        raise BadInput(f"Keyframe {missing or 'list'} lies outside the range {wanted}.")
    return tuple(sorted(chosen))


def delivered_frames(order: JobOrder, clip: ClipInfo, edited: tuple[int, ...]) -> tuple[int, ...]:
    """File numbers of the result: those edited, or the whole clip where the plate fills."""
    whole = order.kind is JobKind.EDIT and order.request.fill is Fill.PLATE
    return tuple(clip.frames) if whole else edited
