"""File names that people choose in dialogs, as the clip specs and output patterns they mean."""

import re
from pathlib import Path

from tokenflow_studio.media.patterns import Pattern

_NUMBER = re.compile(r"(?P<before>.*?[._-]|)(?P<digits>\d+)(?P<suffix>\.[A-Za-z0-9]+)")
_IMAGES = frozenset({".exr", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".dpx"})


def as_sequence(path: str) -> str:
    """The pattern that a numbered image belongs to if its neighbours are there; else the path."""
    chosen = Path(path)
    match = _NUMBER.fullmatch(chosen.name)
    if match is None or chosen.suffix.lower() not in _IMAGES:
        return path
    digits = match["digits"]
    neighbours = (
        chosen.with_name(f"{match['before']}{number:0{len(digits)}d}{match['suffix']}")
        for number in (int(digits) - 1, int(digits) + 1)
        if number >= 0
    )
    if not any(neighbour.exists() for neighbour in neighbours):
        return path
    place = "#" * (len(digits) if digits.startswith("0") or len(digits) > 1 else 1)
    return str(chosen.with_name(f"{match['before']}{place}{match['suffix']}"))


def clip_name(spec: str) -> str:
    """What a clip is called on screen: a movie's name, a sequence's, or its folder's."""
    pattern = Pattern.parse(spec)
    return Path(spec).stem if pattern is None else pattern.name


def export_name(clip: str, version: int) -> str:
    """What a take's files are called when nothing else was chosen, without number and suffix."""
    return f"{clip}_take{version:02d}"
