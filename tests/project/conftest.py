"""A project as a user may have it."""

from fractions import Fraction
from pathlib import Path

import pytest

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.project.document import Preview, Project, Shot, View


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two shots: media beside the project's file in `tmp_path`, and far from it."""
    wolf = Shot(
        id="wolf",
        clip=str(tmp_path / "plates" / "wolf.####.exr"),
        frames=FrameRange(1003, 1040),
        rate=Fraction(24000, 1001),
        recipe={
            "prompt": "a fox, «painted»", "seed": 7, "keyframes": [1004, 1012],
            "matte": str(tmp_path / "plates" / "matte.####.png"), "later": {"a": [1.5, None]},
        },
        previews=(
            Preview(request={"prompt": "a fox"}, folder="/cache/previews/1", frames=(1004, 1012)),
        ),
        takes=(str(tmp_path / "film takes" / "wolf" / "v001"), "/takes/wolf/v007"),
        view=View(playhead=1010, compare="Wipe", take="/takes/wolf/v007"),
    )  # fmt: skip
    return Project(shots=(wolf, Shot(id="sea", clip="/media/sea.mp4")), current="wolf")
