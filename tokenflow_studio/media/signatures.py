"""What a file really is, read from its first bytes; names alone are never believed."""

import os
import stat
from pathlib import Path

from tokenflow_studio.core.errors import BadInput

# Format names as OpenImageIO and FFmpeg call them, so that readers can be told what to expect.
IMAGES = {
    "openexr": ("EXR image", {".exr"}),
    "png": ("PNG image", {".png"}),
    "jpeg": ("JPEG image", {".jpg", ".jpeg"}),
    "tiff": ("TIFF image", {".tif", ".tiff"}),
    "dpx": ("DPX image", {".dpx"}),
}
MOVIES = {
    "mov": ("QuickTime or MP4 movie", {".mp4", ".mov", ".m4v"}),
    "matroska": ("Matroska or WebM movie", {".mkv", ".webm"}),
    "avi": ("AVI movie", {".avi"}),
    "mxf": ("MXF movie", {".mxf"}),
    "mpegts": ("MPEG transport stream", {".ts", ".mts", ".m2ts"}),
}
IMAGE_SUFFIXES = frozenset[str]().union(*(suffixes for _, suffixes in IMAGES.values()))
MOVIE_SUFFIXES = frozenset[str]().union(*(suffixes for _, suffixes in MOVIES.values()))

_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PREFIXES = (
    (b"\x76\x2f\x31\x01", "openexr"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"SDPX", "dpx"),
    (b"XPDS", "dpx"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"\x06\x0e\x2b\x34", "mxf"),
)
_LISTS = (b"#EXTM3U", b"ffconcat", b"<?xml", b"<MPD")


def recognise(path: Path) -> str:
    """The format of the file: a key of IMAGES or MOVIES.

    Raises BadInput for a missing or empty file, for anything but a regular file (without waiting
    on it), and where content and name disagree.
    """
    head = _head(path)
    found = _format(head)
    suffix = path.suffix.lower()
    if found is None:
        listed = head.lstrip().startswith(_LISTS)
        content = "a list of other files" if listed else "text" if _is_text(head) else "other data"
        raise BadInput(
            f"{path} holds {content}, no picture that can be read: "
            "give a movie (mp4, mov, mkv, mxf, avi) or images (exr, png, tif, jpg, dpx)."
        )
    noun, suffixes = {**IMAGES, **MOVIES}[found]
    # Movie containers answer to many names; an image, or a movie named as an image, does not.
    if suffix not in suffixes and not (found in MOVIES and suffix not in IMAGE_SUFFIXES):
        raise BadInput(
            f"{path} is named {suffix or 'without ending'} but holds a {noun}: rename it."
        )
    return found


def check_regular(path: Path) -> os.stat_result:
    """The status of a regular, non-empty file; raises BadInput for anything else."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist: check the path.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be opened ({_reason(error)}): check the path.") from error
    if not stat.S_ISREG(status.st_mode):
        raise BadInput(f"{path} is no regular file: give a movie or image file.")
    if status.st_size == 0:
        raise BadInput(f"{path} is an empty file: copy or render it again.")
    return status


def _head(path: Path) -> bytes:
    check_regular(path)
    try:
        with path.open("rb") as file:
            return file.read(400)
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({_reason(error)}): check its rights.") from error


def _format(head: bytes) -> str | None:
    for prefix, name in _PREFIXES:
        if head.startswith(prefix):
            return name
    if head[4:8] in _BOXES:
        return "mov"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    packets = [head[:1], head[188:189], head[4:5], head[196:197]]
    if b"\x47" in head[:5] and (packets[:2] == [b"\x47"] * 2 or packets[2:] == [b"\x47"] * 2):
        return "mpegts"
    return None


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and all(byte >= 9 for byte in head)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
