"""The request is the cache key, the history entry and the payload: JSON must lose nothing."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import AlphaMode, Fill, Missing, Return
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.prompt import without_comments
from tokenflow_studio.core.request import Blend, Consistency, EditRequest

TEXT = st.text(max_size=40)
SHARE = st.none() | st.floats(0, 1)
PLACE = st.floats(-9999, 9999)
POLYGON = st.lists(st.tuples(PLACE, PLACE), min_size=3, max_size=5).map(tuple)
REQUESTS = st.builds(
    EditRequest,
    clip=TEXT,
    prompt=TEXT.filter(without_comments),
    frames=st.none()
    | st.builds(lambda a, n: FrameRange(a, a + n), st.integers(-99, 9999), st.integers(0, 99)),
    rate=st.none() | st.fractions(Fraction(1, 100), 1000, max_denominator=1001),
    model=TEXT,
    base=st.none() | TEXT,
    negative_prompt=TEXT,
    source_prompt=TEXT,
    seed=st.integers(0, 2**63 - 1),
    variation=st.floats(0, 1),
    steps=st.none() | st.integers(1, 1000),
    guidance=st.none() | st.floats(0, 50),
    keyframe_interval=st.integers(1, 1000),
    keyframes=st.none() | st.lists(st.integers(0, 9999), max_size=5).map(tuple),
    blend=st.sampled_from(Blend),
    consistency=st.sampled_from(Consistency),
    pnp_attention=SHARE,
    strength=SHARE,
    exact_source=st.booleans(),
    size=st.none() | st.tuples(st.integers(8, 9999), st.integers(8, 9999)),
    missing=st.sampled_from(Missing),
    colour=st.none() | TEXT,
    view=st.none() | TEXT,
    layer=TEXT,
    stereo_view=TEXT,
    alpha=st.sampled_from(AlphaMode),
    matte=TEXT,
    matte_channel=TEXT,
    matte_softness=st.floats(0, 1000),
    matte_invert=st.booleans(),
    matte_shape=st.lists(POLYGON, max_size=2).map(tuple),
    returns=st.none() | st.sampled_from(Return),
    detail=SHARE,
    fill=st.sampled_from(Fill),
    deflicker=st.floats(0, 1),
)


@given(REQUESTS)
def test_a_request_survives_json(request: EditRequest) -> None:
    text = request.to_json()
    assert EditRequest.from_json(text) == request
    assert EditRequest.from_json(text.encode()).to_json() == text


def test_equal_requests_give_equal_text() -> None:
    first = EditRequest(clip="/a.mp4", prompt="a wolf", seed=3)
    second = EditRequest(seed=3, prompt="a wolf", clip="/a.mp4")
    assert first.to_json() == second.to_json()
    assert "\n" not in first.to_json()


def test_the_recipe_tells_what_was_asked_and_no_folder() -> None:
    request = EditRequest(clip="/secret/a.mp4", prompt="a wölf", model="/secret/sd21", seed=3,
                          matte="/secret/b.exr", size=(64, 48), keyframes=(3,))  # fmt: skip
    assert json.loads(request.recipe) == {
        "prompt": "a wölf", "model": "sd21", "seed": 3, "size": [64, 48],
    }  # fmt: skip
    assert EditRequest(clip="/a.mp4", prompt="a wolf", technique="identity").recipe == ""


def test_an_empty_prompt_is_bad_input() -> None:
    with pytest.raises(BadInput, match="prompt is empty"):
        EditRequest(clip="/a.mp4", prompt=" \n")
    assert EditRequest(clip="/a.mp4", prompt="", technique="identity").prompt == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed", -1),
        ("steps", 0),
        ("guidance", 51.0),
        ("keyframe_interval", 0),
        ("strength", 1.1),
        ("detail", -0.1),
        ("deflicker", 2.0),
        ("matte_softness", -1.0),
    ],
)
def test_values_out_of_range_are_bad_input(field: str, value: Any) -> None:
    with pytest.raises(BadInput, match=field.replace("_", " ")):
        EditRequest(clip="/a.mp4", prompt="a wolf", **{field: value})


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "7", '"text"', "{", b"\xff\xfe\x00", '{"schema": 1}'],
)
def test_other_json_is_bad_input(text: str | bytes) -> None:
    with pytest.raises(BadInput):
        EditRequest.from_json(text)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 99},
        {"unknown": 1},
        {"rate": "fast"},
        {"frames": "3-1"},
        {"blend": "none"},
        {"keyframes": 4},
        {"returns": "relit"},
        {"missing": "skip"},
        {"matte_shape": [[[0, 0], [1, 0]]]},
        {"matte_shape": [[[0, 0], [1, 0], [1]]]},
        {"matte_shape": 7},
        {"seed": "three"},
    ],
)
def test_a_changed_field_is_bad_input(change: dict[str, Any]) -> None:
    fields = json.loads(EditRequest(clip="/a.mp4", prompt="a wolf").to_json())
    with pytest.raises(BadInput):
        EditRequest.from_json(json.dumps({**fields, **change}))
