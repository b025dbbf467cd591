"""`bench quality|inversion|speed|deflicker|window`."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tokenflow_studio.bench.deflicker import DeflickerPlan, measure_deflicker
from tokenflow_studio.bench.inversion import InversionPlan, measure_inversion
from tokenflow_studio.bench.place import Place, opened
from tokenflow_studio.bench.quality import SMALL, QualityPlan, measure_quality
from tokenflow_studio.bench.speed import measure_speed
from tokenflow_studio.bench.table import Column, Table
from tokenflow_studio.cli.output import ProgressLines, print_line, print_result
from tokenflow_studio.core.job import JobEvent
from tokenflow_studio.core.models import ModelEntry, resolve_model
from tokenflow_studio.core.request import EditRequest


def run(options: argparse.Namespace) -> int:
    """Measure, and print the tables. Raises StudioError."""

    def tell(record: dict[str, Any]) -> None:
        if options.json:
            print_line(json.dumps({"kind": "measured", **record}))

    if options.benchmark == "deflicker":
        plan = DeflickerPlan(frames=options.frames, footage=options.clip)
        _print(options, measure_deflicker(plan, tell))
        return 0
    if options.benchmark == "window":
        _measure_window(options, tell)
        return 0
    model = resolve_model(options.model, options.base)
    progress = _TitledProgress()
    root = Path(options.output).absolute()
    try:
        with opened(root, options.benchmark, model, progress.show, tell) as place:
            tables = _measure(place, model, options)
    finally:
        progress.clear()
    _print(options, tables, folder=str(place.folder))
    return 0


def _measure_window(options: argparse.Namespace, tell: Callable[[dict[str, Any]], None]) -> None:
    """Every figure as soon as it is there, then the table."""
    # Here: no other command wants Qt.
    from tokenflow_studio.ui.benchmark.window import MEASURES, measure_window

    rows = []
    for figure in measure_window(tuple(options.only or MEASURES)):
        tell(dataclasses.asdict(figure))
        asked = figure.asked
        rows.append((figure.name, figure.value, figure.unit, asked, figure.verdict))
    columns = (Column("figure"), Column("value", ".2f"), Column(""), Column("asked"), Column(" "))
    _print(options, (Table("The window", columns, tuple(rows)),))


def _print(options: argparse.Namespace, tables: tuple[Table, ...], **values: object) -> None:
    if options.json:
        print_result(0, **values, tables=[table.values() for table in tables])
    else:
        print_line("\n\n".join(table.text() for table in tables))


def _measure(place: Place, model: ModelEntry, options: argparse.Namespace) -> tuple[Table, ...]:
    template = EditRequest(
        clip="-",
        prompt="-",
        model=model.asked_as,
        base=model.base or None,
        device=options.device,
    )
    match options.benchmark:
        case "quality":
            return measure_quality(place, template, _quality_plan(options))
        case "inversion":
            return (measure_inversion(place, template, InversionPlan(frames=options.frames)),)
    return (measure_speed(place, template, options.frames),)


def _quality_plan(options: argparse.Namespace) -> QualityPlan:
    """The small or the whole plan, with what was asked for differently."""
    names = ("frames", "steps", "interval", "pnp_attention")
    given = {name: getattr(options, name) for name in names}
    plan = SMALL if options.small else QualityPlan()
    return dataclasses.replace(plan, **{k: v for k, v in given.items() if v is not None})


class _TitledProgress:
    """The progress of run after run, each under its title, on stderr."""

    def __init__(self) -> None:
        self._title = ""
        self._lines = ProgressLines(sys.stderr)

    def show(self, title: str, event: JobEvent) -> None:
        if title != self._title:
            self._title = title
            self.clear()
            sys.stderr.write(f"{title}\n")
            self._lines = ProgressLines(sys.stderr)
        self._lines.show(event)

    def clear(self) -> None:
        self._lines.clear()
