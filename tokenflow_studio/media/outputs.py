"""Where a result goes: a pattern of image files, or a movie."""

import errno
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import writing_error
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.patterns import Pattern

_IMAGES = (".exr", ".png")
_MOVIES = (".mp4", ".mov")


@dataclass(frozen=True, slots=True)
class Output:
    """A parsed output: `pattern` for image files, `movie` for one file; the other is None."""

    spec: str
    pattern: Pattern | None
    movie: Path | None

    @property
    def is_movie(self) -> bool:
        """Whether all frames go into one file."""
        return self.movie is not None

    @property
    def is_exr(self) -> bool:
        """Whether the frames are OpenEXR files."""
        return self.pattern is not None and self.pattern.suffix.lower() == ".exr"

    @property
    def folder(self) -> Path:
        """The folder that the files lie in; it need not exist yet."""
        return self.pattern.folder if self.pattern else Path(self.spec).parent

    def path(self, frame: int) -> Path:
        """The file of one frame; for a movie, the movie."""
        return self.pattern.path(frame) if self.pattern else Path(self.spec)

    def check_apart(self, clip: Clip, frames: Iterable[int]) -> None:
        """Raise BadInput if writing `frames` (output numbers) would touch the clip's own files.

        Links are followed: two names of one file are the same file.
        """
        files = {clip.source_file(frame) for frame in clip.info.frames}
        sources = {_identity(path) for path in files} - {None}
        source = clip.source_file(clip.info.frames[0])
        targets = {self.path(frame) for frame in frames}
        clash = next((path for path in targets if _identity(path) in sources), None)
        if clash is None and self._continues(clip, source):
            clash = self.path(clip.info.frames[0])
        if clash is not None:
            raise BadInput(
                f"The output {clash} lies on the source clip, which is never written to: "
                "choose another name or folder."
            )

    def _continues(self, clip: Clip, source: Path) -> bool:
        """Whether the output's files would join the source's own sequence."""
        if self.pattern is None or clip.info.kind != "sequence":
            return False
        same_folder = os.path.realpath(self.folder) == os.path.realpath(source.parent)
        return same_folder and self.path(clip.info.frames[0]).name == source.name


def parse_output(spec: str) -> Output:
    """Read `out/wolf.####.png`, `.exr`, `out/wolf.mp4` or `.mov`.

    Raises BadInput for any other name and for a folder that cannot be written; makes nothing.
    """
    path = Path(os.path.abspath(Path(spec).expanduser()))  # noqa: PTH100 - keeps links as given
    suffix = path.suffix.lower()
    if suffix not in _IMAGES + _MOVIES or "\0" in spec:
        raise BadInput(
            f"The output '{spec}' must be a pattern ending in .exr or .png, such as "
            "out.####.png, or a .mp4 or .mov file."
        )
    pattern = Pattern.parse(str(path)) if suffix in _IMAGES else None
    if suffix in _IMAGES and (pattern is None or pattern.frames is not None):
        raise BadInput(
            f"The output '{spec}' has no place for frame numbers: write it as "
            f"{path.stem.split('[')[0].rstrip('._')}.####{suffix}."
        )
    if path.is_dir():
        raise BadInput(f"The output {path} is a folder: name a file in it.")
    _check_writable(path)
    return Output(str(pattern or path), pattern, None if pattern else path)


def _check_writable(path: Path) -> None:
    """Try the nearest folder that exists: rights alone do not tell of read-only disks."""
    folder = path.parent
    while not os.path.lexists(folder):
        folder = folder.parent
    try:
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder")
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise writing_error(path, error) from error


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
