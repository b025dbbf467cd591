"""`models list|add|remove|check`."""

import argparse
import dataclasses

from tokenflow_studio.cli.output import print_line, print_result
from tokenflow_studio.core.models import ModelEntry, add_model, list_models, remove_model
from tokenflow_studio.worker.client import WorkerClient


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks of the list of models. Raises StudioError."""
    match options.action:
        case "list":
            entries = list_models()
            _tell(options.json, "\n".join(map(_line, entries)),
                  models=[dataclasses.asdict(entry) for entry in entries])  # fmt: skip
        case "add":
            if options.download:
                with WorkerClient.launch() as worker:
                    worker.check_model(options.location, options.base, download=True)
            entry = add_model(options.location, options.name, options.base)
            _tell(options.json, _line(entry), model=dataclasses.asdict(entry))
        case "remove":
            remove_model(options.name)
            _tell(options.json, f"{options.name} is forgotten; its files stay.", name=options.name)
        case "check":
            with WorkerClient.launch() as worker:
                report = worker.check_model(options.name, options.base)
            _tell(options.json, f"{options.name}: {report.summary}",
                  location=report.location, summary=report.summary)  # fmt: skip
    return 0


def _tell(as_json: bool, text: str, **values: object) -> None:
    if as_json:
        print_result(0, **values)
    else:
        print_line(text)


def _line(entry: ModelEntry) -> str:
    base = f" (base {entry.base})" if entry.base else ""
    return f"{entry.name:<24} {entry.kind:<7} {entry.location}{base}"
