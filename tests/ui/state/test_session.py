"""Clip, range, playhead and comparison hold together."""

import dataclasses
from fractions import Fraction

import pytest

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import ClipInfo
from tokenflow_studio.ui.state.session import Compare, Session

INFO = ClipInfo(
    spec="/a.mp4", name="a", kind="movie", frames=range(10, 30), width=64, height=48,
    rate=Fraction(24), pixel_aspect=1.0, is_scene_linear=False, timecode=None,
)  # fmt: skip


@pytest.fixture
def session() -> Session:
    made = Session()
    made.open(INFO)
    return made


def test_a_clip_opens_at_its_start_with_its_whole_range(session: Session) -> None:
    assert (session.playhead, session.in_out, session.selected) == (10, FrameRange(10, 29), None)


def test_the_playhead_stays_in_the_clip(session: Session) -> None:
    for wanted, frame in ((5, 10), (99, 29), (17, 17)):
        session.set_playhead(wanted)
        assert session.playhead == frame


def test_in_and_out_never_cross(session: Session) -> None:
    session.set_playhead(20)
    session.mark_out()
    session.set_playhead(25)
    session.mark_in()
    assert session.in_out == FrameRange(25, 29)
    session.set_playhead(12)
    session.mark_out()
    assert session.in_out == FrameRange(10, 12)
    assert session.selected == FrameRange(10, 12)
    session.set_range(None)
    assert session.selected is None


def test_toggling_a_comparison_goes_back(session: Session) -> None:
    session.set_compare(Compare.EDIT)
    session.toggle_compare(Compare.WIPE)
    session.toggle_compare(Compare.WIPE)
    assert session.compare is Compare.EDIT


def test_another_clip_resets(session: Session) -> None:
    session.set_compare(Compare.WIPE)
    session.open(dataclasses.replace(INFO, frames=range(3)))
    assert (session.playhead, session.compare) == (0, Compare.SOURCE)
