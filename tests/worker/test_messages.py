"""Orders and events survive the wire unchanged."""

import pytest

from tests.worker.conftest import MakeOrder
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.job import EventKind, JobEvent, JobKind, Stage
from tokenflow_studio.worker import messages
from tokenflow_studio.worker.job_state import JobState
from tokenflow_studio.worker.v1 import worker_pb2 as pb


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize("start_frame", [None, 0, 1001])
def test_orders(make_order: MakeOrder, kind: JobKind, start_frame: int | None) -> None:
    order = make_order(kind=kind, start_frame=start_frame, overwrite=True, output="/ä/x.####.png",
                       takes="/ä/takes", least_version=4, keep_movie=True)  # fmt: skip
    assert messages.order_from_message(messages.order_to_message(order)) == order


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("stage", [None, *Stage])
@pytest.mark.parametrize("eta", [None, 0.0, 2.5])
def test_events(kind: EventKind, stage: Stage | None, eta: float | None) -> None:
    event = JobEvent(
        kind=kind, job="j", seq=7, stage=stage, step=3, total=9, fraction=0.25, elapsed=1.5,
        eta=eta, frames=(-2, 1001), folder="/f", output="/o", message="é", exit_code=3,
    )  # fmt: skip
    assert messages.event_from_message(messages.event_to_message(event)) == event


def test_states() -> None:
    for state in JobState:
        assert messages.state_from_wire(messages.state_to_wire(state)) is state


@pytest.mark.parametrize("where", ["clip", "prompt"])
def test_names_that_are_no_text_are_refused(make_order: MakeOrder, where: str) -> None:
    with pytest.raises(BadInput, match="rename it"):
        messages.order_to_message(make_order(**{where: "clip\udcff.mp4"}))
    with pytest.raises(BadInput, match="rename it"):
        messages.order_to_message(make_order(output="out\udcff.mp4"))


def test_what_cannot_be_read_is_a_bad_input(make_order: MakeOrder) -> None:
    message = messages.order_to_message(make_order())
    message.kind = pb.JOB_KIND_UNSPECIFIED
    with pytest.raises(BadInput, match="job kind"):
        messages.order_from_message(message)
    with pytest.raises(BadInput, match="no id"):
        messages.order_from_message(pb.StartJobRequest())
    with pytest.raises(BadInput, match="no edit request"):
        messages.order_from_message(pb.StartJobRequest(job_id="x", request_json="{"))
    with pytest.raises(BadInput, match="event kind"):
        messages.event_from_message(pb.JobEvent(kind=99))  # type: ignore[arg-type]
