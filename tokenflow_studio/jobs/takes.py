"""Takes and previews on disk: one folder each, never overwritten by another request."""

import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing, sweep_temporaries, write_atomically
from tokenflow_studio.core.job import JobKind, JobOrder
from tokenflow_studio.core.paths import cache_folder, takes_folder
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.jobs.keys import key_of

REPORT = "report.json"
MOVIE = "plates.mov"
_VERSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Take:
    """A folder that receives one result; `key` says of which request on which content.

    By file number it holds `model/####.png`, what the model made, 16 bits deep and at its own
    size; `frames/####.png`, the finished frames to look at; and where the clip is image files,
    `plates/`, the finished plates, of the same kind as the clip's; of a movie `codes/`, where its
    pictures do not hold all of it (see `post.plate.codes`), and `plates.mov`, where that was
    ordered. Then request.json, report.json, log.txt, contact_sheet.png, and of a whole take
    side_by_side.mp4.
    """

    folder: Path
    key: str

    @property
    def frames(self) -> Path:
        return self.folder / "frames"

    def frame(self, number: int) -> Path:
        """The picture file of one frame."""
        return self.frames / f"{number:04d}.png"

    def model_picture(self, number: int) -> Path:
        """What the model made of one frame."""
        return self.folder / "model" / f"{number:04d}.png"

    def plate(self, number: int, suffix: str) -> Path:
        """The finished plate of one frame."""
        return self.folder / "plates" / f"{number:04d}{suffix}"

    @property
    def movie(self) -> Path:
        """The finished frames of a movie."""
        return self.folder / MOVIE

    def codes(self, number: int) -> Path:
        """The codes of one finished frame."""
        return self.folder / "codes" / f"{number:04d}.png"

    @contextmanager
    def log(self) -> Iterator[None]:
        """What the program logs meanwhile also goes into the take's log.txt."""
        handler = logging.FileHandler(self.folder / "log.txt", encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger = logging.getLogger("tokenflow_studio")
        level = logger.level
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
            handler.close()

    def sweep(self) -> None:
        """Remove temporary files of workers that were killed while they wrote."""
        for name in ("", "frames", "model", "plates", "codes"):
            sweep_temporaries(self.folder / name)

    def report(self) -> dict[str, Any]:
        """What the report says so far."""
        return _read_report(self.folder)

    def write_report(self, **entries: object) -> None:
        """Add entries to the report, replacing those of the same name."""
        report = {**self.report(), "key": self.key, **entries}
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        write_atomically(self.folder / REPORT, text.encode())

    def write_request(self, request: EditRequest) -> None:
        """Keep the request beside the result."""
        text = json.dumps(json.loads(request.to_json()), indent=2, ensure_ascii=False) + "\n"
        write_atomically(self.folder / "request.json", text.encode())


def open_take(clip_name: str, key: str, root: str = "", least_version: int = 1) -> Take:
    """The take of this key: the one begun before, or the clip's next version (v001, v002 …).

    A version is claimed by making its folder, so two jobs never get the same one. root: where takes
    lie, empty for the takes folder; least_version: number of the first one in there.
    """
    clip_folder = (Path(root) if root else takes_folder()) / clip_name
    for folder in _versions(clip_folder):
        if _read_report(folder).get("key") == key:
            return Take(folder, key)
    clip_folder.mkdir(parents=True, exist_ok=True)
    last = max((int(folder.name[1:]) for folder in _versions(clip_folder)), default=0)
    for version in range(max(last + 1, least_version), _VERSIONS):
        folder = clip_folder / f"v{version:03d}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        take = Take(folder, key)
        take.write_report(state="working")
        return take
    raise BadInput(f"{clip_folder} is full: remove takes that you no longer need.")


def open_result(order: JobOrder, clip_name: str, *content: str) -> Take:
    """The take or preview of an order whose result depends on that content too."""
    key = key_of(*content, order.request.to_json())
    if order.kind is JobKind.KEYFRAMES:
        return open_preview(key)
    return open_take(clip_name, key, order.takes, order.least_version)


def open_preview(key: str) -> Take:
    """The preview of this key; it lies in the cache."""
    take = Take(cache_folder() / "previews" / key, key)
    take.write_report(state=take.report().get("state", "working"))
    return take


def _versions(clip_folder: Path) -> Iterator[Path]:
    for folder in sorted(clip_folder.glob("v[0-9]*")):
        if folder.name[1:].isdigit() and folder.is_dir():
            yield folder


def _read_report(folder: Path) -> dict[str, Any]:
    try:
        report = json.loads((folder / REPORT).read_bytes())
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}


def hand_over(source: Path, target: Path) -> None:
    """Put a finished file at `target`: a hard link where the disk allows, else a copy."""
    with replacing(target) as temporary:
        temporary.unlink()
        try:
            os.link(source, temporary)
        except OSError:
            shutil.copyfile(source, temporary)
