"""Job events travel as lines of JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.job import FINAL, EventKind, JobEvent, JobOrder, Stage
from tokenflow_studio.core.request import EditRequest

EVENTS = st.builds(
    JobEvent,
    kind=st.sampled_from(EventKind),
    job=st.text(max_size=20),
    seq=st.integers(0, 10**9),
    stage=st.none() | st.sampled_from(Stage),
    step=st.integers(0, 10**6),
    total=st.integers(0, 10**6),
    fraction=st.floats(0, 1),
    elapsed=st.floats(0, 10**6),
    eta=st.none() | st.floats(0, 10**6),
    frames=st.lists(st.integers(0, 9999), max_size=5).map(tuple),
    folder=st.text(max_size=20),
    message=st.text(max_size=20),
    exit_code=st.integers(0, 3),
)


@given(EVENTS)
def test_an_event_survives_json_in_one_line(event: JobEvent) -> None:
    text = event.to_json()
    assert "\n" not in text
    assert JobEvent.from_json(text) == event


def test_an_event_names_only_what_it_tells() -> None:
    text = JobEvent(kind=EventKind.NOTICE, message="light above 1.0").to_json()
    assert json.loads(text) == {"kind": "notice", "message": "light above 1.0"}


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kind": "party"}', '{"kind": "done", "x": 1}'])
def test_other_json_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        JobEvent.from_json(text)


def test_a_job_ends_once() -> None:
    assert {EventKind.DONE, EventKind.FAILED, EventKind.CANCELLED} == FINAL


def test_every_order_has_an_id_of_its_own() -> None:
    request = EditRequest(clip="/a.mp4", prompt="a wolf")
    assert JobOrder(request=request).id != JobOrder(request=request).id
