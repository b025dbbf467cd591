"""Media references: which file a clip means, and which of its frames."""

import dataclasses
import re
from fractions import Fraction
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import unquote, urlsplit

import opentimelineio as otio

from bridge.timeline.shots import Media
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.patterns import Pattern
from tokenflow_studio.media.signatures import IMAGE_SUFFIXES

_NUMBER = re.compile(r"(\d+)(\.[A-Za-z0-9]+)$")
_DRIVE = re.compile(r"/?[A-Za-z]:[/\\]")
_NTSC = (24, 30, 48, 60, 120)


def exact_rate(rate: float) -> Fraction:
    """Frames per second without rounding: 23.976, 23.98 and 29.97 mean n x 1000/1001."""
    for whole in _NTSC:
        if abs(rate - whole / 1.001) < 0.006:
            return Fraction(whole * 1000, 1001)
    return Fraction(rate).limit_denominator(1001)


def timecode_of(time: otio.opentime.RationalTime, rate: Fraction) -> str | None:
    """`hh:mm:ss:ff` of a time at `rate`, drop-frame where the rate has one; None below zero."""
    if time.value < 0:
        return None
    at_rate = otio.opentime.RationalTime(time.rescaled_to(float(rate)).value, float(rate))
    try:
        return otio.opentime.to_timecode(at_rate, float(rate), drop_frame=None)
    except (ValueError, TypeError):
        return None


def media_of(reference: Any, folder: Path, rate: Fraction) -> tuple[Media | None, str]:
    """The media behind an OTIO reference and, where there is none, a sentence that says why.

    folder: what relative names are relative to; rate: where the reference does not tell it.
    """
    available = getattr(reference, "available_range", None)
    rate = exact_rate(available.start_time.rate) if available else rate
    start = timecode_of(available.start_time, rate) if available else None
    if isinstance(reference, otio.schema.ImageSequenceReference):
        return _sequence(reference, folder, rate, start)
    if isinstance(reference, otio.schema.GeneratorReference):
        made_by = reference.generator_kind or "without name"
        return None, f"It is made by a generator ({made_by}), not from a file."
    if not isinstance(reference, otio.schema.ExternalReference):
        return None, "It names no media file."
    url = reference.target_url or ""
    path = local_path(url, folder)
    if path is None:
        return None, f"Its media is not a file ({url})."
    count = round(available.duration.value) if available else 0
    return Media(*_numbered(path, count), rate, start), ""


def _numbered(path: str, count: int) -> tuple[str, FrameRange | None]:
    """Path or pattern, and its file numbers where name or reference tell them."""
    pattern = Pattern.parse(path)
    if pattern is not None:
        ranged = pattern.frames
        return str(dataclasses.replace(pattern, frames=None)), ranged
    number = _NUMBER.search(path)
    if number is None or number[2].lower() not in IMAGE_SUFFIXES:
        return path, FrameRange(0, count - 1) if count > 0 else None
    first = int(number[1])
    spec = f"{path[: number.start()]}{'#' * len(number[1])}{number[2]}"
    return spec, FrameRange(first, first + count - 1) if count > 0 else None


def _sequence(
    reference: otio.schema.ImageSequenceReference, folder: Path, rate: Fraction, start: str | None
) -> tuple[Media | None, str]:
    base = reference.target_url_base
    joined = base if not base or base.endswith(("/", "\\")) else base + "/"
    path = local_path(joined, folder)
    if path is None:
        return None, f"Its media is not a row of files ({base})."
    place = "#" * max(reference.frame_zero_padding, 1)
    name = f"{reference.name_prefix}{place}{reference.name_suffix}"
    count = reference.number_of_images_in_sequence() if reference.available_range else 0
    first = reference.start_frame
    last = first + (count - 1) * reference.frame_step
    frames = FrameRange(first, last) if count > 0 else None
    separator = "" if path.endswith(("/", "\\")) else "/"
    own_rate = exact_rate(reference.rate) if reference.rate else rate
    return Media(f"{path}{separator}{name}", frames, own_rate, start), ""


def local_path(url: str, folder: Path) -> str | None:
    """The path that a URL or a bare path means, spelled for its own system; None for none.

    `file://localhost/D%3a/x` is D:/x, `file://server/share` is //server/share.
    """
    if not url:
        return None
    if _DRIVE.match(url) or url.startswith("\\\\"):
        return str(PureWindowsPath(url.lstrip("/")))
    parts = urlsplit(url)
    if parts.scheme not in ("", "file"):
        return None
    path = unquote(parts.path) if parts.scheme else url
    if parts.netloc not in ("", "localhost"):
        return f"//{parts.netloc}{path}"
    if _DRIVE.match(path):
        return str(PureWindowsPath(path.lstrip("/")))
    return path if PurePosixPath(path).is_absolute() else str(folder / path)
