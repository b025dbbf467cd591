"""Pictures of the viewer as files."""

from pathlib import Path

from PySide6.QtGui import QImage

from tokenflow_studio.core.errors import JobFailed
from tokenflow_studio.core.files import replacing
from tokenflow_studio.core.paths import takes_folder


def write_snapshot(image: QImage, clip: str, name: str) -> Path:
    """Write the picture as a PNG among the clip's takes, under a name that is free; returns it."""
    folder = takes_folder() / clip / "snapshots"
    path, number = folder / f"{name}.png", 1
    while path.exists():
        number += 1
        path = folder / f"{name}_{number}.png"
    with replacing(path) as temporary:
        if not image.save(str(temporary), "PNG"):  # pyright: ignore[reportArgumentType, reportCallIssue]
            raise JobFailed(f"{path} could not be written: try again.")
    return path
