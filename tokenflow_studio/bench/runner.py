"""Runs edits in the worker, away from the user's takes and cache."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np

from tokenflow_studio.bench.footage import read_frames
from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.job import FINAL, EventKind, JobEvent, JobKind, JobOrder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.post.measure import Image
from tokenflow_studio.worker.client import WorkerClient
from tokenflow_studio.worker.session import WorkerSession

Show = Callable[[str, JobEvent], None]
"""Receives the title of a run and each of its events."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished edit: its folder, and what its report says.

    network_rows: rows of network calls by "source" and "edit"; seconds: by stage, loading of the
    model left out; prompt_match: None where no scorer lies beside the demo model.
    """

    folder: Path
    network_rows: dict[str, int]
    seconds: dict[str, float]
    settings: dict[str, Any]
    prompt_match: float | None

    def frames(self, size: tuple[int, int]) -> list[Image]:
        """The model's pictures (H, W, 3), 0 to 1, at that (width, height).

        Not the finished frames: where nothing was edited those are the plate's own, to the bit, and
        would hide what the model loses there.
        """
        return made_frames(self.folder, size)


def made_folder(take: Path) -> Path:
    """Where a take keeps what the model made, after the deflicker where it was asked for."""
    steady = take / "steady"
    return steady if steady.is_dir() else take / "model"


def made_frames(take: Path, size: tuple[int, int]) -> list[Image]:
    """What the model made (H, W, 3), 0 to 1, at that (width, height)."""
    frames = read_frames(str(made_folder(take)))
    if frames and frames[0].shape[1::-1] != size:
        resized = (cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in frames)
        return [np.asarray(frame, np.float32) for frame in resized]
    return frames


class Runner:
    """A worker whose cache and takes lie below `folder`; it starts with the first run.

    A context manager; at the end the worker is closed.
    """

    def __init__(self, folder: Path, show: Show) -> None:
        self._folder = folder.absolute()
        self._show = show
        self._session = WorkerSession(self._launch)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def run(self, title: str, request: EditRequest, kind: JobKind = JobKind.EDIT) -> Run:
        """Compute the request. Raises BadInput, JobFailed or WorkerLost."""
        for event in self._session.run(JobOrder(request=request, kind=kind)):
            self._show(title, event)
            if event.kind is EventKind.DONE:
                return _read(Path(event.folder))
            if event.kind in FINAL:
                fault = BadInput if event.exit_code == BadInput.exit_code else JobFailed
                raise fault(f"{title}: {event.message}")
        raise JobFailed(f"{title}: the job ended without a result, start it again.")

    def forget(self) -> None:
        """Remove the cache: the next run computes everything, and disks stay small."""
        shutil.rmtree(self._folder / "cache", ignore_errors=True)

    def discard(self) -> None:
        """Remove the cache and every take, so that nothing at all is there."""
        self.forget()
        shutil.rmtree(self._folder / "takes", ignore_errors=True)

    def _launch(self) -> WorkerClient:
        folders = {"TOKENFLOW_CACHE": "cache", "TOKENFLOW_TAKES": "takes"}
        with _environment({name: str(self._folder / part) for name, part in folders.items()}):
            return WorkerClient.launch()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """A worker inherits this process's environment when it starts; afterwards it is as before."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _read(folder: Path) -> Run:
    try:
        report = json.loads((folder / "report.json").read_bytes())
        return Run(folder, report["network_rows"], report["seconds"], report["settings"],
                   report["measures"].get("prompt_match"))  # fmt: skip
    except (OSError, ValueError, KeyError) as error:
        raise JobFailed(f"The report of {folder} cannot be read ({error}): start again.") from error
