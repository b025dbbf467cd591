"""What a worker tells about itself and its machine."""

from dataclasses import dataclass

from tokenflow_studio.worker.v1 import worker_pb2 as pb


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerInfo:
    """One worker. Sizes are in bytes; device and torch are empty until `engine_ready`.

    device: "NVIDIA H200, 139 GB", "Apple GPU" or "CPU, 2 cores"; cache_free and takes_free: disk;
    device_total and device_free: a GPU's own memory, 0 where the device computes in main memory.
    """

    version: str
    pid: int
    engine_ready: bool
    device: str
    torch: str
    memory_total: int
    memory_free: int
    cache_free: int
    takes_free: int
    log_file: str
    device_total: int = 0
    device_free: int = 0


@dataclass(frozen=True, slots=True)
class ModelReport:
    """A model that can be used: where it lies, and one line on what it is."""

    location: str
    summary: str


@dataclass(frozen=True, slots=True)
class ClipScores:
    """How well `done` of `total` frames fit a text (None without one) and each other (None for a
    single frame): mean cosines between CLIP's directions."""

    done: int
    total: int
    prompt_match: float | None
    frame_consistency: float | None


def info_from_message(message: pb.GetInfoResponse) -> WorkerInfo:
    """What GetInfo answered."""
    return WorkerInfo(
        version=message.version,
        pid=message.pid,
        engine_ready=message.engine_ready,
        device=message.device,
        torch=message.torch_version,
        memory_total=message.memory_total,
        memory_free=message.memory_free,
        cache_free=message.cache_free,
        takes_free=message.takes_free,
        log_file=message.log_file,
        device_total=message.device_total,
        device_free=message.device_free,
    )


def scores_to_message(scores: ClipScores) -> pb.ScoreClipResponse:
    """The scores as they travel."""
    return pb.ScoreClipResponse(
        done=scores.done,
        total=scores.total,
        prompt_match=scores.prompt_match,
        frame_consistency=scores.frame_consistency,
    )


def scores_from_message(message: pb.ScoreClipResponse) -> ClipScores:
    """The scores as the program knows them."""
    return ClipScores(
        message.done,
        message.total,
        message.prompt_match if message.HasField("prompt_match") else None,
        message.frame_consistency if message.HasField("frame_consistency") else None,
    )
