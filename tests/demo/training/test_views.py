"""What the scorer learns from."""

import numpy as np

from tokenflow_studio.demo.training.views import IMAGE_SIZE, random_views, shrink, to_input


def test_a_view_of_the_whole_is_nearly_the_shrunk_picture() -> None:
    y, x = np.mgrid[:256, :256]
    picture = np.stack([y, x, 255 - y], -1).astype(np.uint8)[None]
    symmetric = np.minimum(picture, picture[:, :, ::-1])  # mirroring changes nothing
    masks = np.zeros((1, 64, 64), bool)
    view, _ = random_views(symmetric, masks, np.random.default_rng(1), zoomed=0.0)
    assert view.shape == (1, 3, IMAGE_SIZE, IMAGE_SIZE)
    assert (view - to_input(shrink(symmetric))).abs().max() < 0.3


def test_a_zoomed_view_shows_less_of_the_picture() -> None:
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[:, None, None], (1, 256, 256, 3))
    masks = np.zeros((1, 64, 64), bool)
    views = [random_views(ramp, masks, np.random.default_rng(s), zoomed=1.0) for s in range(20)]
    spans = [float(np.ptp(view.numpy())) for view, _ in views]
    assert max(spans) < 1.85
    assert min(spans) > 0.9


def test_the_shares_follow_the_object_into_every_view() -> None:
    masks = np.zeros((1, 64, 64), bool)
    masks[:, 20:40, 10:30] = True
    pictures = np.repeat(np.kron(masks, np.ones((1, 4, 4), np.uint8))[..., None] * 255, 3, -1)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        view, shares = random_views(pictures.astype(np.uint8), masks, rng, zoomed=0.5)
        white = (view[0, 0].unfold(0, 16, 16).unfold(1, 16, 16).mean((2, 3)) + 1) / 2
        # The mask's window is rounded to its own, coarser pixels.
        assert (white - shares.reshape(8, 8)).abs().mean() < 0.05
