"""A host's render becomes the frames that were asked for, whatever it named them."""

from pathlib import Path

import pytest

from bridge.exchange.rendered import gathered
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange


def rendered(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def test_files_get_the_numbers_in_their_order(tmp_path: Path) -> None:
    rendered(tmp_path, "a/plate.00001002.exr", "a/plate.00001003.exr", "a/plate.00001004.exr")
    spec = gathered(tmp_path, FrameRange(1001, 1003))
    assert spec == str(tmp_path / "plate.####.exr")
    texts = [(tmp_path / f"plate.{number}.exr").read_text() for number in (1001, 1002, 1003)]
    assert texts == [f"a/plate.0000{number}.exr" for number in (1002, 1003, 1004)]


def test_a_file_may_have_the_name_of_another(tmp_path: Path) -> None:
    rendered(tmp_path, "plate.1001.exr", "plate.1002.exr")
    gathered(tmp_path, FrameRange(1002, 1003))
    assert (tmp_path / "plate.1002.exr").read_text() == "plate.1001.exr"
    assert (tmp_path / "plate.1003.exr").read_text() == "plate.1002.exr"


@pytest.mark.parametrize("names", [(), ("a.1.exr",), ("a.1.exr", "a.2.png")])
def test_another_number_of_files_is_refused(names: tuple[str, ...], tmp_path: Path) -> None:
    rendered(tmp_path, *names)
    with pytest.raises(BadInput, match="frames were rendered, not 2"):
        gathered(tmp_path, FrameRange(1, 2))
