"""Copying a finished take out of the takes folder. Nothing that exists is ever replaced."""

import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing
from tokenflow_studio.ui.threads.cache import frame_file

if TYPE_CHECKING:
    from tokenflow_studio.media.curves import Image


def export_take(folder: str, frames: tuple[int, ...], output: str, rate: Fraction) -> str:
    """Write a take's frames to `output`: a pattern of images, a movie, or a folder for PNGs.

    Returns where they are, for people. Raises BadInput for a name that cannot be used and for
    files that are there already.
    """
    # Imported here, on the disk thread: these would cost the window's start half a second.
    from tokenflow_studio.media.outputs import parse_output

    spec = output if Path(output).suffix else str(Path(output, "####.png"))
    target = parse_output(spec)
    paths = [target.path(frame) for frame in frames]
    taken = next((path for path in paths if path.exists()), None)
    if taken is not None:
        raise BadInput(f"{taken} is there already: choose another name or folder.")
    if target.is_movie:
        _write_movie(paths[0], folder, frames, rate)
    elif target.is_exr:
        _write_exr(paths, folder, frames)
    else:
        for frame, path in zip(frames, paths, strict=True):
            with replacing(path) as temporary:
                shutil.copyfile(frame_file(folder, frame), temporary)
    return target.spec


def _write_movie(path: Path, folder: str, frames: tuple[int, ...], rate: Fraction) -> None:
    from tokenflow_studio.media.encoding import write_movie

    write_movie(path, _pictures(folder, frames), rate)


def _write_exr(paths: list[Path], folder: str, frames: tuple[int, ...]) -> None:
    from tokenflow_studio.media.stills import write_exr

    for path, picture in zip(paths, _pictures(folder, frames), strict=True):
        write_exr(path, picture)


def _pictures(folder: str, frames: tuple[int, ...]) -> "Iterator[Image]":
    from tokenflow_studio.media.clips import open_clip

    for frame in frames:
        with open_clip(str(frame_file(folder, frame))) as still:
            yield still.read(still.info.frames[0])
