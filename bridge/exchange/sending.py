"""Making a package from a clip: its frames, then the manifest, so that half a package is none."""

import shutil
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from bridge.exchange.facts import Facts
from bridge.exchange.manifest import Footage, Geometry, Manifest, write_manifest
from bridge.exchange.names import file_name
from bridge.exchange.packages import Package, existing_folder, open_package
from bridge.exchange.rendered import gathered
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import replacing, writing_error
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.patterns import Pattern

_SAME_NAME = 1000


class Passage(StrEnum):
    """How the frames come into the package."""

    COPY = "copy"
    MOVE = "move"  # of files that the host rendered for this package alone
    REFERENCE = "reference"  # they stay where they are, and are only read


def send(
    spec: str, exchange: Path, shot: str, facts: Facts, passage: Passage = Passage.COPY
) -> Package:
    """Make a package of the clip below `exchange` and give it back as it will be opened.

    Two shots of one name get folders of their own. Raises BadInput for a clip that cannot be read,
    ranges that it does not have, and places that cannot be written.
    """
    name = file_name(shot)
    if facts.rendered:
        spec = gathered(Path(spec), facts.rendered)
    with open_clip(spec, rate=facts.rate) as clip:
        frames = _frames(clip, facts.frames)
        cut = facts.cut or frames
        if cut.first < frames.first or cut.last > frames.last:
            raise BadInput(f"The cut {cut} does not lie within the frames sent ({frames}).")
        rate = _rate(clip)
        if passage is Passage.COPY:
            _check_room(exchange, clip, frames)
        folder = _claim(exchange, name)
        try:
            source = _brought(clip, frames, folder / "plate" / f"{name}_plate", passage)
            matte = _matte(facts.matte, frames, rate, folder / "matte" / f"{name}_matte", passage)
            manifest = _manifest(clip, shot, facts, rate, cut, source, matte)
            write_manifest(folder, manifest)
        except BaseException:
            if passage is not Passage.MOVE:  # else the only copy of some frames may lie there
                shutil.rmtree(folder, ignore_errors=True)
            raise
    return open_package(folder)


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


def _check_room(exchange: Path, clip: Clip, frames: FrameRange) -> None:
    needed = sum(path.stat().st_size for path in {clip.source_file(frame) for frame in frames})
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


def _brought(clip: Clip, frames: FrameRange, stem: Path, passage: Passage) -> Footage:
    """The clip's frames where the package names them; their numbers stay."""
    first = clip.source_file(frames.first)
    if passage is Passage.REFERENCE:
        return Footage(media=clip.info.spec, frames=frames, host_first=frames.first)
    package = stem.parent.parent
    if clip.info.kind == "movie":
        target = stem.with_name(stem.name + first.suffix.lower())
        _bring(first, target, passage)
        media = target
    else:
        pattern = Pattern(stem.parent, stem.name + ".", 4, first.suffix.lower())
        for frame in frames:
            _bring(clip.source_file(frame), pattern.path(frame), passage)
        media = Path(str(pattern))
    return Footage(
        media=media.relative_to(package).as_posix(), frames=frames, host_first=frames.first
    )


def _bring(source: Path, target: Path, passage: Passage) -> None:
    if passage is Passage.MOVE:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(source, target)
        except OSError as error:
            raise writing_error(target, error) from error
        return
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)


def _matte(
    spec: str, frames: FrameRange, rate: Fraction, stem: Path, passage: Passage
) -> Footage | None:
    """The matte; one file is held over the whole shot, as it has no other frames."""
    if not spec:
        return None
    with open_clip(spec, rate=rate) as clip:
        wanted = frames if clip.info.kind != "still" else _frames(clip, None)
        return _brought(clip, _frames(clip, wanted), stem, passage)


def _manifest(
    clip: Clip,
    shot: str,
    facts: Facts,
    rate: Fraction,
    cut: FrameRange,
    source: Footage,
    matte: Footage | None,
) -> Manifest:
    info, frames = clip.info, source.frames
    whole = (0, 0, info.width, info.height)
    host_first = frames.first if facts.host_first is None else facts.host_first
    return Manifest(
        shot=shot,
        source=Footage(media=source.media, frames=frames, host_first=host_first),
        cut=cut,
        rate=rate,
        mode=facts.mode,
        host=facts.host,
        timecode=facts.timecode or info.timecode_at(frames.first) or "",
        reel=facts.reel,
        geometry=Geometry(display=whole, data=whole, pixel_aspect=info.pixel_aspect),
        colour=facts.colour,
        premultiplied=facts.premultiplied,
        matte=matte,
        original=facts.original or info.spec,
    )
