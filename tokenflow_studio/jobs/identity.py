"""The technique identity: everything but the model, which gives back what it saw."""

import logging
from collections.abc import Callable

from tokenflow_studio.core.job import JobEvent, JobOrder, Stage
from tokenflow_studio.jobs.completion import begin, complete
from tokenflow_studio.jobs.delivery import Delivery
from tokenflow_studio.jobs.model_pictures import read_model_picture, write_model_picture
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import Take, open_result
from tokenflow_studio.post.plate.returns import Edit

_log = logging.getLogger(__name__)

NATIVE = (512, 512)
"""Pixels of the model that is not there: Stable Diffusion's."""

MULTIPLE = 8


def run_identity(
    order: JobOrder,
    shot: Shot,
    delivery: Delivery,
    emit: Callable[[JobEvent], None],
    cancelled: Callable[[], bool],
) -> JobEvent:
    """Deliver the shot as it is, by the whole way; errors as `run_job` raises them."""
    frames = len(shot.delivered)
    costs = {Stage.DECODE: 1.0 * frames, Stage.FINISH: 2.0 * frames, Stage.WRITE: 1.0 * frames}
    progress = Progress(costs, emit, cancelled)
    for notice in shot.notices:
        progress.notice(notice)
    take = open_result(order, shot.clip.info.name, *shot.frame_keys(), *shot.rest_keys())
    begin(order, take, delivery)
    with take.log():
        _log.info("%s", order.request.to_json())
        _decode(shot, take, progress)

        def edit(frame: int) -> Edit:
            made = read_model_picture(take.model_picture(frame))
            return Edit(shot.proxy(frame), made)

        told: dict[str, object] = {
            "settings": shot.settings() | {"technique": "identity"},
            "notices": [*shot.notices, *shot.clip.notices],
        }
        return complete(order, shot, take, delivery, edit, progress, told)


def _decode(shot: Shot, take: Take, progress: Progress) -> None:
    """What the model would make: what it sees."""
    progress.enter(Stage.DECODE, len(shot.edited))
    for frame in shot.edited:
        path = take.model_picture(frame)
        done = path.exists()
        if not done:
            write_model_picture(path, shot.proxy(frame))
        progress.advance(cached=done)
