"""Where a worker session stands."""

from enum import StrEnum


class WorkerPhase(StrEnum):
    """Whether there is a worker process to call."""

    STOPPED = "stopped"  # none was needed yet, or it was ended on purpose
    STARTING = "starting"
    UP = "up"
    LOST = "lost"  # it died; the next order starts another one
