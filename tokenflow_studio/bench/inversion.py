"""How well an inversion leads back to the clip, against what it costs."""

import dataclasses
import statistics
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tokenflow_studio.bench.footage import SIZE, draw_stills
from tokenflow_studio.bench.orders import AUTOENCODER_ONLY, RECONSTRUCTIONS
from tokenflow_studio.bench.pairs import PAIRS, Pair
from tokenflow_studio.bench.place import Place
from tokenflow_studio.bench.store import Record
from tokenflow_studio.bench.table import Column, Table
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.post.measure import Image

_STRIDE = 6  # frames between the stills: another view of the object each time


@dataclass(frozen=True, slots=True, kw_only=True)
class InversionPlan:
    """pairs: whose scenes are inverted; frames: of each; sampling: steps that lead back.

    Each sampling is met by inversions of `fineness` times its steps, with fixed-point `iterations`.
    """

    pairs: tuple[Pair, ...] = PAIRS[:4]
    frames: int = 4
    sampling: tuple[int, ...] = (25, 50)
    fineness: tuple[int, ...] = (1, 2)
    iterations: tuple[int, ...] = (0, 1)

    def settings(self) -> list[dict[str, Any]]:
        """All settings, as fields of a request."""
        return [
            {"steps": steps, "inversion_steps": steps * times, "inversion_iterations": iterations}
            for steps in self.sampling
            for times in self.fineness
            for iterations in self.iterations
        ]


def measure_inversion(place: Place, template: EditRequest, plan: InversionPlan) -> Table:
    """Per-frame reconstruction with every setting against the autoencoder's own output.

    Raises BadInput, JobFailed or WorkerLost; what was measured is kept.
    """
    settings = plan.settings()
    found: list[list[Record]] = [[] for _ in settings]
    for pair in plan.pairs:
        clip = draw_stills(place.footage, pair, plan.frames, _STRIDE)
        for number, chosen in enumerate(settings):
            found[number].append(_record(place, template, pair, clip, plan.frames, chosen))
        place.runner.forget()
    rows = [_row(chosen, records) for chosen, records in zip(settings, found, strict=True)]
    return Table(
        f"Inversion: {len(plan.pairs) * plan.frames} frames against the autoencoder's output",
        (
            Column("sampling steps"),
            Column("inversion steps"),
            Column("iterations"),
            Column("evaluations per frame"),
            Column("PSNR dB", ".2f"),
            Column("error x evaluations", ".3f"),
        ),
        tuple(rows),
        "Error: mean squared, x1000; an inversion pays if the product falls.",
    )


def _record(
    place: Place,
    template: EditRequest,
    pair: Pair,
    clip: str,
    frames: int,
    settings: dict[str, Any],
) -> Record:
    ddim = RECONSTRUCTIONS[0].request(template, pair, clip)
    request = dataclasses.replace(ddim, **settings)
    key = place.key([asdict(pair.scene), "stills", frames, _STRIDE], request)
    found = place.store.get(key)
    if found is not None:
        return found
    coded = place.runner.run(
        f"{pair.name}: {AUTOENCODER_ONLY.name}", AUTOENCODER_ONLY.request(template, pair, clip)
    )
    words = ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in settings.items())
    run = place.runner.run(f"{pair.name}: {words}", request)
    error = squared_error(run.frames(SIZE), coded.frames(SIZE))
    return place.keep(
        key, pair=pair.name, variant=words, squared_error=error,
        network_rows=run.network_rows, seconds=run.seconds, settings=run.settings,
    )  # fmt: skip


def squared_error(frames: list[Image], references: list[Image]) -> float:
    """Mean squared difference, 0 to 1, over all frames, pixels and channels."""
    pairs = zip(frames, references, strict=True)
    return statistics.fmean(float(np.square(a.astype(np.float64) - b).mean()) for a, b in pairs)


def _row(settings: dict[str, Any], records: list[Record]) -> tuple[int | float, ...]:
    """PSNR of the mean error, and the inversion's own evaluations.

    They follow from the steps that were taken: none goes beyond the noisiest sampling step.
    """
    error = statistics.fmean(record["squared_error"] for record in records)
    steps: int = records[0]["settings"]["inversion_steps"]
    evaluations = steps * (1 + settings["inversion_iterations"])
    decibels = float(-10 * np.log10(max(error, 1e-12)))
    return (*settings.values(), evaluations, decibels, 1000 * error * evaluations)
