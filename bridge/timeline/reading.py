"""Reading a timeline: every shot of every video track, with its true source frames."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

from bridge.timeline.edl_speeds import with_edl_speeds
from bridge.timeline.files import FORMATS, edl_rates, open_timelines, timeline_text
from bridge.timeline.losses import losses_of, losses_of_whole
from bridge.timeline.media import exact_rate, media_of, timecode_of
from bridge.timeline.shots import Media, Shot, Timeline
from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange

_VIDEO = otio.schema.TrackKind.Video


def read_timeline(path: Path, rate: Fraction | None = None) -> Timeline:
    """The shots of an OTIO, EDL, FCP 7 XML or FCPXML file.

    rate: frames per second of an EDL, which does not tell it. Raises BadInput for a file that
    cannot be read or has no video.
    """
    found, assumed, remarks = open_timelines(path, rate)
    timelines = [part for part in found if isinstance(part, otio.schema.Timeline)]
    clips = [part for part in found if isinstance(part, otio.schema.Clip)]
    if not timelines and not clips:
        raise BadInput(f"{path} holds no timeline: export one from the editing program.")
    if len(timelines) > 1:
        others = ", ".join(part.name or "without name" for part in timelines[1:])
        remarks.append(f"Only the first of its {len(timelines)} timelines is shown, not {others}.")
    whole = timelines[0] if timelines else _bin(path.stem, clips)
    reading = _Reading(whole, path.parent, _timeline_rate(whole, assumed))
    shots, start = _from_zero(tuple(reading.shots()), whole, reading.rate)
    timeline = Timeline(
        name=whole.name or path.stem,
        rate=reading.rate,
        timecode=start,
        shots=shots,
        remarks=(*remarks, *reading.remarks()),
    )
    if FORMATS[path.suffix.lower()] != "cmx_3600":
        return timeline
    text = timeline_text(path)
    return with_edl_speeds(dataclasses.replace(timeline, rates=edl_rates(text)), text)


def _from_zero(
    shots: tuple[Shot, ...], whole: otio.schema.Timeline, rate: Fraction
) -> tuple[tuple[Shot, ...], str | None]:
    """The shots with the timeline's first frame as 0, and that frame's timecode.

    Some adapters keep the start as a global time, others in the places of the clips.
    """
    if whole.global_start_time:
        return shots, timecode_of(whole.global_start_time, rate)
    first = min((shot.record.first for shot in shots), default=0)
    if first < rate:  # no start time, but a gap or a dissolve at the head
        return shots, None
    moved = tuple(
        dataclasses.replace(
            shot, record=FrameRange(shot.record.first - first, shot.record.last - first)
        )
        for shot in shots
    )
    return moved, timecode_of(otio.opentime.RationalTime(first, float(rate)), rate)


def _bin(name: str, clips: list[otio.schema.Clip]) -> otio.schema.Timeline:
    """Loose clips of a bin as a timeline, one after the other."""
    track = otio.schema.Track(name="clips", kind=_VIDEO)
    track.extend([clip.deepcopy() for clip in clips])
    whole = otio.schema.Timeline(name)
    whole.tracks.append(track)
    return whole


def _timeline_rate(whole: otio.schema.Timeline, assumed: Fraction) -> Fraction:
    if whole.global_start_time:
        return exact_rate(whole.global_start_time.rate)
    for clip in whole.find_clips():
        return exact_rate(clip.trimmed_range().duration.rate)
    return assumed


@dataclass(frozen=True, slots=True)
class _Reading:
    whole: otio.schema.Timeline
    folder: Path
    rate: Fraction

    def shots(self) -> Iterator[Shot]:
        """Every clip of the video tracks."""
        for number, track in enumerate(self._tracks(_VIDEO), 1):
            name = track.name or f"V{number}"
            for clip in track.find_clips():
                shot = None if _is_sound(clip) else self._shot(clip, track, name)
                if shot is not None:
                    yield shot

    def remarks(self) -> Iterator[str]:
        """What the shots do not tell."""
        audio = self._tracks(otio.schema.TrackKind.Audio)
        yield from losses_of_whole(self.whole, self._tracks(_VIDEO), audio)

    def _tracks(self, kind: str) -> list[Any]:
        return [track for track in self.whole.tracks if getattr(track, "kind", _VIDEO) == kind]

    def _shot(self, clip: otio.schema.Clip, track: Any, track_name: str) -> Shot | None:
        """The shot, or None for one that its compound clip does not show."""
        rate = exact_rate(clip.trimmed_range().start_time.rate)
        media, why = media_of(clip.media_reference, self.folder, rate)
        speed, remarks = _speed(clip)
        seen, record = self._shown(clip, track)
        if seen.duration.value <= 0:
            return None
        compound = _below(clip, track)
        if compound is not clip:
            remarks.append(f"It lies inside the compound clip {compound.name or 'without name'}.")
        first = round(record.start_time.rescaled_to(float(self.rate)).value)
        length = max(1, round(record.duration.rescaled_to(float(self.rate)).value))
        source, of_source = _source(clip, media, seen, speed)
        return Shot(
            name=clip.name or track_name,
            track=track_name,
            media=media,
            source=source,
            source_timecode=timecode_of(seen.start_time, exact_rate(seen.start_time.rate)),
            record=FrameRange(first, first + length - 1),
            speed=speed,
            remarks=tuple(part for part in (why, *remarks, *losses_of(clip), *of_source) if part),
        )

    def _shown(
        self, clip: otio.schema.Clip, track: Any
    ) -> tuple[otio.opentime.TimeRange, otio.opentime.TimeRange]:
        """What is seen of the clip, in its own time and in the timeline's.

        Under a dissolve too, but not what lies outside of a compound clip's own range.
        """
        seen = _visible(clip)
        record = clip.transformed_time_range(seen, self.whole.tracks)
        compound = _below(clip, track)
        if compound is clip:
            return seen, record
        room = compound.transformed_time_range(compound.trimmed_range(), self.whole.tracks)
        first = max(record.start_time, room.start_time)
        length = min(record.end_time_exclusive(), room.end_time_exclusive()) - first
        start = seen.start_time + (first - record.start_time)
        return otio.opentime.TimeRange(start, length), otio.opentime.TimeRange(first, length)


def _below(clip: otio.schema.Clip, track: Any) -> Any:
    """The item that lies directly on the track: the clip, or the compound clip around it."""
    item = clip
    while item.parent() is not track:
        item = item.parent()
    return item


def _is_sound(clip: otio.schema.Clip) -> bool:
    """Whether the clip lies on an audio track of a compound clip."""
    parent = clip.parent()
    while parent is not None:
        if getattr(parent, "kind", _VIDEO) == otio.schema.TrackKind.Audio:
            return True
        parent = parent.parent()
    return False


def _visible(clip: otio.schema.Clip) -> otio.opentime.TimeRange:
    """The range of the clip that is seen, under dissolves too."""
    try:
        return clip.visible_range()
    except (ValueError, RuntimeError, otio.exceptions.OTIOError):
        return clip.trimmed_range()


def _speed(clip: otio.schema.Clip) -> tuple[float, list[str]]:
    """Source frames per timeline frame, and sentences about them."""
    speed, remarks = 1.0, []
    for effect in clip.effects:
        if isinstance(effect, otio.schema.LinearTimeWarp):  # a freeze frame is one of speed 0
            speed *= effect.time_scalar
        elif isinstance(effect, otio.schema.TimeEffect):
            remarks.append("Its speed changes in a way that the file does not tell.")
    if speed == 0:
        remarks.append("It is a freeze frame.")
    elif speed != 1:
        remarks.append(f"It is retimed to {speed * 100:.4g} %: the source frames are untouched.")
    return speed, remarks


def _source(
    clip: otio.schema.Clip,
    media: Media | None,
    seen: otio.opentime.TimeRange,
    speed: float,
) -> tuple[FrameRange | None, list[str]]:
    """The file numbers that are seen, and what stands against them."""
    available = clip.available_range() if _has_available_range(clip) else None
    if media is None:
        return None, []
    if available is None or media.frames is None:
        return None, ["The file does not tell where its media begins: only the timecode places it."]
    rate = available.start_time.rate
    if round(available.duration.value) != len(media.frames):  # an EDL gives what is shown of it
        return None, ["Nothing tells which frames of its media are shown: only the timecode does."]
    offset = round((seen.start_time - available.start_time).rescaled_to(rate).value)
    length = max(1, round(seen.duration.rescaled_to(rate).value * abs(speed)))
    first = media.frames.first + offset
    source = FrameRange(first, first + length - 1)
    if source.last < media.frames.first or source.first > media.frames.last:
        return None, ["Timeline and media tell different timecodes: only the timecode places it."]
    if source.first < media.frames.first or source.last > media.frames.last:
        return source, [f"It shows frames {source} of a file that holds {media.frames}."]
    return source, []


def _has_available_range(clip: otio.schema.Clip) -> bool:
    reference = clip.media_reference
    return reference is not None and reference.available_range is not None
