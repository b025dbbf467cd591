"""Shapes under the pointer: what is held, and what moving and removing it makes."""

import pytest

from tokenflow_studio.ui.state.shapes import Grip, ellipse, grip_at, handles, moved, without

SQUARE = ((10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0))
ROUND = ellipse((40.0, 20.0), (80.0, 40.0))


def test_an_ellipse_fills_its_rectangle_whichever_corner_came_first() -> None:
    xs, ys = zip(*ROUND, strict=True)
    assert (min(xs), max(xs)) == pytest.approx((40, 80))
    assert (min(ys), max(ys)) == pytest.approx((20, 40))
    assert ellipse((80.0, 40.0), (40.0, 20.0)) == ROUND


def test_a_handle_goes_before_the_inside_and_the_latest_shape_before_others() -> None:
    shapes = (SQUARE, ROUND)
    assert grip_at(shapes, (29.0, 11.0), 3) == Grip(0, 1)
    assert grip_at(shapes, (20.0, 20.0), 3) == Grip(0)
    assert grip_at(shapes, (60.0, 30.0), 3) == Grip(1)
    assert grip_at(shapes, (200.0, 30.0), 3) is None
    assert grip_at((SQUARE, SQUARE), (20.0, 20.0), 3) == Grip(1)
    assert grip_at(shapes, (42.0, 22.0), 0.1) is None  # in the rectangle, beside the ellipse


def test_a_point_moves_alone_and_a_shape_as_a_whole() -> None:
    (changed,) = moved((SQUARE,), Grip(0, 2), (50.0, 40.0), (20.0, 10.0))
    assert changed == ((10.0, 10.0), (30.0, 10.0), (50.0, 40.0), (10.0, 30.0))
    (_, shifted) = moved((ROUND, SQUARE), Grip(1), (0.0, 0.0), (5.0, -5.0))
    assert shifted == ((15.0, 5.0), (35.0, 5.0), (35.0, 25.0), (15.0, 25.0))


def test_a_shape_of_many_points_is_stretched_by_its_corners() -> None:
    (wider,) = moved((ROUND,), Grip(0, 2), (100.0, 60.0), (20.0, 20.0))
    assert handles(wider)[0] == pytest.approx((40, 20))
    assert handles(wider)[2] == pytest.approx((100, 60))


def test_without_a_point_or_without_the_shape() -> None:
    assert without((SQUARE, ROUND), Grip(0, 0)) == (SQUARE[1:], ROUND)
    assert without((SQUARE[1:], ROUND), Grip(0, 0)) == (ROUND,)  # two points are no shape
    assert without((SQUARE, ROUND), Grip(1, 0)) == (SQUARE,)
    assert without((SQUARE, ROUND), Grip(0)) == (ROUND,)
