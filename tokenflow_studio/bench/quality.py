"""The paper's tables on footage with known motion: consistency (Table 1), reconstruction (2)."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from tokenflow_studio.bench.footage import FAR, SIZE, Footage, draw_footage
from tokenflow_studio.bench.orders import (
    AUTOENCODER_ONLY,
    EDITS,
    PER_FRAME,
    RECONSTRUCTIONS,
    Variant,
)
from tokenflow_studio.bench.pairs import PAIRS, Pair
from tokenflow_studio.bench.pictures import (
    SOURCE,
    FeatureClip,
    feature_clips,
    write_feature_pictures,
    write_pictures,
)
from tokenflow_studio.bench.place import Place
from tokenflow_studio.bench.store import Record
from tokenflow_studio.bench.table import Column, Table, Value
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.post.measure import Image, psnr, ssim, warp_error

_VARIANTS = (AUTOENCODER_ONLY, *EDITS, *RECONSTRUCTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityPlan:
    """pairs: clips with their prompts; frames: of each clip; steps: None for the model's own;
    interval: frames from one keyframe to the next; pnp_attention: share of the steps in which
    queries and keys are injected. The paper's, since where a model's own is higher, as the demo
    model's, hardly anything flickers that TokenFlow could remove."""

    pairs: tuple[Pair, ...] = PAIRS
    frames: int = 24
    steps: int | None = None
    interval: int = 8
    pnp_attention: float = 0.5


#: Ends within half an hour on two cores with the demo model.
SMALL = QualityPlan(pairs=PAIRS[:4], frames=16, steps=25)


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one clip against its source.

    warp_error: along the source's true motion, as in `post.measure` (not times 1000); drift: the
    same over `FAR` frames in place of one; psnr in dB and ssim: means over the frames.
    """

    warp_error: float
    drift: float
    psnr: float
    ssim: float


def measure(footage: Footage, frames: Sequence[Image]) -> Measures:
    """Measure the frames of an edit. Raises ValueError when the source has more or fewer."""
    pairs = list(zip(frames, footage.frames(), strict=True))
    return Measures(
        *_errors(footage, frames),
        statistics.fmean(psnr(frame, source) for frame, source in pairs),
        statistics.fmean(ssim(frame, source) for frame, source in pairs),
    )


def _errors(footage: Footage, frames: Sequence[Image]) -> tuple[float, float]:
    """Warp error and drift."""
    near = warp_error(frames, footage.flows, footage.valid)
    return near, warp_error(frames, footage.far_flows, footage.far_valid, FAR)


def measure_quality(place: Place, template: EditRequest, plan: QualityPlan) -> tuple[Table, Table]:
    """Tables 1 and 2 over all pairs; a contact sheet, an x-t slice and a picture of the features
    of each into the folder.

    What the store holds is not computed again. Raises BadInput, JobFailed or WorkerLost.
    """
    template = replace(template, keyframe_interval=plan.interval, pnp_attention=plan.pnp_attention)
    found: dict[str, list[Record]] = {variant.name: [] for variant in _VARIANTS}
    sources: list[tuple[float, float]] = []
    features: dict[str, list[FeatureClip]] = {}
    for pair in plan.pairs:
        footage = draw_footage(place.footage, pair, plan.frames)
        sources.append(_errors(footage, footage.frames()))
        records = {
            variant.name: _record(place, template, plan, pair, footage, variant)
            for variant in _VARIANTS
        }
        for name, record in records.items():
            found[name].append(record)
        folders = {name: place.folder / record["folder"] for name, record in records.items()}
        write_pictures(place.folder, footage, folders)
        features[footage.folder.name] = feature_clips(pair, footage.clip, folders)
        place.runner.forget()
    write_feature_pictures(place.folder, template, features)
    about = f"{len(plan.pairs)} clips of {plan.frames} frames"
    return _consistency(found, sources, about), _reconstruction(found, about)


def _record(
    place: Place,
    template: EditRequest,
    plan: QualityPlan,
    pair: Pair,
    footage: Footage,
    variant: Variant,
) -> Record:
    request = variant.request(_stepped(template, variant, plan), pair, footage.clip)
    key = place.key([asdict(pair.scene), plan.frames, FAR], request)
    found = place.store.get(key)
    if found is not None:
        return found
    run = place.runner.run(f"{pair.name}: {variant.name}", request)
    return place.keep(
        key,
        pair=pair.name,
        variant=variant.name,
        **asdict(measure(footage, run.frames(SIZE))),
        network_rows=run.network_rows,
        seconds=run.seconds,
        settings=run.settings,
        prompt_match=run.prompt_match,
        folder=str(run.folder.relative_to(place.folder.absolute())),
    )


def _stepped(template: EditRequest, variant: Variant, plan: QualityPlan) -> EditRequest:
    return template if "steps" in variant.settings else replace(template, steps=plan.steps)


def _consistency(
    found: dict[str, list[Record]], sources: list[tuple[float, float]], about: str
) -> Table:
    """Table 1: warp error, and the share of what per-frame PnP adds to the autoencoder's own."""
    errors = {name: _mean(records, "warp_error") for name, records in found.items()}
    floor, added = errors[AUTOENCODER_ONLY.name], errors[PER_FRAME.name]
    near, far = (1000 * statistics.fmean(error) for error in zip(*sources, strict=True))
    rows: list[tuple[Value, ...]] = [(SOURCE, near, None, far, None)]
    for variant in (AUTOENCODER_ONLY, *EDITS):
        error, records = errors[variant.name], found[variant.name]
        removed = removed_share(error, floor, added) if variant.edits else None
        drift = 1000 * _mean(records, "drift")
        rows.append((variant.name, 1000 * error, removed, drift, _score(records)))
    return Table(
        f"Table 1: consistency, {about}",
        (
            Column("method"),
            Column("warp error x10^-3", ".3f"),
            Column("flicker removed", ".0%"),
            Column(f"over {FAR} frames", ".3f"),
            Column("prompt score", ".3f"),
        ),
        tuple(rows),
        "Flicker removed: of the warp error that per-frame PnP adds to the autoencoder's own.",
    )


def _score(records: list[Record]) -> float | None:
    """The mean prompt match; None where a clip was not scored."""
    scores = [s for s in (record.get("prompt_match") for record in records) if s is not None]
    return statistics.fmean(scores) if len(scores) == len(records) else None


def removed_share(error: float, floor: float, added: float) -> float | None:
    """(E_per-frame - E) / (E_per-frame - E_autoencoder); the paper's own figures give 89 %.

    None where per-frame editing adds nothing. Negative where the error is above it.
    """
    return (added - error) / (added - floor) if added > floor else None


def _reconstruction(found: dict[str, list[Record]], about: str) -> Table:
    """Table 2: how near the source comes back; SSIM stands in for the paper's LPIPS."""
    rows = tuple(
        (variant.name, _mean(found[variant.name], "psnr"), _mean(found[variant.name], "ssim"))
        for variant in (AUTOENCODER_ONLY, *RECONSTRUCTIONS)
    )
    columns = (Column("method"), Column("PSNR dB", ".2f"), Column("SSIM", ".3f"))
    return Table(f"Table 2: reconstruction, {about}", columns, rows)


def _mean(records: list[Record], measured: str) -> float:
    return statistics.fmean(record[measured] for record in records)
