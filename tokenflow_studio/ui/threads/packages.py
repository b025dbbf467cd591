"""Exchange packages, off the window's thread: looked into, made into shots, given versions."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.project.document import Origin, Shot

# The bridge is imported inside the functions, on the thread that runs them: it brings PyAV and
# OpenImageIO, for which the window's start would wait.
if TYPE_CHECKING:
    from bridge.exchange.manifest import Manifest
    from bridge.exchange.packages import Package

MANIFEST = "shot.json"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a package would open.

    outside: media that does not lie in it; colour: the space it was sent in if there is none of
    that name here, else ""; spaces: those that there are, where one must be chosen.
    """

    folder: str
    shot: str
    host: str
    outside: tuple[str, ...] = ()
    colour: str = ""
    spaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentBack:
    """A version that now lies where the host finds it."""

    shot: str
    host: str
    version: str
    folder: str


def look_into(path: str) -> Offer | None:
    """What the package of that path would open; None where there is none.

    No media is opened. Raises BadInput for a package that cannot be used.
    """
    from bridge.exchange.orders import colour_of, open_here
    from bridge.exchange.packages import is_package

    from tokenflow_studio.media.colour.config import config_name, space_names

    if not is_package(Path(path)):
        return None
    package = open_here(Path(os.path.abspath(path)))  # noqa: PTH100 (links stay as they are)
    manifest, missing, spaces = package.manifest, "", ()
    try:
        colour_of(manifest)
    except BadInput:
        missing, spaces = manifest.colour.file, space_names(config_name())
    folder = str(package.folder)
    host = manifest.host.name
    return Offer(folder, manifest.shot, host, _outside(package), missing, spaces)


def shot_of(offer: Offer, colour: str = "") -> Shot:
    """The shot of a package, ready to be opened: range, rate, matte and colour as it was sent.

    colour: the user's word where the offer asks for it. Raises BadInput for media that is not all
    there, and for a package that has changed since the offer.
    """
    from bridge.exchange.orders import open_here, request_fields
    from bridge.exchange.packages import preflight

    package = open_here(Path(offer.folder))
    if _outside(package) != offer.outside:
        raise BadInput(f"{offer.folder} has changed meanwhile: open it again.")
    fields = request_fields(package, colour)
    for spec in offer.outside:
        _check_regular(spec, package)
    preflight(package)
    told = {name: fields[name] for name in ("matte", "colour", "alpha", "fill") if fields.get(name)}
    return Shot(
        clip=fields["clip"],
        frames=fields["frames"],
        rate=fields["rate"],
        recipe=told,
        origin=_origin(offer.folder, package.manifest),
    )


def send_back(folder: str, take: str) -> SentBack:
    """Give a package a take, named by its folder, as its next version, as `shot return` does.

    Nothing that is there is touched. Raises BadInput.
    """
    from bridge.exchange.orders import open_here
    from bridge.exchange.returning import return_clip

    package = open_here(Path(folder))
    done = return_clip(package, take)
    manifest = package.manifest
    return SentBack(manifest.shot, manifest.host.name, done.name, str(done.folder))


def _outside(package: "Package") -> tuple[str, ...]:
    inside = Path(os.path.realpath(package.folder))
    named = (spec for spec in (package.clip, package.matte) if spec)
    return tuple(s for s in named if not Path(os.path.realpath(s)).is_relative_to(inside))


def _check_regular(spec: str, package: "Package") -> None:
    """A name may end as media does and be a device or a pipe, which must not be read."""
    from tokenflow_studio.media.patterns import Pattern

    pattern = Pattern.parse(spec)
    frames = package.manifest.source.frames
    paths = [Path(spec)] if pattern is None else [pattern.path(frame) for frame in frames]
    odd = next((path for path in paths if path.exists() and not path.is_file()), None)
    if odd is not None:
        raise BadInput(f"{odd} is no regular file: {package.folder} is not opened.")


def _origin(folder: str, manifest: "Manifest") -> Origin:
    host = manifest.host
    return Origin(
        package=folder,
        shot=manifest.shot,
        host=host.name,
        project=host.project,
        frames=manifest.source.frames,
        cut=manifest.cut,
        timecode=manifest.timecode,
        mode=str(manifest.mode),
    )
