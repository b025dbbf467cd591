"""The measurements themselves; each one runs alone in its process, on the window as users get it.

A machine that does other work makes wall-clock times longer: where that matters, the processor's
own time stands beside them.
"""

import random
import statistics
import time
from collections.abc import Iterator

import psutil
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.job import Stage
from tokenflow_studio.ui.app import open_window
from tokenflow_studio.ui.benchmark.figures import Figure
from tokenflow_studio.ui.benchmark.watching import Heartbeat, PaintWatch, wait
from tokenflow_studio.ui.main_window import MainWindow
from tokenflow_studio.ui.state.playback import Pace

_MIB = 2**20
_PATIENCE = 120.0  # seconds for anything at all
_CACHED = 60  # frames of 1080p that the default cache holds with room to spare
_STEPS = 400
_PLAYED = 10.0  # seconds
_MEMORY_CACHE = 256  # MiB of decoded frames while the memory of a long clip is measured
_VISITED = 200


def measure_start(began: float) -> Iterator[Figure]:
    """From the start of the process (`began`, seconds since the epoch) to the first paint."""
    _, window = open_window()
    loop = QEventLoop()
    PaintWatch(window, loop.quit)
    loop.exec()
    yield Figure("start to first paint", time.time() - began, "s", 1.5)
    yield Figure("start, processor time", time.process_time(), "s")
    window.close()


def measure_first_frame(clip: str) -> Iterator[Figure]:
    """From the wish to open a sequence of 1000 frames to the paint of its first one."""
    window = _idle_window()
    began, worked = time.perf_counter(), time.process_time()
    _show(window, clip)
    yield Figure("first frame of 1000", time.perf_counter() - began, "s", 0.5)
    yield Figure("first frame, processor time", time.process_time() - worked, "s")
    window.close()


def measure_scrubbing(clip: str) -> Iterator[Figure]:
    """Steps to and fro over frames that are in the cache, each waited for until it is painted."""
    window = _idle_window()
    _show(window, clip)
    _fill_cache(window)
    session, loop = window.studio.session, QEventLoop()
    frames = [(7 * step) % (_CACHED - 10) for step in range(_STEPS)]
    walk = iter(frames)

    def go() -> None:
        frame = next(walk, None)
        if frame is None:
            loop.quit()
        else:
            session.set_playhead(frame)

    PaintWatch(window.viewer, go)
    began, worked = time.perf_counter(), time.process_time()
    go()
    loop.exec()
    taken, spent = time.perf_counter() - began, time.process_time() - worked
    yield Figure("scrubbing cached frames", _STEPS / taken, "/s", 60, at_least=True)
    yield Figure("scrubbing, processor time per frame", spent / _STEPS * 1000, "ms")
    window.close()


def measure_playback(clip: str) -> Iterator[Figure]:
    """Playback of cached frames, first alone and then while the worker computes a take."""
    window = _idle_window()
    _show(window, clip)
    _fill_cache(window)
    yield from _play(window, "playback", at_least=23.5)
    studio = window.studio
    studio.recipe.set(prompt="a red ball on grass at night")
    studio.propagate()
    if wait(_PATIENCE, lambda: studio.job.view.stage is Stage.INVERT):
        yield from _play(window, "playback beside a job", gaps=True)
        studio.cancel()
        wait(_PATIENCE, lambda: not studio.job.view.busy)
    window.close()


def measure_memory(clip: str, short: str) -> Iterator[Figure]:
    """What a clip of 10,000 frames needs beside the frame cache, and what is left of it."""
    window = _idle_window()
    window.studio.frames.set_limit(_MEMORY_CACHE * _MIB)
    _show(window, short)
    before = _resident() - _held(window)
    _show(window, clip)
    session, most = window.studio.session, 0.0
    rng = random.Random(1)
    for _ in range(_VISITED):
        session.set_playhead(rng.randrange(10_000))
        wait(_PATIENCE, window.studio.display.is_complete)
        most = max(most, _resident() - _held(window))
    yield Figure("memory of 10,000 frames beside the cache", most - before, "MB", 200)
    _show(window, short)
    left = _resident() - _held(window) - before
    yield Figure("memory kept after another clip was opened", left, "MB", 200)
    window.close()


def _idle_window() -> MainWindow:
    """The window as it is once it has come to rest."""
    _, window = open_window()
    wait(3.0)
    return window


def _show(window: MainWindow, clip: str) -> None:
    """Open a clip and wait until its first frame is painted."""
    loop, display = QEventLoop(), window.studio.display

    def look() -> None:
        source = display.source
        if source is not None and source.image is not None and source.key.layer.startswith(clip):
            loop.quit()

    watch = PaintWatch(window.viewer, look)
    window.studio.open(clip)
    loop.exec()
    watch.deleteLater()


def _fill_cache(window: MainWindow) -> None:
    for frame in range(_CACHED):
        window.studio.session.set_playhead(frame)
        wait(_PATIENCE, window.studio.display.is_complete)
    wait(2.0)  # what is prepared in the background


def _play(
    window: MainWindow, title: str, *, at_least: float | None = None, gaps: bool = False
) -> Iterator[Figure]:
    session, playback = window.studio.session, window.studio.playback
    session.set_range(FrameRange(0, _CACHED - 11))
    paces: list[Pace] = []
    playback.paced.connect(paces.append)
    heart = Heartbeat(window)
    playback.set_speed(1)
    heart.start()
    wait(_PLAYED)
    heart.stop()
    playback.pause()
    playback.paced.disconnect(paces.append)
    rate = statistics.mean(pace.rate for pace in paces)
    yield Figure(f"{title}, frames a second", rate, "/s", at_least, at_least=True)
    yield Figure(f"{title}, dropped frames in {_PLAYED:.0f} s", paces[-1].dropped, "")
    longest, p99 = max(heart.gaps), statistics.quantiles(heart.gaps, n=100)[98]
    yield Figure(f"{title}, longest gap", longest * 1000, "ms", 100 if gaps else None)
    yield Figure(f"{title}, p99 of gaps", p99 * 1000, "ms", 33 if gaps else None)
    yield Figure(f"{title}, longest work between two events", max(heart.work) * 1000, "ms")


def _resident() -> float:
    """Memory of this process, in MB."""
    QApplication.sendPostedEvents()
    return psutil.Process().memory_info().rss / 1e6


def _held(window: MainWindow) -> float:
    """What the frame cache holds, in MB."""
    return window.studio.frames.held / 1e6
