"""Packages as they are found: opened, looked over before work begins, their versions listed."""

import json
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bridge.exchange.fields import Fields
from bridge.exchange.manifest import Manifest, read_manifest
from bridge.exchange.places import Roots, media_spec, return_folder
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import ClipInfo, open_clip
from tokenflow_studio.media.patterns import describe_gaps

VERSION = "version.json"
WRITING = "writing.json"
"""In the folder of a version while its frames come in: who writes them."""

_STALE = 600  # seconds without a new frame, after which a writer elsewhere counts as gone
_SCHEMA = 1
_BYTES = 3 * 4  # of a pixel: RGB in float, uncompressed


@dataclass(frozen=True, slots=True)
class Package:
    """A package on this machine.

    clip, matte: what `open_clip` takes, matte "" for none; returns: the folder of the versions.
    """

    folder: Path
    manifest: Manifest
    clip: str
    matte: str
    returns: Path


@dataclass(frozen=True, slots=True)
class Returned:
    """A finished version: its frames are all there, since its record is written last.

    media: pattern or movie; frames: file numbers.
    """

    name: str
    folder: Path
    media: str
    frames: FrameRange


def is_package(path: Path) -> bool:
    """Whether a package lies there; nothing is read but the folder."""
    return (path / "shot.json").is_file() or (path.name == "shot.json" and path.is_file())


def open_package(path: Path, roots: Roots = (), return_root: str = "") -> Package:
    """Read a package, map its paths to this machine and check that none leads where it must not.

    return_root: the return folder of the settings, "" for none. Raises BadInput.
    """
    folder, manifest = read_manifest(path)
    return Package(
        folder=folder,
        manifest=manifest,
        clip=media_spec(folder, manifest.source, roots),
        matte=media_spec(folder, manifest.matte, roots) if manifest.matte else "",
        returns=return_folder(folder, manifest, return_root, roots),
    )


def preflight(package: Package) -> ClipInfo:
    """Make sure that the shot can be worked on: every frame there, of the size that was sent, and
    room for a version. Raises BadInput.
    """
    manifest = package.manifest
    for spec, frames in ((package.clip, manifest.source.frames), *_matte(package)):
        with open_clip(spec, rate=manifest.rate) as clip:
            info = clip.info
        present = [n for n in frames if n in info.frames]
        gaps = describe_gaps(present, frames.first, frames.last)
        if gaps:
            raise BadInput(f"In {spec}, {gaps} missing: copy or send the package again.")
        if spec == package.clip:
            _check_size(package, info)
            shot = info
    room = shutil.disk_usage(existing_folder(package.returns)).free
    needed = len(manifest.source.frames) * shot.width * shot.height * _BYTES
    if room < needed:
        raise BadInput(
            f"A version of {manifest.shot} may take {needed / 2**30:.1f} GiB and {package.returns} "
            f"has {room / 2**30:.1f} GiB left: free some space."
        )
    return shot


def _matte(package: Package) -> list[tuple[str, FrameRange]]:
    matte = package.manifest.matte
    return [(package.matte, matte.frames)] if matte else []


def _check_size(package: Package, info: ClipInfo) -> None:
    geometry = package.manifest.geometry
    if geometry is None:
        return
    # PNG holds the data window alone.
    holds_windows = not package.clip.lower().endswith(".png")
    size = (geometry.display if holds_windows else geometry.data)[2:]
    if size != (info.width, info.height):
        wanted = "x".join(map(str, size))
        raise BadInput(
            f"{package.clip} is {info.width}x{info.height}, the package says {wanted}: "
            "send the shot again."
        )


def existing_folder(folder: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    while not folder.exists():
        folder = folder.parent
    return folder


def writers(package: Package) -> tuple[str, ...]:
    """One sentence for each version that somebody writes at this moment.

    Nothing is overwritten by two at once: each has a version of its own.
    """
    sentences = []
    for note in sorted(package.returns.glob(f"*/{WRITING}")):
        try:
            fields = Fields(str(note), json.loads(note.read_bytes()))
            host, process = fields.text("host"), fields.integer("process")
            changed = note.parent.stat().st_mtime
        except (OSError, ValueError, BadInput):
            continue
        here = host == socket.gethostname()
        if psutil.pid_exists(process) if here else time.time() - changed < _STALE:
            who = "another job" if here else f"a job on {host}"
            sentences.append(f"{note.parent.name} is being written by {who}: the next one follows.")
    return tuple(sentences)


def record_version(folder: Path, name: str, pattern: Path, frames: FrameRange) -> Returned:
    """Declare a version finished; a host shows only versions that have this record."""
    record = {
        "schema": _SCHEMA,
        "version": name,
        "media": pattern.name,
        "frames": str(frames),
    }
    write_atomically(folder / VERSION, (json.dumps(record, indent=2) + "\n").encode())
    return Returned(name, folder, str(pattern), frames)


def list_versions(package: Package) -> tuple[Returned, ...]:
    """The finished versions, oldest first; what is still being written is not among them."""
    found = []
    for record in sorted(package.returns.glob(f"*/{VERSION}")):
        try:
            fields = Fields(str(record), json.loads(record.read_bytes()))
            name, media = fields.text("version"), fields.text("media")
            frames = fields.frames("frames")
        except (OSError, ValueError, BadInput):
            continue  # another program's file, or one that was damaged: no version of ours
        if "/" in media or "\\" in media:
            continue
        found.append(Returned(name, record.parent, str(record.parent / media), frames))
    return tuple(found)
