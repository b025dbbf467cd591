"""All measurements of the window, one process after the other."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tokenflow_studio.core.errors import JobFailed
from tokenflow_studio.ui.benchmark.figures import Figure

MEASURES = ("start", "first-frame", "scrubbing", "playback", "memory")
_ON_PLATE = ("first-frame", "scrubbing", "playback")
_STARTS = 3
_LIMIT = 600  # seconds for one of them
_MODULE = "tokenflow_studio.ui.benchmark"


def measure_window(wanted: tuple[str, ...] = MEASURES) -> Iterator[Figure]:
    """The figures of the wanted measurements, as they come. Raises JobFailed for one that fails.

    Footage, settings and takes lie in a folder of their own, which goes afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="tokenflow-bench-") as scratch:
        root = Path(scratch)
        environment = _environment(root)
        if "start" in wanted:
            yield from _start(environment)
        clips = _clips(root, wanted)
        for name in wanted:
            if name != "start":
                yield from _measure(environment, name, *clips[name])


def _clips(root: Path, wanted: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The clips that each measurement wants."""
    # Here, not above: the first start is measured before anything has brought Qt into the cache.
    from tokenflow_studio.ui.benchmark.footage import draw_sequence

    clips: dict[str, tuple[str, ...]] = {}
    if any(name in wanted for name in _ON_PLATE):
        clips |= dict.fromkeys(_ON_PLATE, (draw_sequence(root / "plate", 1000),))
    if "memory" in wanted:
        long, short = draw_sequence(root / "long", 10_000), draw_sequence(root / "short", 8)
        clips["memory"] = long, short
    return clips


def _start(environment: dict[str, str]) -> Iterator[Figure]:
    """The best of a few starts: the first one reads the disk, and others work here too."""
    runs = [list(_measure(environment, "start", str(time.time()))) for _ in range(_STARTS)]
    yield from min(runs, key=lambda figures: figures[0].value)


def _measure(environment: dict[str, str], name: str, *arguments: str) -> Iterator[Figure]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", _MODULE, name, *arguments],
            env=environment, capture_output=True, text=True, timeout=_LIMIT, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise JobFailed(f"The window did not finish {name} within {_LIMIT} s.") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise JobFailed(f"The window ended while {name} was measured: {last}") from error
    yield from map(Figure.from_line, done.stdout.splitlines())


def _environment(root: Path) -> dict[str, str]:
    own = {
        f"TOKENFLOW_{name}": str(root / name.lower())
        for name in ("CACHE", "TAKES", "MODELS", "STATE", "EXCHANGE")
    }
    environment = os.environ | own | {"TOKENFLOW_SETTINGS": str(root / "settings.json")}
    if sys.platform.startswith("linux") and not (
        environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    ):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment
