"""All stages of a job, one after the other, and what they leave in the take."""

import logging
from collections.abc import Callable
from pathlib import Path

from tokenflow_studio.core.job import JobEvent, JobOrder, Stage
from tokenflow_studio.core.models import ModelKind
from tokenflow_studio.core.paths import cache_folder, resource
from tokenflow_studio.engine.network import opened
from tokenflow_studio.jobs.completion import begin, complete
from tokenflow_studio.jobs.delivery import Delivery
from tokenflow_studio.jobs.edit import decoded, edit, edit_key
from tokenflow_studio.jobs.inversion import invert
from tokenflow_studio.jobs.keys import key_of
from tokenflow_studio.jobs.model_pictures import read_model_picture, write_model_picture
from tokenflow_studio.jobs.previews import approved_ways
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.source import Ingested, ingest, plan_inversion
from tokenflow_studio.jobs.tables import Table
from tokenflow_studio.jobs.takes import Take, open_result
from tokenflow_studio.jobs.work import Work, resolve
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.post.plate.returns import Edit

_log = logging.getLogger(__name__)


def run_stages(
    order: JobOrder,
    clip: Clip,
    frames: tuple[int, ...],
    delivery: Delivery,
    emit: Callable[[JobEvent], None],
    cancelled: Callable[[], bool],
) -> JobEvent:
    """Compute the frames (file numbers) and deliver them; errors as `run_job` raises them."""
    work = resolve(order, clip, frames)
    progress = Progress(_costs(work), emit, cancelled)
    progress.check()
    notices = [*work.notices, *_demo_notice(work)]
    for notice in notices:
        progress.notice(notice)
    with opened(work.model.unet, work.model.settings.feature_sites) as network:
        ways = approved_ways(order, work, network, emit, cancelled)
        ingested = ingest(work, progress)
        inverted = plan_inversion(work, ingested, ways)
        content = edit_key(work, inverted, ways), *work.shot.rest_keys()
        take = open_result(order, clip.info.name, *content)
        begin(order, take, delivery)
        with take.log():
            _log.info("%s", order.request.to_json())
            before = network.rows
            invert(work, ingested, inverted, network, progress)
            rows = {"source": network.rows - before}
            latents = edit(work, ingested, inverted, ways, network, progress)
            rows["edit"] = network.rows - before - rows["source"]
    with take.log():
        seen = _decode(work, ingested, latents, take, progress)

        def edit_of(frame: int) -> Edit:
            return Edit(
                read_model_picture(seen[frame]), read_model_picture(take.model_picture(frame))
            )

        told: dict[str, object] = {
            "settings": work.resolved(),
            "network_rows": rows,
            "notices": [*notices, *clip.notices],
        }
        return complete(order, work.shot, take, delivery, edit_of, progress, told)


def _costs(work: Work) -> dict[Stage, float]:
    """Expected cost of each stage in network rows; what is not the network by experience."""
    frames = len(work.frames)
    finishing = {
        Stage.DECODE: 4.0 * frames,
        Stage.DEFLICKER: 2.0 * frames if work.request.deflicker else 0.0,
        Stage.FINISH: 1.0 * frames,
        Stage.WRITE: 0.5 * frames,
    }
    return work.costs() | finishing


def _demo_notice(work: Work) -> list[str]:
    own = str(resource("demo", "clip.mp4"))
    if work.request.model != ModelKind.DEMO or work.clip.info.spec == own:
        return []
    return [
        "This is the small demo model, which knows little more than its own clip: add a Stable "
        "Diffusion 1.x or 2.x model with 'tokenflow-studio models add' for real footage."
    ]


def _decode(
    work: Work, ingested: Ingested, latents: Table, take: Take, progress: Progress
) -> dict[int, Path]:
    """Turn latents into the model's pictures; gives, by frame, those of what it saw.

    What it saw is the source after the autoencoder, whose losses then count as no change.
    """
    seen = {
        frame: cache_folder() / "seen" / f"{key_of(key, work.model.fingerprint)}.png"
        for frame, key in zip(work.frames, ingested.frame_keys, strict=True)
    }
    progress.enter(Stage.DECODE, 2 * len(work.frames))
    for index, frame in enumerate(work.frames):
        for path, table in ((seen[frame], ingested.clean), (take.model_picture(frame), latents)):
            done = path.exists()
            if not done:
                write_model_picture(path, decoded(work, table, index))
            progress.advance(cached=done)
    return seen
