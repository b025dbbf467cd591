"""What a timeline says about its shots, the same way for every format."""

from dataclasses import dataclass
from fractions import Fraction

from tokenflow_studio.core.frames import FrameRange


@dataclass(frozen=True, slots=True)
class Media:
    """A file, or a row of numbered files.

    spec: a path or a pattern, as `open_clip` takes it; frames: file numbers that are there (movies
    count from 0), None where nothing says so; rate: frames per second; timecode: of the first
    frame, or None.
    """

    spec: str
    frames: FrameRange | None
    rate: Fraction
    timecode: str | None = None


@dataclass(frozen=True, slots=True)
class Shot:
    """One clip of a timeline, where it plays and what of its source it shows.

    media is None for a title, a generator, or a clip whose file is not named. source: file numbers
    that are seen, dissolves included; None where only a timecode places them. source_timecode: of
    the first frame that is seen. record: timeline frames, the timeline's first one being 0. speed:
    source frames per timeline frame, negative for reverse, 0 for a freeze frame. remarks: one
    sentence for each thing that could not be taken over.
    """

    name: str
    track: str
    media: Media | None
    source: FrameRange | None
    source_timecode: str | None
    record: FrameRange
    speed: float = 1.0
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """All shots of the video tracks, from the lowest track up, each track in playing order.

    rate: timeline frames per second; timecode: of the timeline's first frame, None where the file
    does not say; remarks: what holds for the file as a whole; rates: those that are possible where
    the file tells none, else ().
    """

    name: str
    rate: Fraction
    timecode: str | None
    shots: tuple[Shot, ...]
    remarks: tuple[str, ...] = ()
    rates: tuple[Fraction, ...] = ()
