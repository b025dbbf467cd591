from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JobKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_KIND_UNSPECIFIED: _ClassVar[JobKind]
    JOB_KIND_EDIT: _ClassVar[JobKind]
    JOB_KIND_KEYFRAMES: _ClassVar[JobKind]

class JobState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_STATE_UNSPECIFIED: _ClassVar[JobState]
    JOB_STATE_WAITING: _ClassVar[JobState]
    JOB_STATE_RUNNING: _ClassVar[JobState]
    JOB_STATE_DONE: _ClassVar[JobState]
    JOB_STATE_FAILED: _ClassVar[JobState]
    JOB_STATE_CANCELLED: _ClassVar[JobState]

class EventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVENT_KIND_UNSPECIFIED: _ClassVar[EventKind]
    EVENT_KIND_PROGRESS: _ClassVar[EventKind]
    EVENT_KIND_FRAMES: _ClassVar[EventKind]
    EVENT_KIND_NOTICE: _ClassVar[EventKind]
    EVENT_KIND_DONE: _ClassVar[EventKind]
    EVENT_KIND_FAILED: _ClassVar[EventKind]
    EVENT_KIND_CANCELLED: _ClassVar[EventKind]

class Stage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STAGE_UNSPECIFIED: _ClassVar[Stage]
    STAGE_INGEST: _ClassVar[Stage]
    STAGE_INVERT: _ClassVar[Stage]
    STAGE_KEYFRAMES: _ClassVar[Stage]
    STAGE_PROPAGATE: _ClassVar[Stage]
    STAGE_DECODE: _ClassVar[Stage]
    STAGE_WRITE: _ClassVar[Stage]
    STAGE_DEFLICKER: _ClassVar[Stage]
    STAGE_FINISH: _ClassVar[Stage]
JOB_KIND_UNSPECIFIED: JobKind
JOB_KIND_EDIT: JobKind
JOB_KIND_KEYFRAMES: JobKind
JOB_STATE_UNSPECIFIED: JobState
JOB_STATE_WAITING: JobState
JOB_STATE_RUNNING: JobState
JOB_STATE_DONE: JobState
JOB_STATE_FAILED: JobState
JOB_STATE_CANCELLED: JobState
EVENT_KIND_UNSPECIFIED: EventKind
EVENT_KIND_PROGRESS: EventKind
EVENT_KIND_FRAMES: EventKind
EVENT_KIND_NOTICE: EventKind
EVENT_KIND_DONE: EventKind
EVENT_KIND_FAILED: EventKind
EVENT_KIND_CANCELLED: EventKind
STAGE_UNSPECIFIED: Stage
STAGE_INGEST: Stage
STAGE_INVERT: Stage
STAGE_KEYFRAMES: Stage
STAGE_PROPAGATE: Stage
STAGE_DECODE: Stage
STAGE_WRITE: Stage
STAGE_DEFLICKER: Stage
STAGE_FINISH: Stage

class GetInfoRequest(_message.Message):
    __slots__ = ("wait_seconds",)
    WAIT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    wait_seconds: float
    def __init__(self, wait_seconds: _Optional[float] = ...) -> None: ...

class GetInfoResponse(_message.Message):
    __slots__ = ("version", "pid", "engine_ready", "device", "torch_version", "memory_total", "memory_free", "cache_free", "takes_free", "log_file", "device_total", "device_free")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PID_FIELD_NUMBER: _ClassVar[int]
    ENGINE_READY_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    TORCH_VERSION_FIELD_NUMBER: _ClassVar[int]
    MEMORY_TOTAL_FIELD_NUMBER: _ClassVar[int]
    MEMORY_FREE_FIELD_NUMBER: _ClassVar[int]
    CACHE_FREE_FIELD_NUMBER: _ClassVar[int]
    TAKES_FREE_FIELD_NUMBER: _ClassVar[int]
    LOG_FILE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_TOTAL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FREE_FIELD_NUMBER: _ClassVar[int]
    version: str
    pid: int
    engine_ready: bool
    device: str
    torch_version: str
    memory_total: int
    memory_free: int
    cache_free: int
    takes_free: int
    log_file: str
    device_total: int
    device_free: int
    def __init__(self, version: _Optional[str] = ..., pid: _Optional[int] = ..., engine_ready: _Optional[bool] = ..., device: _Optional[str] = ..., torch_version: _Optional[str] = ..., memory_total: _Optional[int] = ..., memory_free: _Optional[int] = ..., cache_free: _Optional[int] = ..., takes_free: _Optional[int] = ..., log_file: _Optional[str] = ..., device_total: _Optional[int] = ..., device_free: _Optional[int] = ...) -> None: ...

class StartJobRequest(_message.Message):
    __slots__ = ("job_id", "kind", "request_json", "output", "overwrite", "start_frame", "takes", "least_version", "keep_movie")
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REQUEST_JSON_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    OVERWRITE_FIELD_NUMBER: _ClassVar[int]
    START_FRAME_FIELD_NUMBER: _ClassVar[int]
    TAKES_FIELD_NUMBER: _ClassVar[int]
    LEAST_VERSION_FIELD_NUMBER: _ClassVar[int]
    KEEP_MOVIE_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    kind: JobKind
    request_json: str
    output: str
    overwrite: bool
    start_frame: int
    takes: str
    least_version: int
    keep_movie: bool
    def __init__(self, job_id: _Optional[str] = ..., kind: _Optional[_Union[JobKind, str]] = ..., request_json: _Optional[str] = ..., output: _Optional[str] = ..., overwrite: _Optional[bool] = ..., start_frame: _Optional[int] = ..., takes: _Optional[str] = ..., least_version: _Optional[int] = ..., keep_movie: _Optional[bool] = ...) -> None: ...

class StartJobResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: JobState
    def __init__(self, state: _Optional[_Union[JobState, str]] = ...) -> None: ...

class ListJobsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListJobsResponse(_message.Message):
    __slots__ = ("jobs",)
    JOBS_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[JobSummary]
    def __init__(self, jobs: _Optional[_Iterable[_Union[JobSummary, _Mapping]]] = ...) -> None: ...

class JobSummary(_message.Message):
    __slots__ = ("job_id", "kind", "state", "last_event")
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    LAST_EVENT_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    kind: JobKind
    state: JobState
    last_event: JobEvent
    def __init__(self, job_id: _Optional[str] = ..., kind: _Optional[_Union[JobKind, str]] = ..., state: _Optional[_Union[JobState, str]] = ..., last_event: _Optional[_Union[JobEvent, _Mapping]] = ...) -> None: ...

class WatchJobRequest(_message.Message):
    __slots__ = ("job_id", "from_seq")
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_SEQ_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    from_seq: int
    def __init__(self, job_id: _Optional[str] = ..., from_seq: _Optional[int] = ...) -> None: ...

class WatchJobResponse(_message.Message):
    __slots__ = ("event",)
    EVENT_FIELD_NUMBER: _ClassVar[int]
    event: JobEvent
    def __init__(self, event: _Optional[_Union[JobEvent, _Mapping]] = ...) -> None: ...

class JobEvent(_message.Message):
    __slots__ = ("kind", "job_id", "seq", "stage", "step", "total", "fraction", "elapsed", "eta", "frames", "folder", "output", "message", "exit_code")
    KIND_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_FIELD_NUMBER: _ClassVar[int]
    ETA_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    EXIT_CODE_FIELD_NUMBER: _ClassVar[int]
    kind: EventKind
    job_id: str
    seq: int
    stage: Stage
    step: int
    total: int
    fraction: float
    elapsed: float
    eta: float
    frames: _containers.RepeatedScalarFieldContainer[int]
    folder: str
    output: str
    message: str
    exit_code: int
    def __init__(self, kind: _Optional[_Union[EventKind, str]] = ..., job_id: _Optional[str] = ..., seq: _Optional[int] = ..., stage: _Optional[_Union[Stage, str]] = ..., step: _Optional[int] = ..., total: _Optional[int] = ..., fraction: _Optional[float] = ..., elapsed: _Optional[float] = ..., eta: _Optional[float] = ..., frames: _Optional[_Iterable[int]] = ..., folder: _Optional[str] = ..., output: _Optional[str] = ..., message: _Optional[str] = ..., exit_code: _Optional[int] = ...) -> None: ...

class CancelJobRequest(_message.Message):
    __slots__ = ("job_id",)
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    def __init__(self, job_id: _Optional[str] = ...) -> None: ...

class CancelJobResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: JobState
    def __init__(self, state: _Optional[_Union[JobState, str]] = ...) -> None: ...

class CheckModelRequest(_message.Message):
    __slots__ = ("name", "base", "download")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    DOWNLOAD_FIELD_NUMBER: _ClassVar[int]
    name: str
    base: str
    download: bool
    def __init__(self, name: _Optional[str] = ..., base: _Optional[str] = ..., download: _Optional[bool] = ...) -> None: ...

class CheckModelResponse(_message.Message):
    __slots__ = ("location", "summary")
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    location: str
    summary: str
    def __init__(self, location: _Optional[str] = ..., summary: _Optional[str] = ...) -> None: ...

class ScoreClipRequest(_message.Message):
    __slots__ = ("clip", "prompt", "scorer")
    CLIP_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    SCORER_FIELD_NUMBER: _ClassVar[int]
    clip: str
    prompt: str
    scorer: str
    def __init__(self, clip: _Optional[str] = ..., prompt: _Optional[str] = ..., scorer: _Optional[str] = ...) -> None: ...

class ScoreClipResponse(_message.Message):
    __slots__ = ("done", "total", "prompt_match", "frame_consistency")
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PROMPT_MATCH_FIELD_NUMBER: _ClassVar[int]
    FRAME_CONSISTENCY_FIELD_NUMBER: _ClassVar[int]
    done: int
    total: int
    prompt_match: float
    frame_consistency: float
    def __init__(self, done: _Optional[int] = ..., total: _Optional[int] = ..., prompt_match: _Optional[float] = ..., frame_consistency: _Optional[float] = ...) -> None: ...

class ShutdownRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ShutdownResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
