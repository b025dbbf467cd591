"""Keyframe plans: one random keyframe per interval, true neighbours, cuts, groups."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenflow_studio.core.request import Blend, Consistency
from tokenflow_studio.engine.plan import KeyframePlan, published_step, true_neighbours


@given(
    frames=st.integers(1, 60),
    interval=st.integers(1, 12),
    cuts=st.sets(st.integers(1, 59)),
    step=st.integers(0, 50),
)
def test_every_frame_is_covered_whatever_the_length(
    frames: int, interval: int, cuts: set[int], step: int
) -> None:
    inside = tuple(sorted(cut for cut in cuts if cut < frames))
    plan = KeyframePlan(frames, interval, inside, key="clip").at(step)
    assert set(plan.keyframes) | set(plan.neighbours) == set(range(frames))
    assert not set(plan.keyframes) & set(plan.neighbours)
    starts = (0, *inside)
    for frame, near in plan.neighbours.items():
        first = max(start for start in starts if start <= frame)
        end = min((cut for cut in inside if cut > frame), default=frames)
        assert first <= near.past < end  # nothing flows across a cut
        assert first <= near.future < end
        assert 0 <= near.weight <= 1


def test_each_interval_has_one_keyframe_drawn_anew_every_step() -> None:
    plan = KeyframePlan(32, 8, key="clip")
    drawn = [plan.at(step).keyframes for step in range(50)]
    assert all([k // 8 for k in keyframes] == [0, 1, 2, 3] for keyframes in drawn)
    assert len(set(drawn)) > 25
    assert {k for keyframes in drawn for k in keyframes} == set(range(32))
    assert drawn == [KeyframePlan(32, 8, key="clip").at(step).keyframes for step in range(50)]
    assert drawn != [KeyframePlan(32, 8, key="other").at(step).keyframes for step in range(50)]


def test_fixed_keyframes_stay() -> None:
    plan = KeyframePlan(32, 8, consistency=Consistency.FIXED_KEYFRAMES, key="clip")
    assert len({plan.at(step).keyframes for step in range(50)}) == 1


@pytest.mark.parametrize(
    ("blend", "weight"),
    [(Blend.LINEAR, 0.25), (Blend.PAPER, 1 / (1 + math.exp(-0.25)))],
)
def test_the_future_keyframes_share_follows_the_true_distances(blend: Blend, weight: float) -> None:
    near = true_neighbours(4, [2, 10], blend)
    assert (near.past, near.future) == (2, 10)
    assert near.weight == pytest.approx(weight)


def test_before_the_first_and_after_the_last_keyframe_there_is_one_neighbour() -> None:
    for frame, only in ((0, 2), (2, 2), (11, 10)):
        near = true_neighbours(frame, [2, 10], Blend.LINEAR)
        assert (near.past, near.future, near.weight) == (only, only, 1.0)


def test_the_published_plan_looks_back_and_measures_to_interval_centres() -> None:
    plan = published_step(16, [3, 9], 8)
    assert plan.keyframes == (3, 9)
    assert plan.neighbours[3].weight == 1.0  # the first interval is never blended
    assert (plan.neighbours[9].past, plan.neighbours[9].future) == (3, 9)
    # Frame 12 is its interval's centre, 8 frames from the one before: sigmoid(8 / 8).
    assert plan.neighbours[12].weight == pytest.approx(1 / (1 + math.exp(-1)))


def test_the_previews_keyframes_are_the_interval_middles() -> None:
    assert KeyframePlan(40, 8).middles() == (3, 11, 19, 27, 35)
    assert KeyframePlan(9, 8).middles() == (3, 8)
    assert KeyframePlan(1, 8).middles() == (0,)


def test_short_clips_are_one_group_and_long_ones_share_anchors() -> None:
    short = KeyframePlan(40, 8, key="clip").at(0)
    (group,) = short.groups(limit=24)
    assert group.keyframes == short.keyframes
    assert sorted(group.frames) == sorted(short.neighbours)

    long = KeyframePlan(1000, 8, key="clip").at(0)
    groups = long.groups(limit=24)
    assert all(len(g.keyframes) + len(g.anchors) <= 24 for g in groups)
    assert tuple(k for g in groups for k in g.keyframes) == long.keyframes
    frames = [frame for g in groups for frame in g.frames]
    assert sorted(frames) == sorted(long.neighbours)
    previous: tuple[int, ...] = ()
    for group in groups:
        held = {*previous[-1:], *group.keyframes}
        for frame in group.frames:
            near = long.neighbours[frame]
            assert {near.past, near.future} <= held
        previous = group.keyframes
