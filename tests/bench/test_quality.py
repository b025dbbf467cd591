"""The measures and tables of `bench quality` on what is known."""

import math
from pathlib import Path

import numpy as np
import pytest

from tokenflow_studio.bench.footage import draw_footage
from tokenflow_studio.bench.pairs import PAIRS
from tokenflow_studio.bench.quality import measure, removed_share
from tokenflow_studio.post.measure import psnr


def test_measures_of_what_is_known(tmp_path: Path) -> None:
    footage = draw_footage(tmp_path, PAIRS[0], 3)
    source = footage.frames()
    same = measure(footage, source)
    assert (same.psnr, same.ssim) == (math.inf, pytest.approx(1))
    assert same.warp_error < 1e-3
    half, step = np.float32(0.5), np.float32(0.1)
    flickering = [frame * half + step * (n % 2) for n, frame in enumerate(source)]
    measured = measure(footage, flickering)
    assert measured.warp_error == pytest.approx(0.01 + same.warp_error / 4, rel=0.05)
    assert measured.psnr == pytest.approx(np.mean(list(map(psnr, flickering, source))))
    assert measured.drift == 0  # three frames: none is that far from another
    with pytest.raises(ValueError, match="argument 2"):
        measure(footage, source[:2])


def test_the_share_of_flicker_removed_is_the_papers() -> None:
    assert removed_share(3.0, 2.0, 11.3) == pytest.approx(0.89, abs=0.005)
    assert removed_share(12.0, 2.0, 11.3) == pytest.approx(-0.075, abs=0.005)
    assert removed_share(2.0, 2.0, 2.0) is None
