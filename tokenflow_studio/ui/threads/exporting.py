"""Copying a finished take out of the takes folder. Nothing that exists is ever replaced."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.ui.threads.cache import frame_file

if TYPE_CHECKING:
    from tokenflow_studio.media.plates import Plate
    from tokenflow_studio.post.plate.writing import Finished, Rendition

PREVIEWED = 3  # names that a preview lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is copied of a take.

    request: what made it, of the clip where it lies now; home: its folder, pictures: that of its
    frames; frames: file numbers, ascending; output: a pattern, a movie, or a folder for PNG files;
    start: number of the first file, None for the frames' own; view: of the display, for what is
    made from scene-referred plates, None for the usual one; rate: of a movie.
    """

    request: EditRequest
    home: str
    pictures: str
    frames: tuple[int, ...]
    output: str
    rate: Fraction
    start: int | None = None
    view: str | None = None

    @property
    def spec(self) -> str:
        """The output as a pattern or a movie."""
        return self.output if Path(self.output).suffix else str(Path(self.output, "####.png"))

    def paths(self) -> list[Path]:
        """The files, one for each frame; of a movie, that file alone.

        Raises BadInput for a name that cannot be used.
        """
        # Imported here, on the disk thread: it would cost the window's start half a second.
        from tokenflow_studio.media.outputs import parse_output

        target = parse_output(self.spec)
        if target.is_movie:
            return [target.path(0)]
        first = self.frames[0] if self.frames else 0
        shift = 0 if self.start is None else self.start - first
        return [target.path(frame + shift) for frame in self.frames]


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """The first names and the last one, how many there are, what exists already, what is wrong."""

    names: tuple[str, ...]
    count: int
    taken: str = ""
    wrong: str = ""


def preview_export(export: Export) -> ExportPreview:
    """What an export would write. Never raises."""
    try:
        paths = export.paths()
    except BadInput as error:
        return ExportPreview((), 0, wrong=str(error))
    names = [path.name for path in paths]
    shown = names if len(names) <= PREVIEWED else [*names[: PREVIEWED - 1], names[-1]]
    taken = next((path.name for path in paths if path.exists()), "")
    return ExportPreview(tuple(shown), len(names), taken)


def export_take(export: Export) -> str:
    """Write the files; returns where they are, for people.

    Image files of the kind that the take keeps as plates are those plates, bit by bit; all others
    are what a job writes. Raises BadInput for a name that cannot be used, for files that are there
    already, and for a movie's take where the movie cannot be read.
    """
    paths = export.paths()
    taken = next((path for path in paths if path.exists()), None)
    if taken is not None:
        raise BadInput(f"{taken} is there already: choose another name or folder.")
    suffix = Path(export.spec).suffix.lower()
    plates = _plates(export)
    if plates is not None and plates.suffix == suffix:
        for frame, path in zip(export.frames, paths, strict=True):
            _copy(plates.with_name(f"{frame:04d}{suffix}"), path)
        return export.spec
    with _finished(export, plates) as (rendition, frames):
        _write(export, paths, rendition, frames)
    return export.spec


def _write(
    export: Export, paths: list[Path], rendition: "Rendition", frames: "Iterator[Finished]"
) -> None:
    from tokenflow_studio.media.outputs import parse_output
    from tokenflow_studio.post.plate.writing import is_as_shown, write_as_image, write_as_movie

    if parse_output(export.spec).is_movie:
        write_as_movie(paths[0], frames, rendition)
        return
    for finished, path in zip(frames, paths, strict=True):
        if path.suffix.lower() == ".png" and is_as_shown(finished.plate, rendition.clip):
            _copy(frame_file(export.pictures, finished.frame), path)
        else:
            write_as_image(path, finished, rendition)


def _plates(export: Export) -> Path | None:
    """The first plate that the take keeps, if it keeps any."""
    folder = Path(export.home, "plates")
    number = f"{export.frames[0]:04d}" if export.frames else ""
    return next(folder.glob(f"{number}.*"), None)


@contextmanager
def _finished(
    export: Export, plates: Path | None
) -> "Iterator[tuple[Rendition, Iterator[Finished]]]":
    """The take's frames as a job would write them: its plates, or the clip's in its colour."""
    from tokenflow_studio.media.clips import open_clip
    from tokenflow_studio.media.images import seen
    from tokenflow_studio.media.requested import open_requested
    from tokenflow_studio.post.plate.writing import Finished, Rendition

    if plates is None:
        opened = open_requested(export.request)
    else:
        pattern = str(plates.with_name(f"####{plates.suffix}"))
        opened = open_clip(pattern, rate=export.rate, colour=_colour(export), missing="hold")
    with opened as clip:

        def frames() -> "Iterator[Finished]":
            for frame in export.frames:
                plate = clip.read_plate(frame)
                made = plate if plates is not None else _remade(export, plate, frame)
                picture = seen(made, clip.info.space.name, clip.info.config)[0]
                yield Finished(frame, plate, made, picture)

        recipe = export.request.recipe
        yield Rendition(clip, export.frames, export.rate, export.view, recipe), frames()


def _remade(export: Export, plate: "Plate", frame: int) -> "Plate":
    from tokenflow_studio.post.plate.codes import with_codes, with_picture

    codes = frame_file(str(Path(export.home, "codes")), frame)
    if codes.exists():
        return with_codes(plate, codes)
    return with_picture(plate, frame_file(export.pictures, frame))


def _colour(export: Export) -> str | None:
    """The colour space that the job took the clip for, as its report tells."""
    try:
        report = json.loads(Path(export.home, "report.json").read_bytes())
        return report["settings"]["colour"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _copy(source: Path, target: Path) -> None:
    with replacing(target) as temporary:
        copyfile(source, temporary)
