"""A cut that is written reads back with the same ranges, in every format and at every rate."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from bridge.timeline.reading import read_timeline
from bridge.timeline.shots import Media
from bridge.timeline.writing import Cut, write_cut
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange

RATES = [
    (Fraction(24000, 1001), "01:00:00:00", "10:00:00:05"),
    (Fraction(24), "01:00:00:00", "10:00:00:05"),
    (Fraction(25), "10:00:00:00", "00:00:00:00"),
    (Fraction(30000, 1001), "01:00:00;00", "09:59:59;28"),
    (Fraction(60000, 1001), "01:00:00;00", "10:00:00;05"),
]


def cuts(rate: Fraction, timecode: str, folder: str = "/shows/a b") -> tuple[Cut, ...]:
    frames = FrameRange(1001, 1100)
    versions = tuple(
        (name, Media(f"{folder}/sh010_{name}.####.exr", frames, rate, timecode))
        for name in ("plate", "v001", "v002")
    )
    movie = Media(f"{folder}/sh020.mov", FrameRange(0, 99), rate, timecode)
    return (
        Cut("sh010", versions, FrameRange(1009, 1092), 0, "A001C002_150101"),
        Cut("sh020", (("v001", movie),), FrameRange(10, 59), 100),
    )


@pytest.mark.parametrize(("rate", "start", "timecode"), RATES)
def test_all_three_files_read_back_alike(
    rate: Fraction, start: str, timecode: str, tmp_path: Path
) -> None:
    written = write_cut(tmp_path / "cut.otio", cuts(rate, timecode), rate, start)
    assert [path.name for path in written] == ["cut.otio", "cut_resolve.otio", "cut.edl"]
    read = [read_timeline(path, rate) for path in written]
    for timeline in read:
        assert (timeline.rate, timeline.timecode, timeline.remarks) == (rate, start, ())
        assert [shot.record for shot in timeline.shots] == [
            FrameRange(0, 83),
            FrameRange(100, 149),
        ]
        assert [shot.name for shot in timeline.shots] == ["sh010", "sh020"]
    codes = [[shot.source_timecode for shot in timeline.shots] for timeline in read]
    assert codes[0] == codes[1] == codes[2]
    for timeline in read[:2]:  # an EDL does not say where its media begins
        sequence, movie = timeline.shots
        assert (sequence.source, movie.source) == (FrameRange(1009, 1092), FrameRange(10, 59))
        assert sequence.media == Media(
            "/shows/a b/sh010_v002.####.exr", FrameRange(1001, 1100), rate, timecode
        )


def test_every_version_stays_with_the_clip(tmp_path: Path) -> None:
    otio_file, resolve, edl = write_cut(
        tmp_path / "cut.otio", cuts(Fraction(24), "10:00:00:00"), Fraction(24)
    )
    clip = json.loads(otio_file.read_text())["tracks"]["children"][0]["children"][0]
    assert clip["OTIO_SCHEMA"] == "Clip.2"
    assert list(clip["media_references"]) == ["plate", "v001", "v002"]
    assert clip["active_media_reference_key"] == "v002"
    shown = json.loads(resolve.read_text())["tracks"]["children"][0]["children"][0]
    reference = shown["media_references"]["v002"]
    assert reference["target_url"] == "/shows/a b/sh010_v002.[1001-1100].exr"
    assert shown["source_range"]["start_time"]["value"] == 864008
    assert "A001C002" in edl.read_text()
    assert "FROM CLIP NAME:  sh010" in edl.read_text()


def test_what_cannot_be_a_timeline_is_refused(tmp_path: Path) -> None:
    first, second = cuts(Fraction(24), "10:00:00:00")
    overlapping = (first, Cut("late", second.versions, second.source, 50))
    for wrong, said in [
        ((), "would be empty"),
        (overlapping, "begins before"),
        ((Cut("bare", (), second.source, 0),), "has no media"),
    ]:
        with pytest.raises(BadInput, match=said):
            write_cut(tmp_path / "cut.otio", wrong, Fraction(24))
    with pytest.raises(BadInput, match="no timecode"):
        write_cut(tmp_path / "cut.otio", (first,), Fraction(24), "1 o'clock")
    assert list(tmp_path.iterdir()) == []
