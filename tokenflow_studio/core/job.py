"""A job as the worker takes it, and what it says while it runs."""

import dataclasses
import json
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.request import EditRequest


class JobKind(StrEnum):
    """What a job makes."""

    EDIT = "edit"  # a take: every frame
    KEYFRAMES = "keyframes"  # the preview: the keyframes only


class Stage(StrEnum):
    """The stages of a job, in their order.

    A preview has no `propagate` and no `finish`; `deflicker` comes only where it was asked for.
    """

    INGEST = "ingest"
    INVERT = "invert"
    KEYFRAMES = "keyframes"
    PROPAGATE = "propagate"
    DECODE = "decode"
    DEFLICKER = "deflicker"
    FINISH = "finish"
    WRITE = "write"


class EventKind(StrEnum):
    """What an event tells; each names the fields of `JobEvent` that it fills."""

    PROGRESS = "progress"  # stage, step, total, elapsed, eta
    FRAMES = "frames"  # frames, folder: finished PNG files, named by frame number
    NOTICE = "notice"  # message: something the user should know; the job goes on
    DONE = "done"  # folder, output
    FAILED = "failed"  # message, exit_code
    CANCELLED = "cancelled"  # message, exit_code


FINAL = frozenset({EventKind.DONE, EventKind.FAILED, EventKind.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOrder:
    """One piece of work for the worker.

    output: a pattern ending in .exr or .png, a movie file, or (previews) a folder; empty for the
    takes folder alone. start_frame: number of the first output file, None to keep the source's.
    overwrite: files of another request at `output` may be replaced. takes: folder that receives the
    take, empty for the takes folder of the machine; least_version: number of a clip's first take
    in there, where takes of the clip lie elsewhere too. keep_movie: where no output is ordered, the
    take of a movie keeps its finished frames as a movie of their own, as deep as the clip.
    """

    request: EditRequest
    kind: JobKind = JobKind.EDIT
    output: str = ""
    overwrite: bool = False
    start_frame: int | None = None
    takes: str = ""
    least_version: int = 1
    keep_movie: bool = False
    id: str = dataclasses.field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """One thing that happened in a job; `kind` says which of the other fields count.

    seq counts from 1 within the job; elapsed and eta are seconds, eta is None while unknown;
    fraction is the done share of the whole job, 0 to 1.
    """

    kind: EventKind
    job: str = ""
    seq: int = 0
    stage: Stage | None = None
    step: int = 0
    total: int = 0
    fraction: float = 0.0
    elapsed: float = 0.0
    eta: float | None = None
    frames: tuple[int, ...] = ()
    folder: str = ""
    output: str = ""
    message: str = ""
    exit_code: int = 0

    def to_json(self) -> str:
        """One line of JSON with the fields that are set."""
        defaults = {field.name: field.default for field in dataclasses.fields(self)}
        values = dataclasses.asdict(self)
        return json.dumps({k: v for k, v in values.items() if v != defaults[k]})

    @classmethod
    def from_json(cls, text: str | bytes) -> "JobEvent":
        """Read what `to_json` wrote. Raises BadInput for anything else."""
        try:
            fields: dict[str, Any] = json.loads(text)
            fields["kind"] = EventKind(fields["kind"])
            if "stage" in fields:
                fields["stage"] = Stage(fields["stage"])
            fields["frames"] = tuple(fields.get("frames", ()))
            return cls(**fields)
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"This is no job event ({error}).") from error
