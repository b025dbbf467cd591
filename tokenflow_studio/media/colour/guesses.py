"""What footage is encoded in, by what the file says and else by custom."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.colour.config import is_linear, open_config, resolve, space_names
from tokenflow_studio.media.image_headers import ColourHints

_CLOSE = 0.002  # chromaticities are often written with three digits
_LIGHT = ("lin_rec709_scene", "scene_linear")
_DISPLAY = ("srgb_rec709_display", "color_picking")
_VIDEO = ("rec1886_rec709_display", "Rec.1886 Rec.709 - Display", *_DISPLAY)
# By the transfer codes of ITU-T H.273, of which most are plain video.
_TRANSFERS = {
    8: ("lin_rec709_scene", "scene_linear"),
    13: _DISPLAY,
    16: ("pq_rec2020_display", "Rec.2100-PQ - Display"),
    18: ("hlg_rec2020_display", "Rec.2100-HLG - Display"),
}
_REC2020 = 9


@dataclass(frozen=True, slots=True)
class InputSpace:
    """A colour space by its name in the configuration, and what speaks for it.

    is_guess: custom alone speaks for it, so that it should be shown and checked.
    """

    name: str
    reason: str
    is_guess: bool


def input_space(wanted: str | None, path: Path, hints: ColourHints, config: str) -> InputSpace:
    """The space that the user names, else what the file says, else what is custom for its kind.

    Raises BadInput for a name that the configuration does not have, and for a configuration
    without any space for the kind of file.
    """
    if wanted is not None:
        return InputSpace(resolve(wanted, config), "it was chosen", is_guess=False)
    for name, reason in _told(path, hints, config):
        found = _known(name, config)
        if found is not None:
            return InputSpace(found, reason, is_guess=False)
    names, reason = _custom(hints)
    for name in names:
        found = _known(name, config)
        if found is not None:
            return InputSpace(found, reason, is_guess=True)
    raise BadInput(f"{config} has no colour space for {path.name}: name one with --colour.")


def _told(path: Path, hints: ColourHints, config: str) -> list[tuple[str, str]]:
    """Names that the file itself gives, the most certain first."""
    told = [(hints.space, "the file names it")] if hints.space else []
    if hints.chromaticities is not None:
        told += [
            (name, "its chromaticities") for name in _with_primaries(hints.chromaticities, config)
        ]
    token = open_config(config).parseColorSpaceFromString(path.name)
    if token and _stands_alone(token, path.name, config):
        told.append((token, "the file's name"))
    if hints.transfer in _TRANSFERS:
        told += [(name, "its colour tags") for name in _TRANSFERS[hints.transfer]]
    elif hints.transfer is not None and hints.primaries == _REC2020:
        told.append(("rec1886_rec2020_display", "its colour tags"))
    elif hints.transfer is not None and not hints.is_untagged:
        told += [(name, "its colour tags") for name in _VIDEO]
    return told


def _stands_alone(space: str, name: str, config: str) -> bool:
    """Whether the name of the space, or another one of it, is a word of its own in a file's name:
    "drawn" says nothing of raw data."""
    words = [space, *open_config(config).getAliases(space)]
    return any(
        re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", name, re.IGNORECASE)
        for word in words
    )


def _with_primaries(chromaticities: tuple[float, ...], config: str) -> list[str]:
    """Linear spaces of these primaries and this white."""
    opened = open_config(config)
    found = []
    for name in space_names(config):
        known = opened.get_chromaticities(name) if is_linear(name, config) else None
        if known and np.abs(np.subtract(known, chromaticities)).max() < _CLOSE:
            found.append(name)
    return found


def _custom(hints: ColourHints) -> tuple[tuple[str, ...], str]:
    if hints.is_light:
        return _LIGHT, "the custom for floating-point images"
    if hints.is_film_log:
        return ("ADX10", "compositing_log", *_DISPLAY), "the custom for film scans"
    if hints.transfer is not None:
        return _VIDEO, "the custom for movies without colour tags"
    return _DISPLAY, "the custom for images"


def _known(name: str, config: str) -> str | None:
    try:
        return resolve(name, config)
    except BadInput:
        return None
