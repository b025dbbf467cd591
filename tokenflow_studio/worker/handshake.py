"""The two lines that start a worker: the parent's greeting on stdin, the worker's answer.

The token travels in the greeting: other users can read a command line, but not a pipe.
"""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Self, TypeVar

from tokenflow_studio.core.errors import WorkerLost
from tokenflow_studio.core.job import JobEvent, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.worker.v1 import worker_pb2 as pb

MAGIC = "tokenflow-studio-worker"
CORE = 1  # this handshake itself
API = (1,)  # the service packages that this program speaks: worker.v1

_Line = TypeVar("_Line")

_CONTRACT = (EditRequest, JobOrder, JobEvent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What the parent says first.

    transport: "unix" or "tls"; certificate: the client's public one (PEM), empty for "unix";
    parent_pid and from_main_thread: for the guard against a dead parent.
    """

    token: str
    runtime_folder: str
    parent_pid: int
    from_main_thread: bool
    transport: str = "unix"
    certificate: str = ""
    core: int = CORE

    def to_line(self) -> str:
        """One line of JSON."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read what `to_line` wrote. Raises WorkerLost for anything else."""
        return _read(cls, line, "no greeting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the worker says when it can be called.

    address: a gRPC target; certificate: the server's public one (PEM), empty for "unix".
    """

    address: str
    pid: int
    version: str
    build: str
    certificate: str = ""
    magic: str = MAGIC
    core: int = CORE
    api: tuple[int, ...] = API

    def to_line(self) -> str:
        """One line of JSON."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read what `to_line` wrote. Raises WorkerLost for anything else."""
        answer = _read(cls, line, "no answer of a worker")
        if answer.magic != MAGIC:
            raise WorkerLost("The process that was started is no worker of TokenFlow Studio.")
        return answer


@cache
def build() -> str:
    """A digest of what both sides must hold alike to understand each other.

    It is taken from the code as loaded: files may have changed since this process began.
    """
    digest = hashlib.sha256(pb.DESCRIPTOR.serialized_pb)
    for kind in _CONTRACT:
        for field in dataclasses.fields(kind):
            default = "" if field.default is dataclasses.MISSING else repr(field.default)
            digest.update(f"{kind.__name__}.{field.name}: {field.type} = {default}\n".encode())
    return digest.hexdigest()[:12]


def check_versions(answer: Answer, version: str, own_build: str) -> None:
    """Raises WorkerLost with what to do when this program and the worker do not fit."""
    both = f"This program is version {version}, its worker is version {answer.version}"
    if answer.core != CORE or not set(answer.api) & set(API):
        newer = (answer.core, max(answer.api, default=0)) > (CORE, max(API))
        advice = "restart TokenFlow Studio" if newer else "install TokenFlow Studio again"
        raise WorkerLost(f"{both}, and they do not speak the same language: {advice}.")
    if (answer.version, answer.build) != (version, own_build):
        raise WorkerLost(
            f"{both} (builds {own_build} and {answer.build}): "
            "TokenFlow Studio was changed while it ran, restart it."
        )


def _read(kind: type[_Line], line: str, fault: str) -> _Line:
    try:
        fields: dict[str, Any] = json.loads(line)
        if "api" in fields:
            fields["api"] = tuple(fields["api"])
        return kind(**fields)
    except (ValueError, TypeError) as error:
        raise WorkerLost(f"This is {fault} ({error}).") from error
