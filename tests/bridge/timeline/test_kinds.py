"""What timelines of every kind may hold: each opens, and says in a sentence what is left behind."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

from bridge.timeline.reading import read_timeline
from bridge.timeline.shots import Timeline
from tokenflow_studio.core.frames import FrameRange

MOVIE = otio.schema.ExternalReference("file:///shows/a.mov", TimeRange(
    RationalTime(0, 24), RationalTime(100, 24)))  # fmt: skip


def span(first: int, count: int) -> TimeRange:
    return TimeRange(RationalTime(first, 24), RationalTime(count, 24))


def clip(name: str = "sh010", **fields: object) -> otio.schema.Clip:
    """Twelve frames of a movie, from its tenth."""
    made = otio.schema.Clip(name, MOVIE.clone(), span(10, 12))
    for field, value in fields.items():
        if field == "effects":
            made.effects.extend(value)
        else:
            setattr(made, field, value)
    return made


def nested() -> otio.schema.Stack:
    inside = otio.schema.Track("inside", kind="Video")
    inside.append(clip("sh010"))
    inside.append(clip("sh020"))
    stack = otio.schema.Stack("scene", [inside], span(6, 12))
    stack.effects.append(otio.schema.LinearTimeWarp(time_scalar=2.0))
    return stack


def versions() -> otio.schema.Clip:
    made = clip()
    made.set_media_references({"plate": MOVIE.clone(), "v001": MOVIE.clone()}, "v001")
    return made


def marked() -> otio.schema.Clip:
    made = clip()
    made.markers.append(otio.schema.Marker("look here", span(12, 1)))
    return made


def read(tmp_path: Path, *children: otio.core.Composable) -> Timeline:
    whole, track = otio.schema.Timeline("cut"), otio.schema.Track("V1", kind="Video")
    track.extend(children)
    whole.tracks.append(track)
    otio.adapters.write_to_file(whole, str(tmp_path / "cut.otio"))
    return read_timeline(tmp_path / "cut.otio")


def said(timeline: Timeline) -> str:
    return " ".join((*timeline.remarks, *(r for shot in timeline.shots for r in shot.remarks)))


GENERATOR = otio.schema.GeneratorReference(generator_kind="SMPTEBars")
KINDS: dict[str, tuple[Callable[[], list[otio.core.Composable]], list[str], list[str]]] = {
    "cut": (lambda: [clip()], ["10-21"], []),
    "gap": (lambda: [otio.schema.Gap(duration=RationalTime(5, 24)), clip()], ["10-21"], []),
    "dissolve": (
        lambda: [
            clip(),
            otio.schema.Transition("x", "SMPTE_Dissolve", RationalTime(3, 24), RationalTime(2, 24)),
            clip("sh020"),
        ],
        ["10-23", "7-21"],
        ["Transitions are not taken over (1)"],
    ),
    "nested": (
        nested,
        ["16-21", "10-15"],
        ["inside the compound clip scene", "The compound clip around it is retimed"],
    ),
    "freeze": (
        lambda: [clip(effects=[otio.schema.FreezeFrame()])],
        ["10-10"],
        ["It is a freeze frame."],
    ),
    "slow": (
        lambda: [clip(effects=[otio.schema.LinearTimeWarp(time_scalar=0.5)])],
        ["10-15"],
        ["retimed to 50 %"],
    ),
    "ramp": (
        lambda: [clip(effects=[otio.schema.TimeEffect("ramp")])],
        ["10-21"],
        ["Its speed changes in a way that the file does not tell."],
    ),
    "effect": (
        lambda: [clip(effects=[otio.schema.Effect(effect_name="Blur")])],
        ["10-21"],
        ["Effects are not taken over (Blur)."],
    ),
    "marker": (lambda: [marked()], ["10-21"], ["Markers are not taken over (1)."]),
    "off": (lambda: [clip(enabled=False)], ["10-21"], ["It is switched off in the timeline."]),
    "generator": (
        lambda: [clip(media_reference=GENERATOR.clone())],
        ["None"],
        ["It is made by a generator (SMPTEBars), not from a file."],
    ),
    "missing": (
        lambda: [clip(media_reference=otio.schema.MissingReference())],
        ["None"],
        ["It names no media file."],
    ),
    "versions": (lambda: [versions()], ["10-21"], ["Other media of it is not taken over (plate)."]),
    "url": (
        lambda: [clip(media_reference=otio.schema.ExternalReference("https://x.org/a.mov"))],
        ["None"],
        ["Its media is not a file (https://x.org/a.mov)."],
    ),
    "empty": (lambda: [otio.schema.Gap(duration=RationalTime(5, 24))], [],
              ["There is no video in it."]),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_otio_file_opens_and_says_what_is_left_behind(kind: str, tmp_path: Path) -> None:
    make, sources, sentences = KINDS[kind]
    children = make()
    timeline = read(tmp_path, *(children if isinstance(children, list) else [children]))
    assert [str(shot.source) for shot in timeline.shots] == sources
    for sentence in sentences:
        assert sentence in said(timeline)
    assert said(timeline).count(".") >= len(sentences)
    if not sentences:
        assert said(timeline) == ""


def test_metadata_that_is_no_json_does_not_keep_a_timeline_shut(tmp_path: Path) -> None:
    endless = clip()
    endless.metadata["far"] = float("inf")
    read(tmp_path, endless)
    path = tmp_path / "cut.otio"
    path.write_text(path.read_text().replace("Infinity", "Inf"))
    assert len(read_timeline(path).shots) == 1


EVENT = "001  {reel:8} {channel:5} {edit} 01:00:04:00 01:00:05:00 00:00:00:00 00:00:01:00\n"
EDLS = {
    "plain": (EVENT.format(reel="A001C002", channel="V", edit="C        "), []),
    "tabs": ("001\tA001\tV\tC\t01:00:04:00 01:00:05:00 00:00:00:00 00:00:01:00\n", []),
    "speed": (
        EVENT.format(reel="A001", channel="V", edit="C        ")
        + "M2   A001       048.0                01:00:04:00\n",
        ["check its speed"],
    ),
    "comments": (
        EVENT.format(reel="A001", channel="V", edit="C        ")
        + "* FROM CLIP NAME: sh010\n* ANYTHING: else\n* LOC: 01:00:04:10 RED     LOOK\n",
        ["Comments are not taken over (ANYTHING: else)", "Markers are not taken over (1)"],
    ),
    "grade": (
        EVENT.format(reel="A001", channel="V", edit="C        ")
        + "* ASC_SOP (1 1 1) (0 0 0) (1 1 1)\n* ASC_SAT 0.9\n",
        ["ASC CDL"],
    ),
    "path": (
        EVENT.format(reel="A001", channel="V", edit="C        ")
        + "* FROM CLIP NAME: sh010\n* FROM CLIP: S:\\show\\a.0101.exr\n",
        ["only the timecode places it"],
    ),
}


@pytest.mark.parametrize("kind", EDLS)
def test_an_edl_opens_and_says_what_is_left_behind(kind: str, tmp_path: Path) -> None:
    text, sentences = EDLS[kind]
    path = tmp_path / "cut.edl"
    path.write_text(f"TITLE: cut\nFCM: NON-DROP FRAME\n\n{text}")
    timeline = read_timeline(path)
    (shot,) = timeline.shots
    assert (shot.record, shot.source_timecode) == (FrameRange(0, 23), "01:00:04:00")
    for sentence in (*sentences, "does not tell its frame rate"):
        assert sentence in said(timeline)


@pytest.mark.parametrize("edit", ["D    012", "W001 012"])
def test_a_blend_of_an_edl_adds_the_frames_that_it_shows(edit: str, tmp_path: Path) -> None:
    path = tmp_path / "cut.edl"
    path.write_text(
        "TITLE: cut\n\n"
        "001  A001 V     C          01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00\n"
        "* FROM CLIP NAME: one\n"
        "002  A001 V     C          01:00:02:00 01:00:02:00 01:00:02:00 01:00:02:00\n"
        f"002  A002 V     {edit}   01:00:10:00 01:00:12:00 01:00:02:00 01:00:04:00\n"
        "* FROM CLIP NAME: one\n* TO CLIP NAME: two\n"
    )
    timeline = read_timeline(path)
    assert [shot.name for shot in timeline.shots] == ["one", "two"]
    assert [len(shot.record) for shot in timeline.shots] == [60, 48]
    assert "Transitions are not taken over (1)" in said(timeline)


def test_a_freeze_frame_of_an_edl_shows_one_frame(tmp_path: Path) -> None:
    path = tmp_path / "cut.edl"
    path.write_text(
        "TITLE: cut\n\n"
        "001  A001 V C 01:00:04:05 01:00:04:06 00:00:00:00 00:00:01:00\n"
        "M2   A001       000.0                01:00:04:05\n"
        "* FROM CLIP NAME: sh010 FF\n* * FREEZE FRAME\n"
    )
    timeline = read_timeline(path)
    (shot,) = timeline.shots
    assert (shot.speed, len(shot.record), shot.source_timecode) == (0, 24, "01:00:04:05")
    assert "It is a freeze frame." in said(timeline)


def test_an_edl_of_sound_alone_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.edl"
    path.write_text("TITLE: cut\n\n" + EVENT.format(reel="AX", channel="A", edit="C"))
    timeline = read_timeline(path)
    assert timeline.shots == ()
    assert "There is no video in it. " in said(timeline)
    assert "Sound is not taken over (1 audio track)." in said(timeline)


FCP7 = """<?xml version="1.0"?><!DOCTYPE xmeml><xmeml version="4"><sequence id="s1">
<name>cut</name><duration>48</duration>
<rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate><media><video><track>
<clipitem id="c1"><name>sh010</name><enabled>{on}</enabled><duration>100</duration>
<rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate>
<start>0</start><end>12</end><in>10</in><out>22</out>
<file id="f1"><name>a.mov</name><pathurl>file://localhost/shows/a%20b.mov</pathurl>
<rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate><duration>100</duration>
<timecode><string>01:00:00:00</string><frame>86400</frame>
<rate><timebase>24</timebase><ntsc>TRUE</ntsc></rate></timecode></file>{more}
</clipitem></track></video></media></sequence></xmeml>
"""
_FILTER = "<filter><effect><name>{}</name><effectid>{}</effectid></effect></filter>"


@pytest.mark.parametrize(
    ("on", "more", "sentence"),
    [
        ("TRUE", "", ""),
        ("FALSE", "", "switched off"),
        ("TRUE", _FILTER.format("Time Remap", "timeremap"), "(Time Remap)"),
        ("TRUE", _FILTER.format("Blur", "blur"), "Effects are not taken over (Blur)"),
        (
            "TRUE",
            "<marker><name>m</name><in>12</in><out>-1</out></marker>",
            "Markers are not taken over (1)",
        ),
    ],
)
def test_a_final_cut_pro_7_file_opens(on: str, more: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    path.write_text(FCP7.format(on=on, more=more))
    timeline = read_timeline(path)
    (shot,) = timeline.shots
    assert (str(timeline.rate), shot.record) == ("24000/1001", FrameRange(0, 11))
    assert shot.media is not None
    assert (shot.media.spec, shot.source) == ("/shows/a b.mov", FrameRange(10, 21))
    assert sentence in said(timeline)


FCPX = """<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml version="1.8"><resources>
<format id="r1" frameDuration="{frame}" width="1920" height="1080"/>
<asset id="r2" name="10s" src="file:///shows/a.mov" start="0s" duration="{all}"
 hasVideo="1" format="r1"/></resources><project name="cut">
<sequence format="r1" duration="{all}" tcStart="0s" tcFormat="NDF"><spine>
<asset-clip name="10s" ref="r2" offset="0s" start="{start}" duration="{length}" format="r1">
<marker start="{start}" duration="{frame}" value="m"/>{more}</asset-clip>
<gap name="Gap" offset="{length}" duration="{length}" start="0s"/>
</spine></sequence></project></fcpxml>
"""


@pytest.mark.parametrize(
    "rate", ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"]
)
@pytest.mark.parametrize("first", [10, 29, 123])
def test_an_fcpxml_file_opens_with_the_frames_that_it_means(
    rate: str, first: int, tmp_path: Path
) -> None:
    def seconds(frames: int) -> str:
        time = frames / Fraction(rate)
        return f"{time.numerator}/{time.denominator}s"

    times = {"frame": 1, "all": 500, "start": first, "length": 29}
    filled = {name: seconds(count) for name, count in times.items()}
    path = tmp_path / "cut.fcpxml"
    path.write_text(FCPX.format(**filled, more=""))
    timeline = read_timeline(path)
    (shot,) = timeline.shots
    assert (shot.name, str(timeline.rate), shot.record) == ("10s", rate, FrameRange(0, 28))
    assert shot.media is not None
    assert (shot.media.spec, str(shot.media.rate)) == ("/shows/a.mov", rate)
    assert shot.source == FrameRange(first, first + 28)
    assert said(timeline) == "Markers are not taken over (1)."
    path.write_text(FCPX.format(**filled, more="<timeMap></timeMap>"))
    assert "Speeds are not taken over (1)." in said(read_timeline(path))
