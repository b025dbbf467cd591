"""What a host rendered for a package: it may lie deeper than asked, and under other numbers."""

from pathlib import Path

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import writing_error
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.patterns import Pattern

_SUFFIXES = (".exr", ".png")


def gathered(folder: Path, frames: FrameRange) -> str:
    """Name the files below `folder`, in their order, by the numbers of `frames`; gives the pattern.

    What lies on disk counts, not what a host says of its render. Raises BadInput where the number
    of files is another.
    """
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
    if len(found) != len(frames) or len({path.suffix.lower() for path in found}) != 1:
        raise BadInput(
            f"{len(found)} frames were rendered, not {len(frames)} ({folder}): "
            "look at the host's render, and send the shot again."
        )
    pattern = Pattern(folder, "plate.", 4, found[0].suffix.lower())
    try:
        # Twice, since a file may have the name that another one gets.
        for frame, path in zip(frames, found, strict=True):
            path.rename(pattern.path(frame).with_suffix(".taken"))
        for frame in frames:
            pattern.path(frame).with_suffix(".taken").rename(pattern.path(frame))
    except OSError as error:
        raise writing_error(folder, error) from error
    return str(pattern)
