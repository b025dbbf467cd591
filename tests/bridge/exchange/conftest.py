"""A plate of eight small EXR frames, numbered from 1001."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tokenflow_studio.media.stills import write_exr


@pytest.fixture
def plate(tmp_path: Path) -> str:
    folder = tmp_path / "shows" / "a b [x]"
    rng = np.random.default_rng(5)
    for number in range(1001, 1009):
        write_exr(
            folder / f"plate.{number}.exr",
            rng.random((12, 16, 3), np.float32),
            timecode=f"01:00:00:{number - 1001:02}",
            rate=Fraction(24000, 1001),
        )
    return str(folder / "plate.####.exr")
