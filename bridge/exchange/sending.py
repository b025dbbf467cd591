"""Making a package from a clip: its frames, then the manifest, so that half a package is none."""

import dataclasses
import shutil
from fractions import Fraction
from pathlib import Path

from bridge.exchange.facts import Facts
from bridge.exchange.geometry import geometry_of
from bridge.exchange.manifest import Footage, Manifest, write_manifest
from bridge.exchange.names import file_name
from bridge.exchange.packages import Package, existing_folder, open_package
from bridge.exchange.passages import (
    Brought,
    Passage,
    Told,
    brought,
    check_form,
    numbered,
    silent,
    written,
)
from bridge.exchange.rendered import gathered
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import writing_error
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.converted import Converted, conversion
from tokenflow_studio.media.exr.files import read_checked_headers
from tokenflow_studio.media.exr.headers import text

__all__ = ["Passage", "send"]

_SAME_NAME = 1000


def send(
    spec: str,
    exchange: Path,
    shot: str,
    facts: Facts,
    passage: Passage = Passage.COPY,
    form: str = "",
    told: Told = silent,
) -> Package:
    """Make a package of the clip below `exchange` and give it back as it will be opened.

    form: "exr" or "png", to write the frames as such; "" copies files as they are, and writes
    movies as EXR. told: hears of every frame. Two shots of one name get folders of their own.
    Raises BadInput for a clip that cannot be read, ranges that it does not have, and places that
    cannot be written.
    """
    check_form(form, passage)
    name = file_name(shot)
    if facts.rendered:
        spec = gathered(Path(spec), facts.rendered)
    # Values stay as they are in EXR; for PNG they must be understood.
    colour = facts.colour.file or None if form == "png" else None
    with open_clip(spec, rate=facts.rate, colour=colour) as clip:
        frames = _frames(clip, facts.frames)
        as_ = _conversion(clip, form, passage)
        if passage is Passage.COPY:
            _check_room(exchange, clip, frames, as_)
        manifest = _manifest(clip, shot, facts, frames, as_)
        folder = _claim(exchange, name)
        try:
            stem = folder / "plate" / f"{name}_plate"
            plate = _plate(clip, manifest, stem, passage, as_, told)
            stem = folder / "matte" / f"{name}_matte"
            matte = _matte(facts.matte, manifest, stem, passage, plate.footage.frames)
            write_manifest(folder, _with_media(manifest, plate, matte))
        except BaseException:
            if passage is not Passage.MOVE:  # else the only copy of some frames may lie there
                shutil.rmtree(folder, ignore_errors=True)
            raise
    if facts.rendered:
        shutil.rmtree(Path(spec).parent, ignore_errors=True)
    return open_package(folder)


def _conversion(clip: Clip, form: str, passage: Passage) -> Converted | None:
    """How the frames are written, None where their files come as they are."""
    if not form and (passage is not Passage.COPY or clip.info.kind != "movie"):
        return None
    return conversion(clip, form or "exr")


def _frames(clip: Clip, wanted: FrameRange | None) -> FrameRange:
    there = clip.info.frames
    frames = wanted or FrameRange(there[0], there[-1])
    if frames.first not in there or frames.last not in there:
        raise BadInput(
            f"{clip.info.spec} has frames {there[0]}-{there[-1]}, not {frames}: "
            "give a range that it has."
        )
    return frames


def _rate(clip: Clip) -> Fraction:
    if clip.info.rate is None:
        raise BadInput(f"{clip.info.spec} does not tell its frame rate: give it with --rate.")
    return clip.info.rate


def _check_room(exchange: Path, clip: Clip, frames: FrameRange, as_: Converted | None) -> None:
    if as_ is None:
        needed = sum(path.stat().st_size for path in {clip.source_file(frame) for frame in frames})
    else:
        pixels = clip.info.width * clip.info.height
        needed = len(frames) * pixels * 2 * (3 if as_.premultiplied is None else 4)
    room = shutil.disk_usage(existing_folder(exchange)).free
    if room < needed:
        raise BadInput(
            f"The package needs {needed / 2**20:.0f} MiB and {exchange} has {room / 2**20:.0f} MiB "
            "left: free some space, or send a reference."
        )


def _claim(exchange: Path, name: str) -> Path:
    """Make the package's folder; one that is there belongs to another shot of that name."""
    try:
        exchange.mkdir(parents=True, exist_ok=True)
        for number in range(1, _SAME_NAME):
            folder = exchange / (name if number == 1 else f"{name}-{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise writing_error(exchange, error) from error
    raise BadInput(f"{exchange} holds too many packages named {name}: remove old ones.")


def _manifest(
    clip: Clip, shot: str, facts: Facts, frames: FrameRange, as_: Converted | None
) -> Manifest:
    """What the package will say, with the numbers and the media of the clip itself."""
    cut = facts.cut or frames
    if cut.first < frames.first or cut.last > frames.last:
        raise BadInput(f"The cut {cut} does not lie within the frames sent ({frames}).")
    colour, premultiplied = facts.colour, facts.premultiplied
    if as_ is not None:
        is_another = as_.space != clip.info.space.name
        space = as_.space if is_another else colour.file or as_.space
        colour = dataclasses.replace(colour, file=space)
        premultiplied = as_.premultiplied
    host_first = frames.first if facts.host_first is None else facts.host_first
    return Manifest(
        shot=shot,
        source=Footage(media=clip.info.spec, frames=frames, host_first=host_first),
        cut=cut,
        rate=_rate(clip),
        mode=facts.mode,
        host=facts.host,
        timecode=facts.timecode or clip.info.timecode_at(frames.first) or "",
        reel=facts.reel or _reel(clip.source_file(frames.first)),
        geometry=geometry_of(clip, frames),
        colour=colour,
        premultiplied=premultiplied,
        original=facts.original or clip.info.spec,
    )


def _plate(
    clip: Clip,
    manifest: Manifest,
    stem: Path,
    passage: Passage,
    as_: Converted | None,
    told: Told,
) -> Brought:
    frames = manifest.source.frames
    if as_ is None:
        return brought(clip, frames, stem, passage, told)
    numbers = numbered(frames, manifest.cut) if clip.info.kind == "movie" else frames
    return written(clip, frames, stem, as_, numbers, told)


def _matte(
    spec: str, manifest: Manifest, stem: Path, passage: Passage, numbers: FrameRange
) -> Footage | None:
    """The matte; one file is held over the whole shot, as it has no other frames.

    numbers: those that the plate has in the package.
    """
    if not spec:
        return None
    frames = manifest.source.frames
    with open_clip(spec, rate=manifest.rate) as clip:
        if numbers != frames and clip.info.kind != "still":
            as_ = conversion(clip, "exr")
            return written(clip, _frames(clip, frames), stem, as_, numbers).footage
        wanted = frames if clip.info.kind != "still" else _frames(clip, None)
        return brought(clip, _frames(clip, wanted), stem, passage).footage


def _with_media(manifest: Manifest, plate: Brought, matte: Footage | None) -> Manifest:
    """The manifest with the package's own media and numbers."""
    footage = dataclasses.replace(plate.footage, host_first=manifest.source.host_first)
    shift = footage.frames.first - manifest.source.frames.first
    cut = FrameRange(manifest.cut.first + shift, manifest.cut.last + shift)
    return dataclasses.replace(manifest, source=footage, cut=cut, matte=matte, lost=plate.lost)


def _reel(path: Path) -> str:
    """The reel's name that an EXR file carries, or ""."""
    if path.suffix.lower() != ".exr":
        return ""
    return text(read_checked_headers(path).parts[0], "reelName")
