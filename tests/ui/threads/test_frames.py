"""Decoding: newest wish first, bounded memory, sentences for what is broken."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.ui.scripted import SIZE, frame_colour
from tokenflow_studio.ui.state.studio import Studio
from tokenflow_studio.ui.threads import decoder
from tokenflow_studio.ui.threads.cache import FrameCache, FrameKey
from tokenflow_studio.ui.threads.decoder import Decoder
from tokenflow_studio.ui.threads.frame_store import THUMBNAIL_HEIGHT, FrameStore


def _image(side: int) -> QImage:
    return QImage(side, side, QImage.Format.Format_RGB32)


def test_the_cache_drops_what_was_used_longest_ago() -> None:
    cache: FrameCache[str] = FrameCache(3 * 16 * 16 * 4)
    for key in "abc":
        cache.put(key, _image(16))
    cache.get("a")
    cache.put("d", _image(16))
    assert cache.keys() == ["c", "a", "d"]
    assert cache.size == 3 * 16 * 16 * 4
    cache.put("huge", _image(64))
    assert cache.keys() == ["huge"]


def test_frames_come_as_they_are_on_disk(qtbot: QtBot, studio: Studio, clip: str) -> None:
    with qtbot.waitSignal(studio.frames.opened):
        studio.open(clip)
    key = FrameKey(clip, 1013)
    with qtbot.waitSignal(studio.frames.ready, check_params_cb=lambda found: found == key):
        studio.frames.want([key], [])
    image = studio.frames.image(key)
    assert (image.width(), image.height()) == SIZE
    assert image.pixelColor(5, 5).getRgb()[:3] == frame_colour(1013)
    assert 1013 in studio.frames.cached(clip)


def test_a_scrub_decodes_where_it_ends_not_all_between(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, read = threading.Event(), threading.Event(), []

    def slow(_decoder: Decoder, key: FrameKey) -> QImage:
        read.append(key.frame)
        begun.set()
        assert go.wait(10)
        return _image(8)

    monkeypatch.setattr(Decoder, "_read", slow)
    store = FrameStore()
    try:
        store.want([FrameKey("clip", 0)], [])
        assert begun.wait(10)
        for frame in range(1, 50):
            store.want([FrameKey("clip", frame)], [])
        go.set()
        qtbot.waitUntil(lambda: store.image(FrameKey("clip", 49)) is not None)
    finally:
        go.set()
        store.close()
    assert read == [0, 49]


def test_thumbnails_wait_until_nobody_scrubs(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def quick(_decoder: Decoder, key: FrameKey) -> QImage:
        read.append(key.frame)
        return _image(8)

    now = 100.0
    monkeypatch.setattr(Decoder, "_read", quick)
    monkeypatch.setattr(decoder, "monotonic", lambda: now)
    store = FrameStore()
    try:
        for frame in range(5):  # a scrub, in which no time passes
            store.want([FrameKey("clip", frame)], [])
            store.thumbnail(FrameKey("clip", 100 + frame))
            wanted = FrameKey("clip", frame)
            qtbot.waitUntil(lambda key=wanted: store.image(key) is not None)
        assert read == [0, 1, 2, 3, 4]
        store.thumbnail(FrameKey("clip", 2))
        now += 1
        qtbot.waitUntil(lambda: store.thumbnail(FrameKey("clip", 2)) is not None)
    finally:
        store.close()
    # What is in memory is not read again.
    assert read == [0, 1, 2, 3, 4, 100, 101, 102, 103, 104]


def test_thumbnails_have_one_height(qtbot: QtBot, studio: Studio, clip: str) -> None:
    with qtbot.waitSignal(studio.frames.opened):
        studio.open(clip)
    key = FrameKey(clip, 1003)
    with qtbot.waitSignal(studio.frames.thumbnail_ready):
        assert studio.frames.thumbnail(key) is None
    assert studio.frames.thumbnail(key).height() == THUMBNAIL_HEIGHT


def test_pictures_come_in_the_size_that_they_are_shown_in(
    qtbot: QtBot, studio: Studio, clip: str
) -> None:
    frames, size = studio.frames, QSize(32, 24)
    with qtbot.waitSignal(frames.opened):
        studio.open(clip)
    frames.fit_to(size)
    first, second = FrameKey(clip, 1005), FrameKey(clip, 1006)
    with qtbot.waitSignal(frames.fitted_ready, check_params_cb=lambda found: found == first):
        frames.want([first], [])
    assert frames.fitted(first, size).size() == size
    assert frames.fitted(first, size).pixelColor(3, 3).getRgb()[:3] == frame_colour(1005)
    # The limit holds for both sizes together, and another size is made when it is asked for.
    assert frames.held >= 4 * (SIZE[0] * SIZE[1] + 32 * 24)
    size = QSize(16, 12)
    with qtbot.waitSignal(frames.fitted_ready, check_params_cb=lambda found: found == first):
        assert frames.fitted(first, size) is None
    assert frames.fitted(first, size).size() == size
    frames.forget(clip)
    assert frames.fitted(first, size) is None
    frames.fit_to(QSize())
    frames.want([second], [])
    qtbot.waitUntil(lambda: frames.image(second) is not None)
    assert frames.fitted(second, QSize(*SIZE)) is None  # it is as large as that already


def test_a_broken_frame_is_told_when_it_is_looked_at_and_the_rest_goes_on(
    qtbot: QtBot, studio: Studio, clip: str
) -> None:
    damaged = Path(clip).parent / "1019.png"
    damaged.write_bytes(damaged.read_bytes()[:-30])  # the header is whole, the picture is not
    studio.open(clip)
    qtbot.waitUntil(lambda: studio.frames.image(FrameKey(clip, 1020)) is not None)
    assert studio.notices.notice is None
    studio.session.set_playhead(1019)
    assert "1019" in studio.notices.notice.text
    studio.session.set_playhead(1020)
    assert studio.display.source.image is not None
