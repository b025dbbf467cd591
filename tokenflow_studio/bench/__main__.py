"""What prompts do, measured: this benchmark loads the model and the scorer in its own process.

python -m tokenflow_studio.bench [--small] -o FOLDER
"""

import argparse
import dataclasses
import json
import logging
import sys
from pathlib import Path

from tokenflow_studio.bench.place import opened
from tokenflow_studio.bench.prompts import SMALL_PROMPTS, PromptPlan, measure_prompts
from tokenflow_studio.bench.store import Record
from tokenflow_studio.bench.table import Table
from tokenflow_studio.core.errors import StudioError
from tokenflow_studio.core.job import EventKind, JobEvent
from tokenflow_studio.core.models import resolve_model
from tokenflow_studio.core.request import EditRequest

log = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S"
    )
    try:
        tables = _measure(options)
    except StudioError as error:
        log.error("%s", error)
        return error.exit_code
    text = (
        json.dumps([table.values() for table in tables])
        if options.json
        else "\n\n".join(table.text() for table in tables)
    )
    sys.stdout.write(text + "\n")
    return 0


def _measure(options: argparse.Namespace) -> tuple[Table, ...]:
    model = resolve_model(options.model, options.base)
    template = EditRequest(
        clip="-",
        prompt="-",
        model=model.asked_as,
        base=model.base or None,
        device=options.device,
    )
    plan = SMALL_PROMPTS if options.small else PromptPlan()
    plan = dataclasses.replace(plan, steps=options.steps)
    root = Path(options.output).absolute()
    with opened(root, "prompts", model, _show, _tell) as place:
        return measure_prompts(place, template, plan)


def _show(title: str, event: JobEvent) -> None:
    if event.kind is EventKind.PROGRESS and event.stage is None:
        log.info("%s: %d of %d", title, event.step, event.total)


def _tell(record: Record) -> None:
    log.info("%s: %s", record["pair"], record["variant"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tokenflow_studio.bench", description=__doc__)
    parser.add_argument("--small", action="store_true", help="8 captions, 4 edits, 2 stills")
    parser.add_argument(
        "--steps", type=int, metavar="N", help="of pictures and edits; default: the model's"
    )
    parser.add_argument("--model", default="demo", help="as for edit; default: demo")
    parser.add_argument("--base", default="", metavar="FOLDER",
                        help="diffusers folder for what a single file lacks")  # fmt: skip
    parser.add_argument("-o", "--output", metavar="DIR", default="bench",
                        help="footage and results; a stopped run goes on there")  # fmt: skip
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    parser.add_argument("--json", action="store_true", help="print the tables as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
