"""Writing movies: ProRes in QuickTime, H.264 in MP4. Equal frames give equal bytes."""

import bisect
import itertools
import platform
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.codec.context import Flags
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.core.files import replacing
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.movie_decoder import open_movie
from tokenflow_studio.media.movie_forms import CONTAINERS, MovieForm, form_of_pictures
from tokenflow_studio.media.movies import StoredFrame
from tokenflow_studio.media.planes import PlanarFrame, Plane, from_rgb, picture, untouched
from tokenflow_studio.media.plates import Grey, Plate, unchanged
from tokenflow_studio.media.sound import SoundCopy

# The number of threads changes what x264 writes, so it is fixed, whatever the machine. Its AVX-512
# code reads memory that nobody wrote, so that equal frames now and then gave other bytes.
_X264 = {"crf": "12", "preset": "medium", "threads": "4"}
if platform.machine() in ("x86_64", "AMD64"):
    _X264["x264-params"] = "asm=avx2"
_FOREVER = Fraction(10**9)  # seconds
_BITEXACT = {"fflags": "+bitexact", "movflags": "+faststart"}
# How a frame is turned, by quarter turns to the left that show it upright (ISO/IEC 14496-12).
_ONE = 1 << 16
_TURNS = {
    1: [0, -_ONE, 0, _ONE, 0, 0, 0, 0, 1 << 30],
    2: [-_ONE, 0, 0, 0, -_ONE, 0, 0, 0, 1 << 30],
    3: [0, _ONE, 0, -_ONE, 0, 0, 0, 0, 1 << 30],
}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One frame to write.

    colour: (H, W, 3) upright R'G'B', not clipped; alpha: (H, W) or None for opaque; plate: what it
    was made from, of which untouched samples stay, None where it is in another colour.
    """

    colour: Image
    alpha: Grey | None = None
    plate: Plate | None = None


def write_movie(path: Path, frames: Iterable[Image], rate: Fraction) -> None:
    """Write (H, W, 3) display-referred frames 0..1 as an .mp4 or .mov at `rate` per second.

    Frames are taken one at a time. Raises as `write_pictures` does.
    """
    pictures = iter(frames)
    first = next(pictures, None)
    if first is None:
        raise BadInput(f"{path} would have no frames: choose a longer range.")
    form = form_of_pictures(path, (first.shape[1], first.shape[0]), rate)
    write_pictures(path, map(Picture, itertools.chain([first], pictures)), form)


def write_pictures(
    path: Path, pictures: Iterable[Picture], form: MovieForm, comment: str = ""
) -> None:
    """Write a movie, taking one picture at a time; comment: how it was made, for its metadata.

    Raises BadInput for sizes that differ, else as `core.files.replacing` does.
    """
    with replacing(path) as temporary:
        try:
            _write(temporary, path, pictures, form, comment)
        except FFmpegError as error:
            if isinstance(error, OSError) and error.errno:
                raise
            raise JobFailed(f"{path} could not be encoded ({error}).") from error


def _write(
    temporary: Path, path: Path, pictures: Iterable[Picture], form: MovieForm, comment: str
) -> None:
    frames = enumerate(pictures)
    first = next(frames, None)
    if first is None:
        raise BadInput(f"{path} would have no frames: choose a longer range.")
    shape = first[1].colour.shape
    kind = CONTAINERS[path.suffix.lower()]
    with ExitStack() as files:
        target = files.enter_context(
            av.open(f"file:{temporary}", "w", format=kind, container_options=_BITEXACT)
        )
        if comment:
            target.metadata["comment"] = comment
        coding = _Coding.begin(target, form, shape, files)
        for number, frame in itertools.chain([first], frames):
            if frame.colour.shape != shape:
                raise BadInput(
                    f"{path} mixes frames of {shape[1]}x{shape[0]} and "
                    f"{frame.colour.shape[1]}x{frame.colour.shape[0]}: give frames of one size."
                )
            coding.add(number, frame)
        coding.finish()


@dataclass(frozen=True, slots=True)
class _Coding:
    """A movie that is being written; originals: packets of a source that may be copied."""

    form: MovieForm
    target: OutputContainer
    stream: VideoStream
    sound: SoundCopy | None
    originals: Iterator[tuple[int, Packet]]

    @classmethod
    def begin(
        cls, target: OutputContainer, form: MovieForm, shape: tuple[int, ...], files: ExitStack
    ) -> "_Coding":
        stream = _stream(target, form, shape)
        sound, originals = None, iter(())
        if form.sound is not None:
            heard = files.enter_context(open_movie(form.sound.path))
            sound = SoundCopy(heard, target, form.sound)
        if form.source is not None:
            originals = _packets(files.enter_context(open_movie(form.source.path)))
        return cls(form, target, stream, sound, originals)

    def add(self, number: int, frame: Picture) -> None:
        """Code the picture, or copy its packet where nothing of it was touched."""
        begins, lasts = self.form.timing(number)
        if self.sound is not None:
            self.target.mux(list(self.sound.until(begins * self.form.time_base)))
        packet = self._original(frame)
        if packet is None:
            coded = picture(_planes(frame, self.form), self.form.layout, self.form.tags)
            coded.pts, coded.time_base = begins, self.form.time_base
            self._mux(self.stream.encode(coded))
        else:
            packet.pts = packet.dts = begins
            packet.duration, packet.time_base = lasts, self.form.time_base
            packet.stream = self.stream
            self.target.mux(packet)

    def finish(self) -> None:
        """Write what the encoder still holds, and the rest of the sound."""
        self._mux(self.stream.encode(None))
        if self.sound is not None:
            self.target.mux(list(self.sound.until(_FOREVER)))

    def _mux(self, packets: list[Packet]) -> None:
        """Times of a variable rate need telling how long each frame, and the last one, lasts."""
        for packet in packets:
            if self.form.times is not None and packet.pts is not None:
                place = bisect.bisect_left(self.form.times, packet.pts + self.form.times[0])
                packet.duration = self.form.timing(place)[1]
            self.target.mux(packet)

    def _original(self, frame: Picture) -> Packet | None:
        """The packet that the picture came from; ProRes codes each frame by itself."""
        plate = frame.plate
        if plate is None or not isinstance(plate.stored, StoredFrame):
            return None
        if not unchanged(frame.colour, plate).all():
            return None
        return next((p for number, p in self.originals if number == plate.stored.number), None)


def _stream(target: OutputContainer, form: MovieForm, shape: tuple[int, ...]) -> VideoStream:
    options = _X264 if form.codec == "libx264" else form.options
    stream = target.add_stream(form.codec, rate=form.rate, options=options)
    assert isinstance(stream, VideoStream)
    height, width = shape[:2][:: -1 if form.turns % 2 else 1]
    stream.width, stream.height = width, height
    stream.pix_fmt = form.layout.name
    if form.turns:
        stream.set_display_matrix(_TURNS[form.turns])
    if form.timecode is not None:
        stream.metadata["timecode"] = form.timecode
    context = stream.codec_context
    context.flags |= Flags.bitexact
    context.time_base = form.time_base
    context.sample_aspect_ratio = form.aspect
    context.colorspace, context.color_primaries = form.tags.matrix, form.tags.primaries
    context.color_trc, context.color_range = form.tags.transfer, form.tags.range
    return stream


def _packets(source: InputContainer) -> Iterator[tuple[int, Packet]]:
    """The packets of a movie whose frames are stored as they are shown, with their numbers."""
    shown = (p for p in source.demux(source.streams.video[0]) if p.pts is not None)
    return enumerate(packet for packet in shown if not packet.is_discard)


def _planes(frame: Picture, form: MovieForm) -> tuple[Plane, ...]:
    """The picture as the encoder gets it: samples that nobody touched are the plate's own."""
    turned = np.rot90(frame.colour, -form.turns)
    alpha = None if frame.alpha is None else np.rot90(frame.alpha, -form.turns)
    planes = from_rgb(turned, alpha, form.layout, form.meant)
    plate = frame.plate
    if plate is None or not isinstance(plate.stored, StoredFrame):
        return planes
    stored: PlanarFrame = plate.stored.frame
    if (stored.layout, stored.tags) != (form.layout, form.meant):
        return planes
    own = untouched(np.rot90(unchanged(frame.colour, plate).all(-1), -form.turns), form.layout)
    colour = (np.where(*parts) for parts in zip(own, stored.planes, planes, strict=False))
    return (*colour, *planes[len(own) :])
