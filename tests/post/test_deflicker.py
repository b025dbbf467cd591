"""Deflickering against clips whose truth and motion are known."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from tokenflow_studio.bench.ffmpeg_filter import filtered_by_ffmpeg
from tokenflow_studio.bench.flickering import KINDS, SCENES, flickering, scene
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.post.deflicker import deflicker
from tokenflow_studio.post.measure import optical_flow, psnr

LEAST = {"gain": 0.80, "local": 0.80, "noise": 0.60}  # share of the flicker's energy
FAITHFUL = 38.0  # dB to the truth


@pytest.mark.parametrize("guided", [True, False], ids=["source", "alone"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCENES)
def test_flicker_goes_and_the_truth_stays(name: str, kind: str, guided: bool) -> None:
    made = scene(name)
    given = flickering(made.truth, kind)
    result = list(deflicker(given, source=made.source if guided else None))
    assert made.removed(given, result) >= LEAST[kind]
    assert made.fidelity(result) >= FAITHFUL
    assert {frame.dtype for frame in result} == {np.dtype(np.float32)}


@pytest.mark.parametrize("guided", [True, False], ids=["source", "alone"])
def test_nothing_of_one_shot_is_seen_in_the_next(guided: bool) -> None:
    made = scene("cut")
    first, second = made.truth[:8], made.truth[8:]
    together = list(deflicker(first + second, source=made.source if guided else None))
    sources = (made.source[:8], made.source[8:]) if guided else (None, None)
    apart = [*deflicker(first, source=sources[0]), *deflicker(second, source=sources[1])]
    assert all(map(np.array_equal, together, apart))


@pytest.mark.parametrize("guided", [True, False], ids=["source", "alone"])
def test_what_appears_in_the_edit_leaves_no_ghost(guided: bool) -> None:
    made = scene("pan")
    given = [frame.copy() for frame in made.truth]
    for frame in given[8:]:
        cv2.circle(frame, (64, 48), 18, (0.95, 0.9, 0.1), -1)
    result = list(deflicker(given, source=made.source if guided else None))
    inside = np.s_[38:58, 54:74]
    assert psnr(result[7][inside], given[7][inside]) > 36
    assert psnr(result[8][inside], given[8][inside]) > 36


def test_the_light_of_the_source_is_followed() -> None:
    made = scene("pan")
    light = [1 - 0.3 * (n >= 8) - 0.08 * (n in (3, 12)) for n in range(16)]
    truth = [frame * np.float32(level) for frame, level in zip(made.truth, light, strict=True)]
    source = [frame * np.float32(level) for frame, level in zip(made.source, light, strict=True)]
    result = list(deflicker(flickering(truth, "gain"), source=source))
    for wanted, found in zip(truth, result, strict=True):
        assert float(found.mean() / wanted.mean()) == pytest.approx(1, abs=0.03)
    assert psnr(np.stack(result), np.stack(truth)) > FAITHFUL


def test_highlights_are_neither_clipped_nor_spread() -> None:
    made = scene("pan")
    truth, source = [], []
    light = np.float32([16, 12, 8])
    y, x = np.mgrid[:96, :128].astype(np.float32)
    for n, (frame, before) in enumerate(zip(made.truth, made.source, strict=True)):
        cover = np.clip(6.5 - np.hypot(x - 80 + 1.6 * n, y - 48 + 0.4 * n), 0, 1)[..., None]
        truth.append(frame + (light - frame) * cover)
        source.append(before + (1 - before) * cover)
    given = flickering(truth, "gain")
    result = np.stack(list(deflicker(given, source=source)))
    assert float(result.max()) == pytest.approx(16, rel=0.1)
    dark = np.stack(truth).max(-1) <= 1
    assert float(result[dark].max()) < 1.5
    assert float(result.min()) > -0.01


def test_the_amount_is_a_share() -> None:
    made = scene("static", (48, 64), 6)
    given = flickering(made.truth, "gain")
    full, half, none = (list(deflicker(given, amount=share)) for share in (1.0, 0.5, 0.0))
    assert all(map(np.array_equal, none, given))
    for whole, middle, before in zip(full, half, given, strict=True):
        np.testing.assert_allclose(middle, (whole + before) / 2, atol=1e-6)


def test_another_flow_can_be_given() -> None:
    made = scene("pan", (48, 64), 6)
    asked = []

    def flow(now: np.ndarray, following: np.ndarray) -> np.ndarray:
        asked.append(now.shape)
        return optical_flow(now, following)

    given = flickering(made.truth, "noise")
    result = list(deflicker(given, source=made.source, flow=flow))
    assert len(asked) == 2 * 5
    assert made.removed(given, result) > 0.6


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_clips_shorter_than_the_window(count: int) -> None:
    made = scene("pan", (48, 64), 8)
    assert len(list(deflicker(made.truth[:count]))) == count


def test_a_clip_of_any_length_passes_through_a_short_window() -> None:
    made = scene("static", (24, 32), 2)
    taken = 0

    def endless() -> Iterator[np.ndarray]:
        nonlocal taken
        for frame in made.truth * 50:
            taken += 1
            yield frame

    ahead = [taken - given for given, _ in enumerate(deflicker(endless()))]
    assert len(ahead) == 100
    assert max(ahead) <= 14


def test_what_cannot_be_used_is_told() -> None:
    made = scene("static", (48, 64), 4)
    with pytest.raises(BadInput, match="no share"):
        list(deflicker(made.truth, amount=1.5))
    with pytest.raises(BadInput, match="source ends after 3 frames"):
        list(deflicker(made.truth, source=made.truth[:3]))
    with pytest.raises(BadInput, match="source is longer"):
        list(deflicker(made.truth[:3], source=made.truth))
    with pytest.raises(BadInput, match="64x40 pixels large"):
        list(deflicker([made.truth[0], made.truth[1][:40]]))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCENES)
def test_ffmpegs_filter_does_less(name: str, kind: str) -> None:
    made = scene(name)
    given = flickering(made.truth, kind)
    theirs = filtered_by_ffmpeg(given)
    for source in (made.source, None):
        ours = list(deflicker(given, source=source))
        assert made.removed(given, ours) > made.removed(given, theirs)
        assert made.fidelity(ours) > made.fidelity(theirs)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCENES)
def test_larger_frames(name: str, kind: str) -> None:
    made = scene(name, (288, 384), 24)
    given = flickering(made.truth, kind)
    for source in (made.source, None):
        result = list(deflicker(given, source=source))
        assert made.removed(given, result) >= LEAST[kind]
        assert made.fidelity(result) >= FAITHFUL
