"""Previews that build on previews: a flat list that loses nothing and grows with what is used."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenflow_studio.core.approval import (
    approving,
    in_this_look,
    look_of,
    previews_of,
    version_of,
    with_versions,
)
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import Return
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import Blend, EditRequest
from tokenflow_studio.core.rolls import Approval, Roll

REQUEST = EditRequest(clip="/clips/a.mp4", prompt="a red ball")
FRAMES = (3, 11, 19)


def preview(versions: dict[int, EditRequest], *edited: int, seed: int = 0) -> EditRequest:
    """A preview that edits some keyframes beside others."""
    keyframes = tuple(sorted((*edited, *versions)))
    blank = dataclasses.replace(REQUEST, keyframes=keyframes, seed=seed)
    made = with_versions(blank, versions)
    return version_of(made, edited[0])


@given(st.lists(st.tuples(st.sampled_from(FRAMES), st.booleans()), max_size=12))
def test_whatever_was_rolled_again_comes_back_from_the_list(steps: list) -> None:
    first = preview({}, *FRAMES)
    shown = dict.fromkeys(FRAMES, first)
    for seed, (frame, beside_all) in enumerate(steps, 1):
        others = {f: v for f, v in shown.items() if f != frame}
        if not beside_all:
            others.popitem()
        shown[frame] = preview(others, frame, seed=seed)
    request = with_versions(REQUEST, shown)
    listed = previews_of(request)
    assert {frame: listed[roll] for frame, roll in request.approved} == shown
    assert len(request.rolls) <= 1 + len(steps)
    assert EditRequest.from_json(request.to_json()) == request
    assert all(listed[i] in (first, *shown.values()) or listed[i].rolls for i in range(len(listed)))


def test_a_keyframe_beside_others_comes_from_its_own_preview() -> None:
    first = preview({}, *FRAMES)
    second = with_versions(
        dataclasses.replace(REQUEST, keyframes=FRAMES, seed=5), {3: first, 19: first}
    )
    assert version_of(second, 19) == first
    assert version_of(second, 11).seed == 5


def test_a_look_is_all_that_the_edit_of_a_keyframe_depends_on() -> None:
    for change in (
        {"frames": FrameRange(0, 7)}, {"keyframes": (1,)}, {"keyframe_interval": 4}, {"seed": 3},
        {"variation": 0.5}, {"blend": Blend.LINEAR}, {"returns": Return.RESTYLE},
        {"deflicker": 1.0}, {"clip": "/moved/a.mp4"},
    ):  # fmt: skip
        assert look_of(dataclasses.replace(REQUEST, **change)) == look_of(REQUEST), change
    for change in ({"prompt": "a cube"}, {"steps": 3}, {"model": "sd21"}, {"size": (64, 64)}):
        assert look_of(dataclasses.replace(REQUEST, **change)) != look_of(REQUEST), change


def test_approvals_of_another_look_or_outside_the_range_are_left_out_and_not_forgotten() -> None:
    other = dataclasses.replace(preview({}, 11), prompt="a cube")
    rolls, approved = approving((), (), {3: preview({}, *FRAMES)})
    rolls, approved = approving(rolls, approved, {11: other, 19: preview({}, *FRAMES)})
    assert [frame for frame, _ in approved] == [3, 11, 19]
    here = in_this_look(REQUEST, rolls, approved)
    assert here.approved == (Approval(3, 0), Approval(19, 0))
    assert len(here.rolls) == 1
    cube = dataclasses.replace(REQUEST, prompt="a cube")
    assert in_this_look(cube, rolls, approved).approved == (Approval(11, 0),)
    short = dataclasses.replace(REQUEST, frames=FrameRange(0, 7))
    assert in_this_look(short, rolls, approved).approved == (Approval(3, 0),)


def test_a_list_that_does_not_hold_together_is_refused() -> None:
    for rolls, approved in (
        ((), (Approval(3, 0),)),
        ((Roll((3,)),), (Approval(11, 0),)),
        ((Roll((3,), given=(Approval(11, 1),)), Roll((11,))), ()),
    ):
        with pytest.raises(BadInput, match="no preview made it"):
            dataclasses.replace(REQUEST, rolls=rolls, approved=approved)
