"""Exit codes are a promise to scripts: 0 done, 1 try again, 2 bad input, 3 cancelled."""

import pytest

from tokenflow_studio.core.errors import BadInput, Cancelled, JobFailed, StudioError, WorkerLost


@pytest.mark.parametrize(
    ("kind", "code"), [(JobFailed, 1), (WorkerLost, 1), (BadInput, 2), (Cancelled, 3)]
)
def test_each_error_has_its_exit_code(kind: type[StudioError], code: int) -> None:
    assert kind("why").exit_code == code
    assert issubclass(kind, StudioError)
