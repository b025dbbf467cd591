"""A job from the order to its end: what can be refused at once is, before the engine loads."""

import logging
from collections.abc import Callable

from tokenflow_studio.core.errors import DamagedCache
from tokenflow_studio.core.job import EventKind, JobEvent, JobOrder
from tokenflow_studio.core.request import IDENTITY
from tokenflow_studio.jobs.delivery import Delivery
from tokenflow_studio.jobs.identity import MULTIPLE, NATIVE, run_identity
from tokenflow_studio.jobs.selection import delivered_frames, selected_frames
from tokenflow_studio.jobs.shot import open_shot
from tokenflow_studio.media.requested import open_requested

_log = logging.getLogger(__name__)

_ATTEMPTS = 2  # a damaged cache file is removed; the second attempt makes it again


def run_job(
    order: JobOrder, emit: Callable[[JobEvent], None], cancelled: Callable[[], bool]
) -> JobEvent:
    """Do the order; gives the event that tells where the result lies.

    What the cache holds of it is not computed again. Raises BadInput, Cancelled or JobFailed.
    """
    request = order.request
    with open_requested(request) as clip:
        frames = selected_frames(order, clip.info)
        delivery = Delivery.of(order, clip, delivered_frames(order, clip.info, frames))
        if request.technique == IDENTITY:
            shot = open_shot(order, clip, frames, NATIVE, MULTIPLE)
            return run_identity(order, shot, delivery, emit, cancelled)
        # Here, since loading torch and diffusers takes seconds that a mistyped name need not wait.
        from tokenflow_studio.jobs.stages import run_stages

        for _ in range(_ATTEMPTS - 1):
            try:
                return run_stages(order, clip, frames, delivery, emit, cancelled)
            except DamagedCache as damaged:
                _log.warning("%s", damaged)
                message = "A damaged cache file was found and is made again."
                emit(JobEvent(kind=EventKind.NOTICE, message=message))
        return run_stages(order, clip, frames, delivery, emit, cancelled)
