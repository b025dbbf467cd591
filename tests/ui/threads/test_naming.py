"""What people point at in a dialog, and what they mean."""

from pathlib import Path

import pytest

from tokenflow_studio.ui.threads.naming import as_sequence


@pytest.mark.parametrize(
    ("names", "chosen", "meant"),
    [
        (("a.1001.exr", "a.1002.exr"), "a.1002.exr", "a.####.exr"),
        (("0007.png", "0008.png"), "0007.png", "####.png"),
        (("shot2_v3.1.png", "shot2_v3.2.png"), "shot2_v3.1.png", "shot2_v3.#.png"),
        (("a.1001.exr",), "a.1001.exr", "a.1001.exr"),
        (("take1.mp4", "take2.mp4"), "take1.mp4", "take1.mp4"),
        (("still.png",), "still.png", "still.png"),
    ],
)
def test_one_frame_stands_for_its_sequence(
    tmp_path: Path, names: tuple[str, ...], chosen: str, meant: str
) -> None:
    for name in names:
        (tmp_path / name).touch()
    assert as_sequence(str(tmp_path / chosen)) == str(tmp_path / meant)
