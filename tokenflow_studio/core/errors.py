"""Everything that can go wrong, as one tree.

StudioError
├── BadInput     what the user gave cannot be used; exit code 2
├── Cancelled    the user stopped the job; exit code 3
├── JobFailed    the work broke and may be tried again; exit code 1
│   └── DamagedCache   a cached file is not what was written; it is removed and made again
└── WorkerLost   the worker process died or cannot be reached; exit code 1

Each message is one sentence for people: what is wrong, in which file and frame, what to do.
"""


class StudioError(Exception):
    """Base of all errors that the program raises on purpose."""

    exit_code = 1


class BadInput(StudioError):
    """A file, option or model that cannot be used as given."""

    exit_code = 2


class Cancelled(StudioError):
    """The user stopped the job."""

    exit_code = 3


class JobFailed(StudioError):
    """The work broke off; what was computed so far is kept and a new start goes on from there."""


class DamagedCache(JobFailed):
    """A cached file does not hold what was written; it was removed and can be made again."""


class WorkerLost(StudioError):
    """The worker process died, or never came up."""
