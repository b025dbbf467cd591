"""Small pictures of what was opened lately, kept as files between two starts."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from tokenflow_studio.core.errors import JobFailed
from tokenflow_studio.core.files import replacing
from tokenflow_studio.core.paths import state_folder

SIZE = QSize(288, 162)  # pixels: sharp at twice the size of a tile


def keep_picture(image: QImage, path: str) -> None:
    """Write a picture for that project or clip. Raises as `core.files.replacing`."""
    crop = Qt.AspectRatioMode.KeepAspectRatio
    small = image.scaled(SIZE, crop, Qt.TransformationMode.SmoothTransformation)
    with replacing(_file(path)) as temporary:
        if not small.save(str(temporary), "JPG", 85):  # pyright: ignore[reportArgumentType, reportCallIssue]
            raise JobFailed(f"{temporary} could not be written: try again.")


def read_pictures(paths: tuple[str, ...]) -> dict[str, QImage]:
    """The pictures that there are, by project or clip."""
    found = {path: QImage(str(_file(path))) for path in paths if _file(path).is_file()}
    return {path: image for path, image in found.items() if not image.isNull()}


def drop_pictures(paths: tuple[str, ...]) -> None:
    """Remove the pictures of all but these."""
    kept = {_file(path) for path in paths}
    for file in _folder().glob("*.jpg"):
        if file not in kept:
            file.unlink(missing_ok=True)


def _folder() -> Path:
    return state_folder() / "recent"


def _file(path: str) -> Path:
    name = hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
    return _folder() / f"{name}.jpg"
