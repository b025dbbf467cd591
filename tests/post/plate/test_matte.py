"""Mattes: soft inside, nothing outside, drawn shapes where they were drawn."""

import numpy as np
import pytest

from tokenflow_studio.media.plates import Window
from tokenflow_studio.post.plate.matte import drawn, prepared

WINDOW = Window(0, 0, 80, 60)


def square() -> np.ndarray:
    matte = np.zeros((60, 80), np.float32)
    matte[20:40, 30:60] = 1
    return matte


def test_a_soft_edge_lies_inside() -> None:
    hard, soft = square(), prepared(square(), softness=6, invert=False)
    assert (soft[hard == 0] == 0).all()
    edge = soft[30, 30:38]
    assert (np.diff(edge) >= 0).all()
    assert 0 < edge[0] < 0.2
    assert soft[30, 45] == 1


def test_inverted_first_then_softened() -> None:
    soft = prepared(square(), softness=4, invert=True)
    assert (soft[square() == 1] == 0).all()
    assert soft[0, 0] == 1


def test_broken_values_are_outside() -> None:
    matte = np.array([[np.nan, np.inf, -np.inf, 2, -1, 0.25]], np.float32)
    clean = prepared(matte, softness=0, invert=False)
    assert clean.tolist() == [[0, 1, 0, 1, 0, 0.25]]


def test_a_drawn_shape_counts_from_the_display_window() -> None:
    shape = (((10.0, 10.0), (30.0, 10.0), (30.0, 20.0), (10.0, 20.0)),)
    overscan = Window(-10, -5, 100, 70)
    matte = drawn(shape, overscan, WINDOW)
    assert matte.shape == (70, 100)
    assert matte[15:25, 20:40].min() > 0.9
    assert matte.sum() == pytest.approx(200, rel=0.1)
