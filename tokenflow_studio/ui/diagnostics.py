"""What somebody who helps needs to know, as text for the clipboard. Nothing is sent anywhere."""

import importlib.metadata
import os
import platform
import shutil
from pathlib import Path

from PySide6.QtCore import qVersion

import tokenflow_studio
from tokenflow_studio.core.logs import last_lines, without_home
from tokenflow_studio.core.paths import cache_folder, log_folder, models_folder, takes_folder
from tokenflow_studio.core.settings import Settings, settings_file
from tokenflow_studio.ui.state.system import SystemView, memory_text

LINES = 200  # of each log
LOGS = ("window.log", "worker.log", "crash.log")
_PACKAGES = (
    "torch", "diffusers", "transformers", "numpy", "av", "OpenImageIO", "opencv-python-headless",
    "grpcio", "PySide6-Essentials",
)  # fmt: skip


def diagnostics(system: SystemView, settings: Settings) -> str:
    """Versions, system, device, folders, settings and the ends of the logs; reads files.

    The user's own folder is written as ~.
    """
    parts = [
        _versions(),
        _machine(system),
        _folders(),
        "Settings\n" + settings.to_json(),
        _environment(),
        *(_log(name) for name in LOGS),
    ]
    return without_home("\n\n".join(part for part in parts if part)) + "\n"


def _versions() -> str:
    lines = [f"TokenFlow Studio {tokenflow_studio.__version__}"]
    lines.append(f"Python {platform.python_version()}, {platform.platform()}, Qt {qVersion()}")
    lines += [f"{name} {_version(name)}" for name in _PACKAGES]
    return "\n".join(lines)


def _version(package: str) -> str:
    """From the package's own files: importing torch would not do in this process."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "is missing"


def _machine(system: SystemView) -> str:
    whose = "device" if system.own else "main"
    return (
        f"Worker: {system.worker}\n"
        f"Device: {system.device or 'not asked'}\n"
        f"Memory: {memory_text(system.free)} of {memory_text(system.total)} {whose} memory free\n"
        f"Processor: {platform.machine()}, {os.cpu_count()} cores"
    )


def _folders() -> str:
    lines = ["Folders"]
    for name, folder in (
        ("cache", cache_folder()),
        ("takes", takes_folder()),
        ("models", models_folder()),
        ("logs", log_folder()),
        ("settings", settings_file()),
    ):
        lines.append(f"{name}: {folder}{_free(folder)}")
    return "\n".join(lines)


def _free(folder: Path) -> str:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        return f", {memory_text(shutil.disk_usage(there).free)} free"
    except OSError:
        return ""


def _environment() -> str:
    own = sorted(name for name in os.environ if name.startswith("TOKENFLOW_"))
    return "\n".join(["Environment", *(f"{name}={os.environ[name]}" for name in own)])


def _log(name: str) -> str:
    try:
        lines = last_lines(log_folder() / name, LINES)
    except OSError as error:
        lines = [str(error)]
    return "\n".join([f"Last lines of {name}", *lines]) if lines else ""
