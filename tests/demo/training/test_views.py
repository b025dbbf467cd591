"""What the scorer learns from."""

import numpy as np

from tokenflow_studio.demo.training.views import random_views, shrink, to_input


def test_a_view_of_the_whole_is_nearly_the_shrunk_picture() -> None:
    y, x = np.mgrid[:256, :256]
    picture = np.stack([y, x, 255 - y], -1).astype(np.uint8)[None]
    symmetric = np.minimum(picture, picture[:, :, ::-1])  # mirroring changes nothing
    view = random_views(symmetric, np.random.default_rng(1), zoomed=0.0)
    assert view.shape == (1, 3, 128, 128)
    assert (view - to_input(shrink(symmetric))).abs().max() < 0.3


def test_a_zoomed_view_shows_less_of_the_picture() -> None:
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[:, None, None], (1, 256, 256, 3))
    spans = [
        float(np.ptp(random_views(ramp, np.random.default_rng(seed), zoomed=1.0).numpy()))
        for seed in range(20)
    ]
    assert max(spans) < 1.85
    assert min(spans) > 0.9
