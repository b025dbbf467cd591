"""Bringing a finished sequence into a package as its next version."""

import json
import os
import shutil
import socket
import time
from pathlib import Path

from bridge.exchange.geometry import geometry_of
from bridge.exchange.names import claim_version
from bridge.exchange.orders import take_frames
from bridge.exchange.packages import WRITING, Package, Returned, record_version
from bridge.exchange.passages import Told, silent
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing, write_atomically
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.patterns import Pattern

_ONLY_READ = {".jpg", ".jpeg"}  # takes keep no plates of these: their pictures hold as much


def return_clip(package: Package, spec: str, told: Told = silent) -> Returned:
    """Copy a finished clip into the package's next version; nothing that is there is touched.

    spec: as `open_clip` takes it, or the folder of a take. A host holds the last frame beyond a
    clip's end, so the clip must cover all that was sent, in the windows that were sent. The version
    is declared finished last of all. told: hears of every frame. Raises BadInput.
    """
    manifest = package.manifest
    with open_clip(_finished(spec, package), rate=manifest.rate) as clip:
        frames = _covered(clip, package)
        _check_windows(clip, frames, package)
        suffix = clip.source_file(frames.first).suffix.lower()
        template = Path(manifest.returns.name)
        if clip.info.kind == "movie":
            name = template.name.replace(".####", "").replace(template.suffix, suffix)
        else:
            name = template.name.replace(template.suffix, suffix)
        version = claim_version(package.returns, name, manifest.shot, manifest.task)
        _say_who_writes(version.folder)
        try:
            files = _files(clip, frames, version.pattern)
            for done, (source, target) in enumerate(files, 1):
                with replacing(target) as temporary:
                    shutil.copyfile(source, temporary)
                told(done, len(files))
        except BaseException:
            shutil.rmtree(version.folder, ignore_errors=True)
            raise
        (version.folder / WRITING).unlink(missing_ok=True)
    return record_version(version.folder, version.name, version.pattern, frames)


def _finished(spec: str, package: Package) -> str:
    """The finished frames in a take's folder, as deep as the plate; every other clip as it is."""
    folder = Path(spec)
    request, movie = folder / "request.json", folder / "plates.mov"
    if not request.is_file():
        return spec
    if (folder / "plates").is_dir():
        return str(folder / "plates")
    if Path(package.clip).suffix.lower() in _ONLY_READ:
        return str(folder / "frames")
    if not movie.is_file():
        raise BadInput(
            f"{spec} keeps pictures of 8 bits alone: propagate the shot again in the window, which "
            "goes on from there, or return what `edit` wrote."
        )
    made, sent = EditRequest.from_json(request.read_bytes()).frames, package.manifest.source.frames
    if made not in (None, sent):  # a movie does not tell which frames it shows
        raise BadInput(f"{spec} has frames {made} and {sent} were sent: bring back the whole shot.")
    return str(movie)


def _say_who_writes(folder: Path) -> None:
    who = {"host": socket.gethostname(), "process": os.getpid(), "since": int(time.time())}
    write_atomically(folder / WRITING, json.dumps(who).encode())


def _covered(clip: Clip, package: Package) -> FrameRange:
    """The frames to bring back: those that were sent, by number; of a movie, all by their count."""
    sent = package.manifest.source.frames
    there = clip.info.frames
    if clip.info.kind == "movie":
        if len(there) != len(sent):
            raise BadInput(
                f"{clip.info.spec} has {len(there)} frames and {len(sent)} were sent: "
                "bring back the whole shot."
            )
        return FrameRange(there[0], there[-1])
    wanted = take_frames(package.manifest)
    missing = [frame for frame in wanted if frame not in there]
    if missing:
        raise BadInput(
            f"{clip.info.spec} has frames {there[0]}-{there[-1]} and {wanted} were sent: "
            "bring back the whole shot."
        )
    return wanted


def _check_windows(clip: Clip, frames: FrameRange, package: Package) -> None:
    """What comes back must lie on the source pixel by pixel.

    Only EXR holds windows; other files must have the size of one of them.
    """
    sent = package.manifest.geometry
    if sent is None:
        return
    size = (clip.info.width, clip.info.height)
    if clip.source_file(frames.first).suffix.lower() != ".exr":
        if size not in (sent.display[2:], sent.data[2:]):
            raise _other_window(clip, "size", _size(size), _size(sent.display[2:]))
        return
    there = geometry_of(clip, (frames.first,))
    if there.display != sent.display:
        wanted = _window(sent.display)
        raise _other_window(clip, "display window", _window(there.display), wanted)
    if abs(there.pixel_aspect - sent.pixel_aspect) > 1e-3 * sent.pixel_aspect:
        wanted = f"{sent.pixel_aspect:g}"
        raise _other_window(clip, "pixel aspect", f"{there.pixel_aspect:g}", wanted)


def _other_window(clip: Clip, what: str, there: str, sent: str) -> BadInput:
    return BadInput(
        f"{clip.info.spec} has the {what} {there} and {sent} was sent: bring the shot back in "
        "its own frame."
    )


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _window(window: tuple[int, int, int, int]) -> str:
    return f"{window[2]}x{window[3]}{window[0]:+}{window[1]:+}"


def _files(clip: Clip, frames: FrameRange, target: Path) -> list[tuple[Path, Path]]:
    if clip.info.kind == "movie":
        return [(clip.source_file(frames.first), target)]
    pattern = Pattern.parse(str(target))
    if pattern is None:
        raise BadInput(f"The name {target.name} has no place for frame numbers.")
    return [(clip.source_file(frame), pattern.path(frame)) for frame in frames]
