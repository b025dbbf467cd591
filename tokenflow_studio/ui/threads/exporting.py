"""Copying a finished take out of the takes folder. Nothing that exists is ever replaced."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing
from tokenflow_studio.ui.threads.cache import frame_file

if TYPE_CHECKING:
    from tokenflow_studio.media.clips import Clip
    from tokenflow_studio.media.curves import Image

PREVIEWED = 3  # names that a preview lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is copied of a take. home: its folder, pictures: that of its frames; frames: file
    numbers, ascending; output: a pattern, a movie, or a folder for PNG files; start: number of the
    first file, None for the frames' own; view: of the display, for what is made from
    scene-referred plates, None for the usual one; rate: of a movie.
    """

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

    Image files of the kind that the take keeps as plates are those plates, bit by bit. Raises
    BadInput for a name that cannot be used and for files that are there already.
    """
    paths = export.paths()
    taken = next((path for path in paths if path.exists()), None)
    if taken is not None:
        raise BadInput(f"{taken} is there already: choose another name or folder.")
    suffix = Path(export.spec).suffix.lower()
    plates = _plates(export)
    if suffix in (".mp4", ".mov"):
        from tokenflow_studio.media.encoding import write_movie

        write_movie(paths[0], _displayed(export, plates), export.rate)
    elif plates is not None and plates.suffix == suffix:
        for frame, path in zip(export.frames, paths, strict=True):
            _copy(plates.with_name(f"{frame:04d}{suffix}"), path)
    else:
        _write_pictures(export, paths, suffix, plates)
    return export.spec


def _write_pictures(export: Export, paths: list[Path], suffix: str, plates: Path | None) -> None:
    from tokenflow_studio.media.stills import write_exr, write_png

    if suffix == ".png" and plates is None:
        for frame, path in zip(export.frames, paths, strict=True):
            _copy(frame_file(export.pictures, frame), path)
        return
    for path, picture in zip(paths, _displayed(export, plates), strict=True):
        if suffix == ".exr":
            write_exr(path, picture, rate=export.rate)
        else:
            write_png(path, picture, deep=True)


def _plates(export: Export) -> Path | None:
    """The first plate that the take keeps, if it keeps any."""
    folder = Path(export.home, "plates")
    number = f"{export.frames[0]:04d}" if export.frames else ""
    return next(folder.glob(f"{number}.*"), None)


def _displayed(export: Export, plates: Path | None) -> "Iterator[Image]":
    """The frames as a display shows them: scene-referred plates through the view."""
    from tokenflow_studio.media.clips import open_clip

    if plates is not None:
        pattern = str(plates.with_name(f"####{plates.suffix}"))
        with open_clip(pattern, colour=_colour(export), missing="hold") as clip:
            if clip.info.is_scene_linear:
                yield from _viewed(clip, export)
                return
    for frame in export.frames:
        with open_clip(str(frame_file(export.pictures, frame))) as still:
            yield still.read(still.info.frames[0])


def _viewed(clip: "Clip", export: Export) -> "Iterator[Image]":
    from tokenflow_studio.media.colour.views import choose_view, displayed
    from tokenflow_studio.post.plate.windows import reframed

    info = clip.info
    view = choose_view(export.view, info.config)
    for frame in export.frames:
        plate = clip.read_plate(frame)
        whole = reframed(plate.colour, plate.data, plate.display)
        yield displayed(whole, info.space.name, view, info.config)


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
