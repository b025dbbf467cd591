"""`demo`, `edit` and `keyframes`: one job from the command line to the files."""

import argparse
import dataclasses
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from bridge.exchange.orders import open_here, request_fields, take_frames
from bridge.exchange.packages import is_package, preflight, writers
from tokenflow_studio.cli.output import ProgressLines, print_line, print_result
from tokenflow_studio.core.approval import with_approved
from tokenflow_studio.core.errors import BadInput, Cancelled, JobFailed
from tokenflow_studio.core.job import FINAL, EventKind, JobEvent, JobKind, JobOrder
from tokenflow_studio.core.models import resolve_model
from tokenflow_studio.core.paths import resource
from tokenflow_studio.core.request import IDENTITY, EditRequest
from tokenflow_studio.worker.session import WorkerSession

_FIELDS = frozenset(field.name for field in dataclasses.fields(EditRequest))


def run(options: argparse.Namespace) -> int:
    """Do the job that the command line orders. Raises StudioError."""
    if options.command != "demo" and is_package(Path(options.clip)):
        options = _of_package(options)
    order = job_order(options)
    session = WorkerSession()
    try:
        with _stopping_at_signals(session, order.id):
            last = _follow(session, order, options.json)
    finally:
        session.close()
    if last.kind is EventKind.CANCELLED:
        raise Cancelled(last.message)
    if last.kind is EventKind.FAILED:
        raise BadInput(last.message) if last.exit_code == 2 else JobFailed(last.message)
    if options.json:
        print_result(0, job=order.id, folder=last.folder, output=last.output)
    else:
        print_line(last.output or last.folder)
    return 0


def job_order(options: argparse.Namespace) -> JobOrder:
    """The order that the command line means. Raises BadInput."""
    request = _demo_request(options) if options.command == "demo" else _request(options)
    return JobOrder(
        request=request,
        kind=JobKind.KEYFRAMES if options.command == "keyframes" else JobKind.EDIT,
        output=str(Path(options.output).absolute()) if options.output else "",
        overwrite=options.overwrite,
        start_frame=getattr(options, "start_frame", None),
    )


def _of_package(options: argparse.Namespace) -> argparse.Namespace:
    """The options with what an exchange package says of its shot; those that were given win."""
    package = open_here(Path(options.clip).absolute())
    preflight(package)
    for sentence in writers(package):
        sys.stderr.write(f"{sentence}\n")
    given = {name: value for name, value in vars(options).items() if name != "clip"}
    if given.get("start_frame") is None:
        given["start_frame"] = take_frames(package.manifest).first
    told = request_fields(package, given.get("colour", ""))
    if "frames" in given:  # a part of it: the numbers are those of the files
        del given["start_frame"]
    return argparse.Namespace(**(told | given))


def _request(options: argparse.Namespace) -> EditRequest:
    model = resolve_model(options.model, options.base)
    given = {name: value for name, value in vars(options).items() if name in _FIELDS}
    given["clip"] = str(Path(options.clip).absolute())
    if given.get("matte"):
        given["matte"] = str(Path(given["matte"]).absolute())
    given["model"] = model.asked_as
    given["base"] = model.base or None
    approved = given.pop("approved", None)
    if not options.prompt and given.get("technique") != IDENTITY:
        raise BadInput("Nothing says what the clip should become: give -p/--prompt TEXT.")
    request = EditRequest(**given)
    return with_approved(request, Path(approved)) if approved else request


def _demo_request(options: argparse.Namespace) -> EditRequest:
    """The built-in clip under the first of its prompts."""
    prompts, clip = _demo_file("prompts.json"), _demo_file("clip.json")
    return EditRequest(
        clip=str(resource("demo", "clip.mp4")),
        prompt=prompts[0]["prompt"],
        source_prompt=clip["caption"],
        device=options.device,
    )


def _demo_file(name: str) -> Any:
    path = resource("demo", name)
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{path} is missing or damaged: install TokenFlow Studio again ({error})."
        ) from error


def _follow(session: WorkerSession, order: JobOrder, as_json: bool) -> JobEvent:
    """Show the job's events; gives the final one."""
    progress = ProgressLines(sys.stderr)
    for event in session.run(order):
        if as_json:
            print_line(event.to_json())
        else:
            progress.show(event)
        if event.kind in FINAL:
            progress.clear()
            return event
    raise JobFailed("The job ended without a result: start it again.")


@contextmanager
def _stopping_at_signals(session: WorkerSession, job_id: str) -> Iterator[None]:
    """Ctrl-C (or SIGTERM) cancels the job, a second one ends everything at once."""
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            os._exit(Cancelled.exit_code)  # the worker ends with this process
        asked.set()
        sys.stderr.write("\ncancelling, once more to stop at once\n")
        # From a thread: the signal may have interrupted a call that holds the channel's locks.
        threading.Thread(target=session.cancel, args=(job_id,), daemon=True).start()

    former = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
