"""Starting the window from the command line."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tokenflow_studio.core.paths import resource


@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
def test_the_window_opens_a_clip_logs_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path)}
    script = f"from tokenflow_studio.ui.app import run_window; run_window({str(_clip())!r})"
    window = subprocess.Popen([sys.executable, "-c", script], env=environment)
    try:
        log = tmp_path / "tokenflow-studio" / "log" / "window.log"
        deadline = time.monotonic() + 30
        while not (log.exists() and "clip is open" in log.read_text("utf-8")):
            assert window.poll() is None, "the window ended by itself"
            assert time.monotonic() < deadline, "the clip did not open"
            time.sleep(0.05)
        window.send_signal(signal.SIGINT)
        assert window.wait(10) == -signal.SIGINT
    finally:
        window.kill()
        window.wait()


def test_a_second_start_opens_its_clip_in_the_window_that_runs(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    runtime = tmp_path_factory.mktemp("run")  # the path of a socket must be short
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime)}
    command = [sys.executable, "-m", "tokenflow_studio"]
    log = tmp_path / "tokenflow-studio" / "log" / "window.log"
    window = subprocess.Popen(command, env=environment)
    try:
        _wait_for(lambda: any(runtime.rglob("*.window")), window)
        later = subprocess.run([*command, str(_clip())], env=environment, timeout=60, check=False)
        assert later.returncode == 0
        _wait_for(lambda: "clip is open" in log.read_text("utf-8"), window)
    finally:
        window.kill()
        window.wait()


def _wait_for(done: Callable[[], bool], window: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert window.poll() is None, "the window ended by itself"
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.05)


def _clip() -> Path:
    return resource("demo", "clip.mp4")


def test_an_exception_in_a_slot_reaches_the_status_line_and_the_log(tmp_path: Path) -> None:
    script = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from tokenflow_studio.ui import app
def fail():
    raise RuntimeError("nobody thought of this")
def look():
    window = QApplication.topLevelWidgets()
    print([w.studio.notices.status for w in window if hasattr(w, "studio")][0])
    QApplication.quit()
build = None
from tokenflow_studio.ui import main_window
build = main_window.build_window
def build_window():
    window = build()
    QTimer.singleShot(10, window, fail)
    QTimer.singleShot(300, window, look)
    return window
main_window.build_window = build_window
sys.exit(app.run_window())
"""
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True,
        timeout=60, check=True,
    )  # fmt: skip
    assert "RuntimeError" in done.stdout
    log = tmp_path / "tokenflow-studio" / "log" / "window.log"
    assert "nobody thought of this" in log.read_text("utf-8")
