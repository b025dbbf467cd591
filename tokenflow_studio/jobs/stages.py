"""All stages of a job, one after the other, and what they leave in the take."""

import dataclasses
import logging
from collections.abc import Callable, Iterator
from fractions import Fraction

from tokenflow_studio.core.job import EventKind, JobEvent, JobKind, JobOrder, Stage
from tokenflow_studio.core.models import ModelKind
from tokenflow_studio.core.paths import resource
from tokenflow_studio.engine.network import Network, opened
from tokenflow_studio.jobs.delivery import DEFAULT_RATE, Delivery, pictures
from tokenflow_studio.jobs.edit import (
    Approved,
    approved_keyframes,
    decoded,
    edit,
    edit_key,
)
from tokenflow_studio.jobs.measures import Steadiness
from tokenflow_studio.jobs.progress import Progress
from tokenflow_studio.jobs.selection import selected_frames
from tokenflow_studio.jobs.source import ingest, invert, plan_inversion
from tokenflow_studio.jobs.tables import Table, key_of
from tokenflow_studio.jobs.takes import Take, open_preview, open_take
from tokenflow_studio.jobs.work import Work, resolve
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.sheets import write_contact_sheet, write_side_by_side
from tokenflow_studio.media.stills import write_png

_log = logging.getLogger(__name__)

_SHEET = 24  # pictures on a contact sheet, spread over the take


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
        approved = _approve(order, work, network, emit, cancelled)
        ingested = ingest(work, progress)
        inverted = plan_inversion(work, ingested)
        take = _open(order, work, edit_key(work, inverted, approved))
        delivery.check_free(take, order.overwrite)
        delivery.claim(take)
        take.sweep()
        delivery.sweep()
        take.write_request(order.request)
        with take.log():
            _log.info("%s", order.request.to_json())
            invert(work, ingested, inverted, network, progress)
            rows = {"source": network.rows}
            latents = edit(work, ingested, inverted, approved, network, progress)
            rows["edit"] = network.rows - rows["source"]
    with take.log():
        _decode(work, latents, take, delivery, progress)
        measures = _write(work, take, progress)
        notices += clip.notices
        if take.report().get("state") != "done":
            take.write_report(
                state="done",
                settings=work.resolved(),
                measures=measures,
                network_rows=rows,
                seconds={stage: round(spent, 2) for stage, spent in progress.seconds.items()},
                notices=notices,
            )
        delivery.finish(take, _rate(work))
        _log.info("done: %s", take.folder)
    return JobEvent(kind=EventKind.DONE, folder=str(take.folder), output=order.output)


def _approve(
    order: JobOrder,
    work: Work,
    network: Network,
    emit: Callable[[JobEvent], None],
    cancelled: Callable[[], bool],
) -> Approved | None:
    """The approved keyframes; their preview is in the cache, else it is computed again."""
    if not order.request.approved or order.kind is JobKind.KEYFRAMES:
        return None
    request = dataclasses.replace(order.request, approved=())
    preview_order = dataclasses.replace(order, kind=JobKind.KEYFRAMES, request=request)
    preview = resolve(preview_order, work.clip, selected_frames(preview_order, work.clip.info))
    progress = Progress(_costs(preview), emit, cancelled)
    ingested = ingest(preview, progress)
    inverted = plan_inversion(preview, ingested)
    invert(preview, ingested, inverted, network, progress)
    edit(preview, ingested, inverted, None, network, progress)
    return approved_keyframes(work, preview, inverted)


def _costs(work: Work) -> dict[Stage, float]:
    """Expected cost of each stage in network rows; what is not the network by experience."""
    frames = len(work.frames)
    editing = Stage.KEYFRAMES if work.kind is JobKind.KEYFRAMES else Stage.PROPAGATE
    return {
        Stage.INGEST: 1.0 * frames,
        Stage.INVERT: frames * len(work.grid) * (1.0 + work.request.inversion_iterations),
        editing: frames * len(work.sampled) * 0.9 * work.guidance.text.shape[0],
        Stage.DECODE: 2.0 * frames,
        Stage.WRITE: 0.5 * frames,
    }


def _demo_notice(work: Work) -> list[str]:
    own = str(resource("demo", "clip.mp4"))
    if work.request.model != ModelKind.DEMO or work.clip.info.spec == own:
        return []
    return [
        "This is the small demo model, which knows little more than its own clip: add a Stable "
        "Diffusion 1.x or 2.x model with 'tokenflow-studio models add' for real footage."
    ]


def _open(order: JobOrder, work: Work, key: str) -> Take:
    whole = key_of(key, order.request.to_json())
    if order.kind is JobKind.KEYFRAMES:
        return open_preview(whole)
    return open_take(work.clip.info.name, whole, order.takes, order.least_version)


def _decode(work: Work, latents: Table, take: Take, delivery: Delivery, progress: Progress) -> None:
    """Turn latents into picture files at the clip's own size."""
    progress.enter(Stage.DECODE, len(work.frames))
    for index, frame in enumerate(work.frames):
        done = take.frame(frame).exists() and delivery.has_frame(take, frame)
        if not done:
            image = work.framing.from_model(decoded(work, latents, index).numpy())
            write_png(take.frame(frame), image)
            delivery.write_frame(take, frame, image, work.clip)
        progress.frames((frame,), str(take.frames))
        progress.advance(cached=done)


def _write(work: Work, take: Take, progress: Progress) -> dict[str, float]:
    """What shows the result: contact sheet and, of a take, the movie beside its source.

    Gives the take's measures.
    """
    progress.enter(Stage.WRITE, len(work.frames))
    stride = -(-len(work.frames) // _SHEET)
    shown = work.frames[::stride]
    sheet = take.folder / "contact_sheet.png"
    write_contact_sheet(sheet, pictures(take, shown), [str(frame) for frame in shown])
    steadiness = Steadiness()

    def pairs() -> Iterator[tuple[Image, Image]]:
        for frame, edited in zip(work.frames, pictures(take, work.frames), strict=True):
            source = work.clip.read(frame)
            steadiness.add(source, edited)
            progress.advance()
            yield source, edited

    if work.kind is JobKind.EDIT:
        write_side_by_side(take.folder / "side_by_side.mp4", pairs(), _rate(work))
    progress.leave()
    return steadiness.result()


def _rate(work: Work) -> Fraction:
    return work.request.rate or work.clip.info.rate or DEFAULT_RATE
