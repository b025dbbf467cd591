"""`doctor`: what works on this machine and what does not, one line each."""

import argparse
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import tokenflow_studio
from tokenflow_studio.cli.output import print_line, print_result
from tokenflow_studio.core.errors import StudioError
from tokenflow_studio.core.models import DEMO, resolve_model
from tokenflow_studio.core.paths import cache_folder, log_folder, models_folder, takes_folder
from tokenflow_studio.worker.client import WorkerClient

_LITTLE_DISK = 10 * 2**30  # bytes; a long clip's features may need more
_WINDOW_PROBE = (
    "from PySide6.QtWidgets import QApplication; import PySide6; app = QApplication([]); "
    "print(PySide6.__version__, app.platformName())"
)


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"  # the main job can run
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    state: State
    message: str


def run(options: argparse.Namespace) -> int:
    """Print the report; 0 when the main job can run on this machine, otherwise 1."""
    failed = False
    for check in _checks():
        failed = failed or check.state is State.FAILED
        if options.json:
            print_line(json.dumps({"kind": "check", **asdict(check)}))
        else:
            print_line(f"{check.state:<8} {check.name:<10} {check.message}")
    verdict = "Something that jobs need is missing." if failed else "Jobs can run here."
    if options.json:
        print_result(int(failed), message=verdict)
    else:
        print_line(verdict)
    return int(failed)


def _checks() -> Iterator[Check]:
    yield Check(
        "program",
        State.OK,
        f"TokenFlow Studio {tokenflow_studio.__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}",
    )
    yield from _check_worker()
    yield _library("images", "OpenImageIO", _describe_images)
    yield _library("movies", "av", _describe_movies)
    yield _library("opencv", "cv2", _describe_opencv)
    yield _check_window()
    yield _check_demo()
    for name, folder in (
        ("cache", cache_folder()),
        ("takes", takes_folder()),
        ("models", models_folder()),
        ("logs", log_folder()),
    ):
        yield _check_folder(name, folder)


def _check_worker() -> Iterator[Check]:
    """Starts the worker as a job would, which also shows whether torch and the device work."""
    try:
        with WorkerClient.launch() as worker:
            info = worker.info()
    except StudioError as error:
        yield Check("worker", State.FAILED, str(error))
        return
    yield Check("worker", State.OK, f"starts and answers; it logs to {info.log_file}")
    if info.engine_ready:
        yield Check("device", State.OK, f"{info.device}, torch {info.torch}")
    else:
        yield Check("device", State.FAILED, f"torch finds no device; {info.log_file} has more")
    free, total = info.memory_free, info.memory_total
    yield Check("memory", State.OK, f"{_size(free)} of {_size(total)} free")


def _library(name: str, module: str, describe: Callable[[object], str]) -> Check:
    try:
        return Check(name, State.OK, describe(importlib.import_module(module)))
    except (ImportError, OSError) as error:
        return Check(name, State.FAILED, f"{module} cannot be loaded: {error}")


def _describe_images(module: object) -> str:
    return f"OpenImageIO {getattr(module, '__version__', '')}"


def _describe_movies(module: object) -> str:
    """Raises ImportError when the encoder of .mp4 files is missing."""
    from av import codecs_available

    found = [name for name in ("libx264", "prores_ks", "libx265") if name in codecs_available]
    if "libx264" not in found:
        raise ImportError("it has no H.264 encoder (libx264)")
    return f"PyAV {getattr(module, '__version__', '')}, encoders {', '.join(found)}"


def _describe_opencv(module: object) -> str:
    """Raises ImportError for a build with windows of its own, whose Qt breaks ours."""
    information: str = module.getBuildInformation()  # type: ignore[attr-defined]
    gui = next((line for line in information.splitlines() if line.strip().startswith("GUI:")), "")
    if "QT" in gui.upper():
        raise ImportError("it brings a Qt of its own; install opencv-python-headless instead")
    return f"OpenCV {getattr(module, '__version__', '')}"


def _check_window() -> Check:
    """In a process of its own: Qt aborts where it finds no display."""
    status, found = _probe_window(dict(os.environ))
    if status == 0:
        return Check("window", State.OK, f"PySide6 {found}")
    status, off_screen = _probe_window({**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    if status == 0:
        return Check("window", State.WARNING, f"no display here; PySide6 {off_screen} works")
    return Check("window", State.WARNING, f"the window cannot open: {off_screen or found}")


def _probe_window(environment: dict[str, str]) -> tuple[int, str]:
    """Exit code, and the last line that the probe said."""
    try:
        ended = subprocess.run(
            [sys.executable, "-c", _WINDOW_PROBE],
            env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 1, "Qt did not start within a minute"
    said = (ended.stdout if ended.returncode == 0 else ended.stderr).strip().splitlines()
    return ended.returncode, said[-1] if said else f"exit code {ended.returncode}"


def _check_demo() -> Check:
    folder = Path(resolve_model(DEMO).location)
    if not (folder / "model_index.json").is_file():
        return Check("demo", State.FAILED, f"the demo model is missing: {folder}")
    return Check("demo", State.OK, f"the demo model lies in {folder}")


def _check_folder(name: str, folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check(name, State.FAILED, f"{folder} cannot be written to ({error.strerror})")
    state = State.OK if free > _LITTLE_DISK else State.WARNING
    return Check(name, state, f"{folder}, {_size(free)} free")


def _size(number: int) -> str:
    return f"{number / 2**30:.1f} GB"
