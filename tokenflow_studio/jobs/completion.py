"""From the model's pictures to a finished take: what every technique has in common."""

import logging

from tokenflow_studio.core.job import EventKind, JobEvent, JobOrder, Stage
from tokenflow_studio.jobs.deflicker import steadied_edits
from tokenflow_studio.jobs.delivery import Delivery
from tokenflow_studio.jobs.finishing import Edits, finish
from tokenflow_studio.jobs.measures import measured
from tokenflow_studio.jobs.presentation import present
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import Take

_log = logging.getLogger(__name__)


def begin(order: JobOrder, take: Take, delivery: Delivery) -> None:
    """Claim the output for the take. Raises BadInput where it may not be written."""
    delivery.check_free(take, order.overwrite)
    delivery.claim(take)
    take.sweep()
    delivery.sweep()
    take.write_request(order.request)


def complete(
    order: JobOrder,
    shot: Shot,
    take: Take,
    delivery: Delivery,
    edits: Edits,
    progress: Progress,
    told: dict[str, object],
) -> JobEvent:
    """Steady and finish the frames, show the take as a whole, write its report with `told`."""
    finish(shot, take, delivery, steadied_edits(shot, take, edits, progress), progress)
    done = take.report().get("state") == "done"
    progress.enter(Stage.WRITE, len(shot.delivered) + (0 if done else len(shot.edited)))
    present(shot, take, progress)
    if not done:
        measures = measured(shot, take, progress)
        progress.leave()
        take.write_report(
            state="done",
            measures=measures,
            seconds={stage: round(spent, 2) for stage, spent in progress.seconds.items()},
            **told,
        )
    delivery.finish(take)
    _log.info("done: %s", take.folder)
    return JobEvent(kind=EventKind.DONE, folder=str(take.folder), output=order.output)
