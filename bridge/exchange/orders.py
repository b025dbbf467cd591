"""What a package means for an edit: the fields of the request, and the numbers of the take."""

import os
from pathlib import Path
from typing import Any

from bridge.exchange.manifest import Manifest
from bridge.exchange.packages import Package, open_package
from bridge.exchange.passages import numbered
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import AlphaMode, Fill
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.settings import read_settings
from tokenflow_studio.media.colour.config import config_name, resolve
from tokenflow_studio.media.signatures import MOVIE_SUFFIXES


def open_here(path: Path) -> Package:
    """Open a package by the path roots and the return folder of the settings. Raises BadInput."""
    settings = read_settings()
    roots = tuple((there, here) for there, here in settings.path_roots)
    return open_package(path, roots, settings.return_folder)


def request_fields(package: Package, colour: str = "") -> dict[str, Any]:
    """Fields of an `EditRequest` that the package settles: media, range, rate, colour, alpha.

    All frames that were sent are edited, handles included. Where only a part of them is, the take
    still covers a plate that lies in the package; media in its place may be longer than the shot.
    colour: the user's word, which goes before the host's. Raises BadInput as `colour_of`.
    """
    manifest = package.manifest
    fields: dict[str, Any] = {
        "clip": package.clip,
        "frames": manifest.source.frames,
        "rate": manifest.rate,
        "matte": package.matte,
        "colour": colour or colour_of(manifest),
    }
    inside = os.path.realpath(package.folder)
    if Path(os.path.realpath(package.clip)).is_relative_to(inside):
        fields["fill"] = Fill.PLATE
    if manifest.premultiplied is not None:
        straight = AlphaMode.PREMULTIPLIED if manifest.premultiplied else AlphaMode.STRAIGHT
        fields["alpha"] = straight
    return fields


def colour_of(manifest: Manifest) -> str | None:
    """The colour space of the package by its name here; None where the host does not say.

    Raises BadInput for one that is missing here: another one would give wrong light.
    """
    if not manifest.colour.file:
        return None
    config = config_name()
    try:
        return resolve(manifest.colour.file, config)
    except BadInput as error:
        theirs = f" of {manifest.colour.config}" if manifest.colour.config else ""
        raise BadInput(
            f"{manifest.shot} was sent in the colour space '{manifest.colour.file}'{theirs}, which "
            f"{config} does not have: name the space with --colour, or set $OCIO to the "
            "configuration of the show."
        ) from error


def take_frames(manifest: Manifest) -> FrameRange:
    """File numbers of the package's versions: those sent, and for a movie those with 1001."""
    footage = manifest.source
    if Path(footage.media).suffix.lower() in MOVIE_SUFFIXES:
        return numbered(footage.frames, manifest.cut)
    return footage.frames
