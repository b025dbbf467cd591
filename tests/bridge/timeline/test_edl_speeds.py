"""M2 lines of an EDL: what a length does not show is named in one sentence."""

from fractions import Fraction
from pathlib import Path

import pytest

from bridge.timeline.reading import read_timeline

EVENT = (
    "{number:03d}  A001     V     C        01:00:00:00 {end} 01:00:{at:02d}:00 01:00:{to:02d}:00"
)


def edl(tmp_path: Path, *events: tuple[str, tuple[str, ...]]) -> Path:
    """end of the source, and M2 lines, of events of two seconds each."""
    lines = ["TITLE: cut", ""]
    for number, (end, speeds) in enumerate(events):
        at = 2 * number
        lines.append(EVENT.format(number=number + 1, end=end, at=at, to=at + 2))
        lines += [f"M2   A001       {speed}                01:00:00:00" for speed in speeds]
        lines.append(f"* FROM CLIP NAME:  sh{number}")
    path = tmp_path / "cut.edl"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("end", "speeds", "said"),
    [
        ("01:00:02:00", (), ""),
        ("01:00:02:00", ("024.0",), ""),
        ("01:00:04:00", ("048.0",), "retimed to 200 %"),
        ("01:00:02:00", ("048.0",), "Its M2 line says 48 frames per second, its length 24"),
        ("01:00:02:00", ("-024.0",), "Its M2 line says -24 frames per second"),
        ("01:00:02:00", ("012.0", "036.0"), "Its speed changes (M2: 12, 36 frames per second)"),
        ("01:00:02:00", ("024.0", "000.0"), "Its speed changes (M2: 24, 0 frames per second)"),
    ],
)
def test_a_speed_is_told_or_named(
    end: str, speeds: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    path = edl(tmp_path, ("01:00:02:00", ()), (end, speeds), ("01:00:02:00", ()))
    before, shot, after = read_timeline(path, Fraction(24)).shots
    remarks = [remark for remark in shot.remarks if "names no media" not in remark]
    assert len(remarks) == bool(said)
    assert said in "".join(remarks)
    assert before.remarks == after.remarks
    assert len(before.remarks) == 1
