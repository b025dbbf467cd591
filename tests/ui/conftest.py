"""A window without a display, and a check that no test leaves a thread behind."""

import gc
import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt is imported

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.scripted import ScriptedWorker, write_frames
from tokenflow_studio.ui.main_window import MainWindow, build_window
from tokenflow_studio.ui.state.studio import Studio

OpenClip = Callable[..., None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning of Qt's fails a test, but for what the offscreen platform always says."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore("does not support", extend=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """As in the program, no other thread deletes what is Qt's: what a test left goes after it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect(1)
        gc.enable()


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Every thread that a test starts ends with it.

    Dummy threads are not Python's own: gRPC's, once they have called back into Python.
    """
    before = set(threading.enumerate())

    def started() -> list[threading.Thread]:
        found = set(threading.enumerate()) - before
        return [thread for thread in found if not thread.name.startswith("Dummy")]

    yield
    deadline = time.monotonic() + 5
    while left := started():
        if time.monotonic() > deadline:
            pytest.fail(f"threads were left running: {[thread.name for thread in left]}")
        time.sleep(0.01)


@pytest.fixture
def worker() -> ScriptedWorker:
    """A worker in this process that does as the test says."""
    return ScriptedWorker()


@pytest.fixture
def studio(qtbot: QtBot, worker: ScriptedWorker) -> Iterator[Studio]:
    """The window's state, without a window."""
    made = Studio(lambda: worker)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, worker: ScriptedWorker) -> Iterator[MainWindow]:
    """The real window; its worker is the scripted one."""
    made = build_window(Studio(lambda: worker))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.fixture
def clip(tmp_path: Path) -> str:
    """A sequence of 20 frames, 64 x 48, numbered from 1001."""
    write_frames(tmp_path / "plate", range(1001, 1021))
    return str(tmp_path / "plate" / "####.png")


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, clip: str) -> MainWindow:
    """The window with that clip."""
    window.studio.open(clip)
    # The first clip brings the decoders with it, which takes seconds on a busy machine.
    qtbot.waitUntil(lambda: window.studio.display.source is not None, timeout=60_000)
    qtbot.waitUntil(lambda: window.studio.display.source.image is not None, timeout=60_000)
    return window
