"""Between the program's own values and the messages on the wire."""

from typing import Any

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.job import EventKind, JobEvent, JobKind, JobOrder, Stage
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.worker.job_state import JobState
from tokenflow_studio.worker.v1 import worker_pb2 as pb


def order_to_message(order: JobOrder) -> pb.StartJobRequest:
    """The call that starts `order`. Raises BadInput for names that are no text."""
    request = order.request
    for text in (
        order.output,
        order.takes,
        request.clip,
        request.prompt,
        request.model,
        request.base or "",
    ):
        try:
            text.encode()
        except UnicodeEncodeError as error:  # bytes of a file name that are not UTF-8
            raise BadInput(f"{text!r} is not valid text (UTF-8): rename it.") from error
    return pb.StartJobRequest(
        job_id=order.id,
        kind=kind_to_wire(order.kind),
        request_json=order.request.to_json(),
        output=order.output,
        overwrite=order.overwrite,
        start_frame=order.start_frame,
        takes=order.takes,
        least_version=order.least_version,
        keep_movie=order.keep_movie,
    )


def kind_to_wire(kind: JobKind) -> pb.JobKind:
    """The kind as it travels."""
    return _to_wire(pb.JobKind, "JOB_KIND", kind)


def state_to_wire(state: JobState) -> pb.JobState:
    """The state as it travels."""
    return _to_wire(pb.JobState, "JOB_STATE", state)


def state_from_wire(number: pb.JobState) -> JobState:
    """The state as the program knows it. Raises BadInput for an unknown one."""
    return JobState(_from_wire(pb.JobState, "JOB_STATE", number))


def order_from_message(message: pb.StartJobRequest) -> JobOrder:
    """The order in a call. Raises BadInput when it cannot be read."""
    if not message.job_id:
        raise BadInput("The job has no id.")
    return JobOrder(
        request=EditRequest.from_json(message.request_json),
        kind=JobKind(_from_wire(pb.JobKind, "JOB_KIND", message.kind)),
        output=message.output,
        overwrite=message.overwrite,
        start_frame=message.start_frame if message.HasField("start_frame") else None,
        takes=message.takes,
        least_version=max(message.least_version, 1),
        keep_movie=message.keep_movie,
        id=message.job_id,
    )


def event_to_message(event: JobEvent) -> pb.JobEvent:
    """The event as it travels."""
    return pb.JobEvent(
        kind=_to_wire(pb.EventKind, "EVENT_KIND", event.kind),
        job_id=event.job,
        seq=event.seq,
        stage=_to_wire(pb.Stage, "STAGE", event.stage) if event.stage else pb.STAGE_UNSPECIFIED,
        step=event.step,
        total=event.total,
        fraction=event.fraction,
        elapsed=event.elapsed,
        eta=event.eta,
        frames=event.frames,
        folder=event.folder,
        output=event.output,
        message=event.message,
        exit_code=event.exit_code,
    )


def event_from_message(message: pb.JobEvent) -> JobEvent:
    """The event as the program knows it. Raises BadInput for an unknown kind or stage."""
    return JobEvent(
        kind=EventKind(_from_wire(pb.EventKind, "EVENT_KIND", message.kind)),
        job=message.job_id,
        seq=message.seq,
        stage=Stage(_from_wire(pb.Stage, "STAGE", message.stage)) if message.stage else None,
        step=message.step,
        total=message.total,
        fraction=message.fraction,
        elapsed=message.elapsed,
        eta=message.eta if message.HasField("eta") else None,
        frames=tuple(message.frames),
        folder=message.folder,
        output=message.output,
        message=message.message,
        exit_code=message.exit_code,
    )


def _to_wire(enum: EnumTypeWrapper, prefix: str, value: str) -> Any:
    return enum.Value(f"{prefix}_{value.upper()}")


def _from_wire(enum: EnumTypeWrapper, prefix: str, number: Any) -> str:
    try:
        name = enum.Name(number).removeprefix(f"{prefix}_").lower()
    except ValueError:
        name = "unspecified"
    if name == "unspecified":
        raise BadInput(f"The message holds no known {prefix.lower().replace('_', ' ')} ({number}).")
    return name
