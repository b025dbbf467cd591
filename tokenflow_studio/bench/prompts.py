"""What prompts do: pictures from words, edits of one attribute, and what an edit starts from."""

import dataclasses
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tokenflow_studio.bench.footage import SIZE, draw_stills, read_frames
from tokenflow_studio.bench.held_out import ASKED, Asked, asked_edits, captioned_scenes
from tokenflow_studio.bench.orders import AUTOENCODER_ONLY, PER_FRAME, RECONSTRUCTIONS, Variant
from tokenflow_studio.bench.painting import paint_all
from tokenflow_studio.bench.pairs import Pair
from tokenflow_studio.bench.place import Place
from tokenflow_studio.bench.runner import made_frames
from tokenflow_studio.bench.shares import Share
from tokenflow_studio.bench.store import Record
from tokenflow_studio.bench.table import Column, Table, Value
from tokenflow_studio.core.paths import resource
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.demo.recognition import Looks, Recogniser
from tokenflow_studio.demo.scenes import plain_caption
from tokenflow_studio.demo.training.attributes import ATTRIBUTES
from tokenflow_studio.demo.training.pictures import HELD_OUT_SEED, render_seeds
from tokenflow_studio.engine.loading import load_model
from tokenflow_studio.engine.scorer import load_scorer
from tokenflow_studio.post.measure import psnr

_STRIDE = 12  # frames between those that are edited: another view of the object
_COLUMNS = (
    Column("right", ".1%"),
    Column("from", ".1%"),
    Column("to", ".1%"),
    Column("of", "d"),
    Column("drawn", ".1%"),
)
_NOTE = "From, to: 95 % confidence. Drawn: what the scorer finds where the renderer did as asked."


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPlan:
    """captions: pictures from words; edits: clips, of so many frames each; restored: stills, by
    the model's own number of steps; steps: of pictures and edits, None for the model's own."""

    captions: int = 200
    edits: int = 48
    frames: int = 1
    restored: int = 8
    steps: int | None = None


SMALL_PROMPTS = PromptPlan(captions=8, edits=4, restored=2)


def measure_prompts(place: Place, template: EditRequest, plan: PromptPlan) -> tuple[Table, ...]:
    """Three tables: text to image, edits by PnP frame by frame, reconstruction.

    Pictures and takes stay in the folder, so that another scorer only looks at them again. Raises
    BadInput, also without a scorer beside the demo model, JobFailed or WorkerLost.
    """
    stepped = dataclasses.replace(template, steps=plan.steps)
    recognise = Recogniser.of(load_scorer(resource("demo", "scorer"), "cpu"))
    return (
        _texts(place, stepped, plan, recognise),
        _edits(place, stepped, plan, recognise),
        _restored(place, template, plan),
    )


def _texts(place: Place, template: EditRequest, plan: PromptPlan, recognise: Recogniser) -> Table:
    """How often a picture painted from a caption alone shows what the caption says."""
    model = load_model(template.model, base=template.base, device=template.device)
    scenes = captioned_scenes(plan.captions)
    folder = place.folder / "painted" / place.key(["painted"], template)
    steps = plan.steps or model.settings.steps
    paint_all(place, model, [plain_caption(scene) for scene in scenes], steps, folder)
    painted = [recognise([picture]) for picture in read_frames(str(folder))[: len(scenes)]]
    drawn = render_seeds(range(HELD_OUT_SEED, HELD_OUT_SEED + len(scenes)))[0]
    known = [recognise([_as_image(picture)]) for picture in drawn]
    rows = []
    for attribute in ATTRIBUTES:
        name, wanted = attribute.name, [attribute.of(scene) for scene in scenes]
        rows.append(_row(name, _agreement(painted, name, wanted), _agreement(known, name, wanted)))
    title = f"Text to image: {len(scenes)} held-out captions, {steps} steps"
    return Table(title, (Column("attribute"), *_COLUMNS), tuple(rows), _NOTE)


def _edits(place: Place, template: EditRequest, plan: PromptPlan, recognise: Recogniser) -> Table:
    """How often an edit reaches what was asked, and leaves what was not."""
    asked = asked_edits(plan.edits)
    made: list[Looks] = []
    drawn: list[Looks] = []
    for edit in asked:
        take = _take(place, template, edit.pair, PER_FRAME, plan.frames)
        made.append(recognise(made_frames(take, SIZE)))
        truth = Pair(f"{edit.pair.name}-wanted", edit.pair.edited, edit.pair.edited)
        drawn.append(recognise(read_frames(_stills(place, truth, plan.frames))))
    rows = [_judged(f"asked: {name}", asked, made, drawn, (name,), True) for name in ASKED]
    rows.append(_judged("asked: all", asked, made, drawn, ASKED, True))
    rows += [_judged(f"kept: {name}", asked, made, drawn, (name,), False) for name in ASKED]
    rows.append(_judged("kept: all", asked, made, drawn, ASKED, False))
    title = f"Edits by PnP: {len(asked)} held-out clips, {plan.frames} frames each"
    return Table(title, (Column("attribute"), *_COLUMNS), tuple(rows), _NOTE)


def _judged(
    title: str,
    asked: Sequence[Asked],
    made: Sequence[Looks],
    drawn: Sequence[Looks],
    names: Sequence[str],
    changed: bool,
) -> tuple[Value, ...]:
    """A row over those of the attributes that were asked to change, or those that were not."""
    cases = [
        (edit.shows(edit.pair.edited)[name], looks[name], truth[name])
        for edit, looks, truth in zip(asked, made, drawn, strict=True)
        for name in names
        if (edit.attribute == name) is changed
    ]
    if not cases:
        return (title, None, None, None, 0, None)
    return _row(
        title,
        Share.of(want == seen for want, seen, _ in cases),
        Share.of(want == true for want, _, true in cases),
    )


def _restored(place: Place, template: EditRequest, plan: PromptPlan) -> Table:
    """The autoencoder, and the default inversion with what leads back from it."""
    scenes = captioned_scenes(plan.restored)
    found: dict[str, list[float]] = {"autoencoder": [], "reconstruction": [], "both": []}
    for number, scene in enumerate(scenes):
        pair = Pair(f"restored-{number:03d}", scene, scene)
        source = read_frames(_stills(place, pair, 1))[0]
        coded, back = (
            made_frames(_take(place, template, pair, variant, 1), SIZE)[0]
            for variant in (AUTOENCODER_ONLY, RECONSTRUCTIONS[0])
        )
        found["autoencoder"].append(psnr(coded, source))
        found["reconstruction"].append(psnr(back, source))
        found["both"].append(psnr(back, coded))
    titles = {
        "autoencoder": "autoencoder against the source",
        "reconstruction": "reconstruction against the source",
        "both": "reconstruction against the autoencoder's output",
    }
    rows = tuple(
        (titles[name], statistics.fmean(values), min(values)) for name, values in found.items()
    )
    columns = (Column("what"), Column("PSNR dB", ".2f"), Column("lowest", ".2f"))
    return Table(f"Reconstruction: {len(scenes)} held-out stills", columns, rows)


def _take(place: Place, template: EditRequest, pair: Pair, variant: Variant, count: int) -> Path:
    """The folder of a variant's take on stills of the pair; computed where it is not there."""
    clip = _stills(place, pair, count)
    request = variant.request(template, pair, clip)
    key = place.key([asdict(pair.scene), "stills", count, _STRIDE], request)
    found: Record | None = place.store.get(key)
    if found is None or not (place.folder / found["folder"]).is_dir():
        run = place.runner.run(f"{pair.name}: {variant.name}", request)
        found = place.keep(
            key,
            pair=pair.name,
            variant=variant.name,
            prompt=request.prompt,
            network_rows=run.network_rows,
            seconds=run.seconds,
            settings=run.settings,
            folder=str(run.folder.relative_to(place.folder.absolute())),
        )
        place.runner.forget()
    return place.folder / found["folder"]


def _stills(place: Place, pair: Pair, count: int) -> str:
    return draw_stills(place.footage, pair, count, _STRIDE)


def _as_image(picture: np.ndarray) -> np.ndarray:
    return picture.astype(np.float32) / np.float32(255)


def _agreement(looks: Sequence[Looks], name: str, wanted: Sequence[str]) -> Share:
    return Share.of(seen[name] == want for seen, want in zip(looks, wanted, strict=True))


def _row(title: str, share: Share, drawn: Share) -> tuple[Value, ...]:
    return (title, share.value, *share.interval, share.count, drawn.value)
