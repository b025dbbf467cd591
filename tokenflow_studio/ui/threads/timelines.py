"""Timelines of editing programs, off the window's thread: what of them can be opened as shots."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.frames import FrameRange, parse_rate
from tokenflow_studio.core.settings import read_settings
from tokenflow_studio.project.document import Shot

# The bridge is imported inside the functions, on the thread that runs them: it brings
# OpenTimelineIO, and the clips PyAV, for which the window's start would wait.
if TYPE_CHECKING:
    import bridge.timeline.shots as read
    from bridge.exchange.places import Roots

    from tokenflow_studio.media.clips import ClipInfo

TIMELINE_SUFFIXES = (".otio", ".edl", ".xml", ".fcpxml")


@dataclass(frozen=True, slots=True)
class CutShot:
    """One shot of a timeline.

    media: as the timeline names it, "" where it names none; frames: file numbers that would be
    opened; shot: what would be opened, None where that cannot be; remarks: why not, and what is
    not taken over, a sentence each.
    """

    name: str
    media: str
    frames: FrameRange | None
    shot: Shot | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """What a timeline file would open.

    remarks: what holds for the whole of it; rate: frames per second, and rates: those that it may
    have where the file tells none, else ().
    """

    path: str
    name: str
    shots: tuple[CutShot, ...]
    remarks: tuple[str, ...]
    rate: Fraction
    rates: tuple[Fraction, ...]

    @property
    def ready(self) -> tuple[Shot, ...]:
        """The shots that can be opened, in the timeline's order."""
        return tuple(row.shot for row in self.shots if row.shot is not None)


def look_into_timeline(path: str, rate: Fraction | None = None) -> Cut:
    """The shots of a timeline file, each one's media opened to see that it is there.

    rate: the user's word where the file tells none; without one, that for the EDL before counts.
    Raises BadInput for a file that cannot be read.
    """
    from bridge.timeline.reading import read_timeline

    settings = read_settings()
    timeline, remarks = read_timeline(Path(path).absolute(), rate), ()
    before = parse_rate(settings.edl_rate) if settings.edl_rate else None
    if rate is None and before in timeline.rates:
        timeline = read_timeline(Path(path).absolute(), before)
        remarks = ("An EDL does not tell its frame rate: that of the one before is taken.",)
    shots = tuple(_looked_at(shot, settings.path_roots) for shot in timeline.shots)
    remarks += timeline.remarks
    return Cut(path, timeline.name, shots, remarks, timeline.rate, timeline.rates)


def _looked_at(told: "read.Shot", roots: "Roots") -> CutShot:
    media = told.media
    if media is None:
        return CutShot(told.name, "", None, None, told.remarks)
    try:
        info = _clip_info(media, roots)
        frames, remarks = _frames(told.source, info)
    except (BadInput, OSError) as error:
        return CutShot(told.name, media.spec, None, None, (*told.remarks, str(error)))
    whole = FrameRange(info.frames[0], info.frames[-1])
    shot = Shot(
        clip=info.spec,
        frames=None if frames == whole else frames,
        rate=media.rate if info.kind == "sequence" else None,
        name=told.name,
    )
    return CutShot(told.name, media.spec, frames, shot, (*told.remarks, *remarks))


def _clip_info(media: "read.Media", roots: "Roots") -> "ClipInfo":
    """The media where it lies on this machine. Raises BadInput."""
    from bridge.exchange.places import localised

    from tokenflow_studio.media.clips import open_clip

    spec = localised(media.spec, roots)
    path = Path(spec)
    if not path.is_absolute():
        raise BadInput(
            f"{spec} is a path of another system: add its folder to the path roots in the "
            "preferences."
        )
    if path.exists() and not path.is_file():  # a pipe or a device would hold up the program
        raise BadInput(f"{path} is no regular file: it is not opened.")
    with open_clip(spec, missing="hold") as clip:
        return clip.info


def _frames(source: FrameRange | None, info: "ClipInfo") -> tuple[FrameRange, tuple[str, ...]]:
    """What of the range is there, and a sentence if that is not what the timeline shows."""
    first, last = info.frames[0], info.frames[-1]
    there = FrameRange(first, last)
    if source is None:
        return there, (f"All of its frames are opened, {there}: set in and out.",)
    if source.last < first or source.first > last:
        raise BadInput(f"It shows frames {source}, its media holds {there}: check the media.")
    seen = FrameRange(max(source.first, first), min(source.last, last))
    if seen == source:
        return seen, ()
    return seen, (f"It shows frames {source}, of which {seen} are there.",)
