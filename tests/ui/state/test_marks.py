"""Keyframe marks: planned, previewed, stale, and back."""

import pytest

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.state.marks import KeyframeMarks, MarkState, planned_keyframes

FOX = EditRequest(clip="/clip.mp4", prompt="a fox")
OWL = EditRequest(clip="/clip.mp4", prompt="an owl")


@pytest.mark.parametrize(
    ("first", "count", "interval"), [(0, 40, 8), (1001, 9, 8), (1000, 1, 8), (5, 17, 4), (0, 7, 1)]
)
def test_the_plan_is_the_engine_s(first: int, count: int, interval: int) -> None:
    from tokenflow_studio.engine.plan import KeyframePlan

    frames = FrameRange(first, first + count - 1)
    middles = KeyframePlan(count, interval).middles()
    assert planned_keyframes(frames, interval) == tuple(first + index for index in middles)


def test_a_preview_counts_while_the_request_is_the_same() -> None:
    marks = KeyframeMarks()
    frames = FrameRange(0, 15)
    marks.plan(frames, 8, FOX)
    assert [(mark.frame, mark.state) for mark in marks.all] == [
        (3, MarkState.NONE),
        (11, MarkState.NONE),
    ]
    marks.add_preview(FOX, (3,), "/p")
    assert [mark.state for mark in marks.all] == [MarkState.PREVIEWED, MarkState.NONE]
    marks.plan(frames, 8, OWL)
    assert [mark.state for mark in marks.all] == [MarkState.STALE, MarkState.NONE]
    marks.add_preview(OWL, (3, 11), "/q")
    assert {mark.folder for mark in marks.pictured} == {"/q"}
    marks.plan(frames, 8, FOX)
    assert marks.at(3).folder == "/p"


def test_neighbours() -> None:
    marks = KeyframeMarks()
    marks.plan(FrameRange(0, 23), 8, None)
    assert [marks.neighbour(11, 1), marks.neighbour(11, -1)] == [19, 3]
    assert marks.neighbour(19, 1) is None


def test_changed_is_told_once_and_only_for_a_change() -> None:
    marks = KeyframeMarks()
    told: list[int] = []
    marks.changed.connect(lambda: told.append(1))
    marks.plan(FrameRange(0, 23), 8, None)
    marks.plan(FrameRange(0, 23), 8, FOX)
    assert told == [1]
