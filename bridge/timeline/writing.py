"""Writing a cut: OTIO for programs that read it as specified, its Resolve form, and an EDL.

The Resolve form follows what was found by trial with Resolve 19: one file reference per version
with a bare path, and source ranges in the media's own timecode. It has not been tried in Resolve.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio

from bridge.timeline.shots import Media
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.frames import FrameRange
from tokenflow_studio.media.patterns import Pattern
from tokenflow_studio.media.timecode import valid_timecode

RESOLVE_SUFFIX = "_resolve.otio"
_EDL_REEL = 8  # characters of a reel name in CMX 3600


@dataclass(frozen=True, slots=True)
class Cut:
    """A shot as it shall stand in a timeline.

    versions: media by name ("plate", "v001" …), the last one is shown; source: file numbers that
    are shown, the same in all versions; record: the timeline frame where it begins, 0 being the
    first; reel: the source's reel name, or "".
    """

    name: str
    versions: tuple[tuple[str, Media], ...]
    source: FrameRange
    record: int
    reel: str = ""


def write_cut(
    path: Path, cuts: tuple[Cut, ...], rate: Fraction, timecode: str = "01:00:00:00"
) -> tuple[Path, ...]:
    """Write `path` (.otio), the same for Resolve beside it, and an EDL; gives all three.

    timecode: of the timeline's first frame. Raises BadInput for cuts that overlap or lack media,
    else as `core.files.replacing` does.
    """
    if path.suffix.lower() != ".otio":
        raise BadInput(f"The timeline {path} must end in .otio.")
    if valid_timecode(timecode) is None:
        raise BadInput(f"'{timecode}' is no timecode: write it as 01:00:00:00.")
    ordered = tuple(sorted(cuts, key=lambda cut: cut.record))
    _check(ordered)
    start = otio.opentime.from_timecode(timecode, float(rate))
    whole = _timeline(path.stem, ordered, start, _reference)
    resolve = _timeline(path.stem, ordered, start, _resolve_reference)
    edl = path.with_suffix(".edl")
    for target, text in (
        (path, otio.adapters.write_to_string(whole, "otio_json")),
        (_beside(path), otio.adapters.write_to_string(resolve, "otio_json")),
        (edl, _edl(ordered, whole, float(rate))),
    ):
        write_atomically(target, text.encode())
    return path, _beside(path), edl


def _beside(path: Path) -> Path:
    return path.with_name(path.stem + RESOLVE_SUFFIX)


def _check(cuts: tuple[Cut, ...]) -> None:
    if not cuts:
        raise BadInput("The timeline would be empty: give at least one shot.")
    end = 0
    for cut in cuts:
        if not cut.versions:
            raise BadInput(f"The shot {cut.name} has no media: give at least one version.")
        if cut.record < end:
            raise BadInput(f"The shot {cut.name} begins before the one before it ends.")
        end = cut.record + len(cut.source)


def _timeline(
    name: str,
    cuts: tuple[Cut, ...],
    start: otio.opentime.RationalTime,
    reference: Callable[[Media], otio.core.MediaReference],
) -> otio.schema.Timeline:
    track = otio.schema.Track(name="Video 1", kind=otio.schema.TrackKind.Video)
    position = 0
    for cut in cuts:
        if cut.record > position:
            gap = otio.opentime.RationalTime(cut.record - position, start.rate)
            track.append(otio.schema.Gap(duration=gap))
        track.append(_clip(cut, reference))
        position = cut.record + len(cut.source)
    whole = otio.schema.Timeline(name, global_start_time=start)
    whole.tracks.append(track)
    return whole


def _clip(cut: Cut, reference: Callable[[Media], otio.core.MediaReference]) -> otio.schema.Clip:
    shown, media = cut.versions[-1]
    first = media.frames.first if media.frames else 0
    origin = _origin(media)
    source = otio.opentime.TimeRange(
        otio.opentime.RationalTime(origin + cut.source.first - first, float(media.rate)),
        otio.opentime.RationalTime(len(cut.source), float(media.rate)),
    )
    clip = otio.schema.Clip(cut.name, source_range=source)
    references = {name: reference(version) for name, version in cut.versions}
    clip.set_media_references(references, shown)
    return clip


def _origin(media: Media) -> int:
    """The media's first frame on its timecode track, in frames."""
    if media.timecode is None:
        return 0
    return round(otio.opentime.from_timecode(media.timecode, float(media.rate)).value)


def _available(media: Media) -> otio.opentime.TimeRange | None:
    if media.frames is None:
        return None
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(_origin(media), float(media.rate)),
        otio.opentime.RationalTime(len(media.frames), float(media.rate)),
    )


def _reference(media: Media) -> otio.core.MediaReference:
    """As OTIO specifies it: an image sequence, or a file URL."""
    pattern = Pattern.parse(media.spec)
    if pattern is None or media.frames is None:
        return otio.schema.ExternalReference(Path(media.spec).as_uri(), _available(media))
    return otio.schema.ImageSequenceReference(
        target_url_base=pattern.folder.as_uri() + "/",
        name_prefix=pattern.prefix,
        name_suffix=pattern.suffix,
        start_frame=media.frames.first,
        frame_step=1,
        rate=float(media.rate),
        frame_zero_padding=pattern.padding,
        available_range=_available(media),
    )


def _resolve_reference(media: Media) -> otio.core.MediaReference:
    """A bare path; a sequence as `name.[1001-1048].exr`."""
    pattern = Pattern.parse(media.spec)
    if pattern is None or media.frames is None:
        return otio.schema.ExternalReference(media.spec, _available(media))
    ranged = Pattern(pattern.folder, pattern.prefix, pattern.padding, pattern.suffix, media.frames)
    return otio.schema.ExternalReference(str(ranged), _available(media))


def _edl(cuts: tuple[Cut, ...], whole: otio.schema.Timeline, rate: float) -> str:
    """CMX 3600 with reel and clip name; the adapter reads both from the clips' metadata."""
    plain = whole.deepcopy()
    track = plain.tracks[0]
    # Where the adapter looks for the record timecode of the first frame.
    track.source_range = otio.opentime.TimeRange(-plain.global_start_time, track.duration())
    for clip, cut in zip(plain.find_clips(), cuts, strict=True):
        reel = cut.reel or cut.name
        clip.metadata["cmx_3600"] = {"reel": reel[:_EDL_REEL]}
        media = cut.versions[-1][1]
        available = _available(media)
        clip.media_reference = otio.schema.ExternalReference(media.spec, available)
    return otio.adapters.write_to_string(plain, "cmx_3600", rate=rate, style="nucoda")
