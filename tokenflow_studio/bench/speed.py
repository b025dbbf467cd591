"""What a preview, a whole job and a second prompt cost, in network rows and seconds."""

import dataclasses
from dataclasses import asdict

from tokenflow_studio.bench.footage import draw_footage
from tokenflow_studio.bench.pairs import PAIRS
from tokenflow_studio.bench.place import Place
from tokenflow_studio.bench.store import Record
from tokenflow_studio.bench.table import Column, Table, Value
from tokenflow_studio.core.job import JobKind, Stage
from tokenflow_studio.core.request import EditRequest

PREVIEW, WHOLE, SECOND = "preview", "whole job", "second prompt"
_PAIR, _OTHER = PAIRS[0], PAIRS[1]


def measure_speed(place: Place, template: EditRequest, frames: int) -> Table:
    """A preview and a whole job, each from nothing, then another prompt on the same clip.

    Loading of the model is left out. Raises BadInput, JobFailed or WorkerLost.
    """
    footage = draw_footage(place.footage, _PAIR, frames)
    first = dataclasses.replace(
        template, clip=footage.clip, prompt=_PAIR.prompt, source_prompt=_PAIR.source_prompt
    )
    second = dataclasses.replace(first, prompt=_OTHER.prompt)
    orders = {
        PREVIEW: (first, JobKind.KEYFRAMES),
        WHOLE: (first, JobKind.EDIT),
        SECOND: (second, JobKind.EDIT),
    }
    keys = {name: _key(place, frames, *order) for name, order in orders.items()}
    records = {name: place.store.get(key) for name, key in keys.items()}
    # The second prompt is told by what the first one left, so both are measured or neither is.
    if records[WHOLE] is None or records[SECOND] is None:
        records[WHOLE] = records[SECOND] = None
    for name, (request, kind) in orders.items():
        if records[name] is not None:
            continue
        if name != SECOND:
            place.runner.discard()
        run = place.runner.run(name, request, kind)
        records[name] = place.keep(
            keys[name], variant=name, network_rows=run.network_rows, seconds=run.seconds,
            settings=run.settings,
        )  # fmt: skip
    place.runner.discard()
    return _table({name: record for name, record in records.items() if record}, frames)


def _key(place: Place, frames: int, request: EditRequest, kind: JobKind) -> str:
    return place.key(["speed", asdict(_PAIR.scene), frames, kind], request)


def _table(records: dict[str, Record], frames: int) -> Table:
    """Rows and seconds by stage, each total also as a share of the whole job's."""
    rows = {name: sum(record["network_rows"].values()) for name, record in records.items()}
    spent = {name: sum(record["seconds"].values()) for name, record in records.items()}
    stages = [s for s in Stage if any(s in record["seconds"] for record in records.values())]
    lines: list[tuple[Value, ...]] = [
        (
            name,
            rows[name],
            rows[name] / rows[WHOLE],
            spent[name],
            spent[name] / spent[WHOLE],
            *(record["seconds"].get(stage) for stage in stages),
        )
        for name, record in records.items()
    ]
    columns = (
        Column("job"),
        Column("rows", "d"),
        Column("rows of whole", ".3f"),
        Column("seconds", ".1f"),
        Column("time of whole", ".3f"),
        *(Column(f"{stage} s", ".1f") for stage in stages),
    )
    title = f"Speed: {frames} frames; rows are frames through the network"
    return Table(title, columns, tuple(lines), "Loading of the model is left out.")
