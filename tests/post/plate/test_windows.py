"""One window per shot: the same scene point is the same proxy pixel, whatever the data window."""

import numpy as np

from tokenflow_studio.media.plates import Window
from tokenflow_studio.post.plate.windows import common, model_window, reframed

DISPLAY = Window(0, 0, 200, 100)


def test_the_display_window_alone_where_data_moves_inside_it() -> None:
    assert model_window(DISPLAY, [Window(10, 10, 20, 20), Window(150, 50, 50, 50)]) == DISPLAY


def test_overscan_is_seen_up_to_a_quarter_beyond() -> None:
    assert model_window(DISPLAY, [Window(-20, -10, 230, 120)]) == Window(-20, -10, 230, 120)
    assert model_window(DISPLAY, [Window(-500, -500, 2000, 2000)]) == Window(-50, -25, 300, 150)
    moved = Window(1000, 500, 200, 100)
    assert model_window(moved, [Window(990, 500, 200, 100)]) == Window(990, 500, 210, 100)


def test_a_scene_point_keeps_its_place() -> None:
    scene = np.arange(100 * 200, dtype=np.float32).reshape(100, 200, 1)
    window = model_window(DISPLAY, [])
    for data in (Window(10, 20, 50, 40), Window(-5, 60, 100, 60)):
        placed = reframed(reframed(scene, DISPLAY, data), data, window)
        rows, columns = common(window, data)
        assert np.array_equal(placed[rows, columns], scene[rows, columns])
        assert placed.sum() == placed[rows, columns].sum()


def test_windows_that_lie_apart_share_nothing() -> None:
    far = Window(900, 900, 10, 10)
    assert reframed(np.ones((10, 10, 3), np.float32), far, DISPLAY).sum() == 0
