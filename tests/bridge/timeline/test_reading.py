"""Timelines of other programs: every one opens, and says what it could not take over."""

import json
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from bridge.timeline.reading import read_timeline
from bridge.timeline.shots import Shot, Timeline
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange

# name: shots, rate, timecode of the first frame, a part of a remark (of the whole or of a shot)
KNOWN = {
    "25fps.edl": (4, 25, None, "25 frames per second was assumed"),
    "dissolve_test_2.edl": (3, 24, "01:00:00:00", "Transitions are not taken over"),
    "fcpx_clips.fcpxml": (2, 30, None, ""),
    "fcpx_project.fcpxml": (11, 30, None, "inside the compound clip compound_clip_1"),
    "hiero_xml_export.xml": (2, 24, "01:00:00:00", "Effects are not taken over (Time Remap)"),
    "img_seq_media_reference.otio": (1, 24, "01:00:00:00", "tell different timecodes"),
    "multiple_track.otio": (5, 24, "00:00:00:00", ""),
    "nested_example.otio": (7, 24, None, "inside the compound clip Nested Stack 1"),
    "nucoda_example.edl": (2, 24, "00:59:53:11", "only the timecode places it"),
    "premiere_example.xml": (7, 30, "00:00:00:00", "Sound is not taken over"),
    "screening_example.edl": (9, 24, "00:59:53:11", "names no media file"),
    "screening_example.otio": (9, 24, "00:59:53:11", "newer OpenTimelineIO"),
    "speed_effects_small.edl": (5, 24, "01:00:00:00", "freeze frame"),
    "timecode_mismatch.edl": (20, 25, None, "25 frames per second was assumed"),
    "transition_test.otio": (3, 24, None, "Transitions are not taken over"),
}


@pytest.fixture
def timelines(shared: Path) -> Path:
    folder = shared / "otio"
    if not folder.is_dir():
        pytest.skip(f"no timelines in {folder}: set TOKENFLOW_SHARED to a folder with otio/")
    return folder


def shot_named(timeline: Timeline, name: str) -> Shot:
    return next(shot for shot in timeline.shots if shot.name == name)


@pytest.mark.parametrize("name", KNOWN)
def test_every_sample_opens_and_tells_what_is_missing(name: str, timelines: Path) -> None:
    count, rate, timecode, remark = KNOWN[name]
    timeline = read_timeline(timelines / name)
    assert (len(timeline.shots), timeline.rate, timeline.timecode) == (count, rate, timecode)
    remarks = [*timeline.remarks, *(r for shot in timeline.shots for r in shot.remarks)]
    assert any(remark in said for said in remarks) or not remark
    assert all(said.endswith(".") for said in remarks)


def test_no_other_sample_lies_there(timelines: Path) -> None:
    assert {path.name for path in timelines.iterdir()} - {"README.md"} == KNOWN.keys()


def test_retimed_shots_show_their_true_source_frames(timelines: Path) -> None:
    timeline = read_timeline(timelines / "speed_effects_small.edl")
    fast = shot_named(timeline, "Z686_5A (LAY2) (47.56 FPS)")
    assert fast.speed == pytest.approx(47.6 / 24)
    assert len(fast.record) == 36
    assert "retimed to 198.3 %" in " ".join(fast.remarks)
    assert shot_named(timeline, "Z682_156 (LAY3)").speed == 0


def test_media_of_other_systems_keeps_its_own_spelling(timelines: Path) -> None:
    windows = shot_named(read_timeline(timelines / "nucoda_example.edl"), "take_2")
    assert windows.media is not None
    assert windows.media.spec == r"S:\path\to\ZZ100_502A.take_2.####.exr"
    url = shot_named(read_timeline(timelines / "premiere_example.xml"), "sc01_sh020_anim.mov")
    assert url.media is not None
    assert url.media.spec == r"D:\media\sc01_sh020_anim.mov"


def test_a_compound_clip_shows_only_its_own_range(timelines: Path) -> None:
    timeline = read_timeline(timelines / "fcpx_project.fcpxml")
    inside = next(shot for shot in timeline.shots if "compound" in " ".join(shot.remarks))
    assert (inside.record, inside.source) == (FrameRange(2400, 2590), FrameRange(109, 299))


@pytest.mark.parametrize(
    ("line", "rate", "timecode"),
    [
        ("01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00", Fraction(24), "01:00:00:00"),
        ("01:00:00:29 01:00:01:29 01:00:00:00 01:00:01:00", Fraction(30), "01:00:00:00"),
        ("01:00:00;00 01:00:01;00 01:00:00;00 01:00:01;00", Fraction(30000, 1001), "01:00:00;00"),
        ("01:00:00;59 01:00:01;59 01:00:00;00 01:00:01;00", Fraction(60000, 1001), "01:00:00;00"),
    ],
)
def test_an_edl_takes_the_first_rate_that_holds_its_numbers(
    line: str, rate: Fraction, timecode: str, tmp_path: Path
) -> None:
    edl = tmp_path / "cut.edl"
    edl.write_text(f"TITLE: cut\n\n001  AX       V     C        {line}\n")
    timeline = read_timeline(edl)
    assert (timeline.rate, timeline.timecode) == (rate, timecode)
    assert len(timeline.shots[0].record) == round(rate)


def test_file_numbers_follow_the_medias_own_timecode(tmp_path: Path) -> None:
    rate = 24000 / 1001
    available = otio.opentime.TimeRange(
        otio.opentime.RationalTime(864000, rate), otio.opentime.RationalTime(100, rate)
    )
    seen = otio.opentime.TimeRange(
        otio.opentime.RationalTime(864008, rate), otio.opentime.RationalTime(84, rate)
    )
    plate = otio.schema.ImageSequenceReference(
        "file:///shows/a%20b/", "plate.", ".exr", 1001, 1, rate, 4, available_range=available
    )
    track = otio.schema.Track(kind="Video")
    track.append(otio.schema.Clip("sh010", plate, seen))
    whole = otio.schema.Timeline("cut")
    whole.tracks.append(track)
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(whole, str(path))
    (shot,) = read_timeline(path).shots
    assert shot.media is not None
    assert shot.media.spec == "/shows/a b/plate.####.exr"
    assert (shot.media.frames, shot.source) == (FrameRange(1001, 1100), FrameRange(1009, 1092))
    assert (shot.media.rate, shot.source_timecode) == (Fraction(24000, 1001), "10:00:00:08")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cut.aaf", "", "is no timeline"),
        ("none.edl", None, "No such file"),
        ("cut.otio", "{", "cannot be read"),
        ("cut.otio", json.dumps({"OTIO_SCHEMA": "Timeline.99"}), "cannot be read"),
        ("cut.otio", json.dumps({"OTIO_SCHEMA": "Gap.1"}), "holds no timeline"),
        ("cut.xml", "<not closed", "cannot be read"),
        (
            "cut.edl",
            "001  AX V C 01:00:00:00 99:99:99:99 00:00:00:00 00:00:00:00",
            "cannot be read",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    name: str, text: str | None, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    with pytest.raises(BadInput, match=said) as caught:
        read_timeline(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
