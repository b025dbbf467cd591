"""Movies of any kind to read, and what is in movies that were written."""

import contextlib
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.media.clips import open_clip
from tokenflow_studio.media.movie_forms import MovieTraits
from tokenflow_studio.media.planes import ColourTags, Layout, picture, planar

_SOUND_RATE = 48000
_FORMS = {".mov": "mov", ".mp4": "mp4", ".mkv": "matroska", ".mxf": "mxf"}


@dataclass(frozen=True)
class Made:
    """How a test's movie is made; times: milliseconds of each frame; beep: when it sounds, in s."""

    codec: str
    pix_fmt: str
    size: tuple[int, int] = (64, 48)
    rate: Fraction = Fraction(24)
    tags: ColourTags = field(default_factory=lambda: ColourTags(1, 1, 1, 1))
    aspect: Fraction = Fraction(1)
    turns: int = 0
    timecode: str = ""
    times: tuple[int, ...] = ()
    beep: float | None = None
    sound: str = "aac"
    options: dict[str, str] = field(default_factory=dict)


def write_made(path: Path, count: int, made: Made) -> Path:
    """A movie of soft waves that wander, alpha as a ramp."""
    layout = Layout.of(made.pix_fmt)
    with av.open(str(path), "w", format=_FORMS[path.suffix]) as container:
        stream = container.add_stream(made.codec, rate=made.rate, options=made.options)
        stream.width, stream.height = made.size
        stream.pix_fmt = made.pix_fmt
        if made.turns:
            stream.set_display_matrix([0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30])
        if made.timecode:
            stream.metadata["timecode"] = made.timecode
        context = stream.codec_context
        context.sample_aspect_ratio = made.aspect
        context.colorspace, context.color_primaries = made.tags.matrix, made.tags.primaries
        context.color_trc, context.color_range = made.tags.transfer, made.tags.range
        if made.times:
            context.time_base = Fraction(1, 1000)
        sound = None if made.beep is None else container.add_stream(made.sound, rate=_SOUND_RATE)
        for number in range(count):
            frame = picture(_waves(number, layout, made.size), layout, made.tags)
            if made.times:
                frame.pts, frame.time_base = made.times[number], Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            for samples in _beep(float(count / made.rate), made.beep or 0.0):
                container.mux(sound.encode(samples))
            container.mux(sound.encode(None))
    return path


def _waves(number: int, layout: Layout, size: tuple[int, int]) -> tuple[NDArray[np.generic], ...]:
    width, height = size
    planes = []
    for place in range(layout.planes):
        chroma = place in (1, 2) and not layout.is_rgb
        shape = (
            -(-height // (layout.y_step if chroma else 1)),
            -(-width // (layout.x_step if chroma else 1)),
        )
        rows, columns = np.indices(shape)
        wave = 0.5 + 0.3 * np.sin((columns + number) / (9 + place)) * np.cos(rows / (7 + place))
        if layout.has_alpha and place == layout.planes - 1:
            wave = columns / (width - 1)
        kind = np.uint16 if layout.bits > 8 else np.uint8
        planes.append(np.rint(wave * layout.peak).astype(kind))
    return tuple(planes)


def _beep(seconds: float, at: float) -> list[av.AudioFrame]:
    """Silence with a short beep."""
    count = int(seconds * _SOUND_RATE)
    time = np.arange(count) / _SOUND_RATE
    near = np.exp(-(((time - at) / 0.005) ** 2))
    wave = (near * np.sin(2 * np.pi * 1000 * time) * 20000).astype(np.int16)
    frames = []
    for start in range(0, count, 1024):
        part = np.repeat(wave[start : start + 1024], 2)[None]
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = _SOUND_RATE, start
        frame.time_base = Fraction(1, _SOUND_RATE)
        frames.append(frame)
    return frames


def loudest(path: Path) -> float:
    """Seconds from the first picture to the loudest sound."""
    best, at = 0.0, -1.0
    with av.open(str(path)) as container:
        first = next(container.decode(video=0))
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            wave = np.abs(frame.to_ndarray().astype(np.float64))
            wave = wave.max(0) if frame.format.is_planar else wave.reshape(-1, 2).max(1)
            if wave.max() > best:
                best, at = wave.max(), float(frame.time or 0) + wave.argmax() / frame.sample_rate
    return at - float(first.time or 0)


def decoded(path: Path) -> list[tuple[NDArray[np.generic], ...]]:
    """The planes of every frame, as the decoder gives them."""
    with av.open(str(path)) as container:
        return [planar(frame, ColourTags()).planes for frame in container.decode(video=0)]


def traits_of(path: Path) -> MovieTraits:
    """What the movie says of itself."""
    with contextlib.closing(open_clip(str(path))) as clip:
        assert clip.movie is not None
        return clip.movie
