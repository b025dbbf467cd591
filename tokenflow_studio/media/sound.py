"""The sound of a movie: its packets are copied, cut to a range, and never decoded."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet

_PREROLL = 2  # packets before the cut that decoders of lossy codecs need; they are not heard


@dataclass(frozen=True, slots=True)
class Sound:
    """All sound of a movie from one time to another, in its own seconds."""

    path: Path
    start: Fraction
    end: Fraction


def silenced(codecs: tuple[str, ...], suffix: str) -> tuple[str, ...]:
    """Those of some audio codecs that a movie of this suffix cannot hold."""
    with av.open(io.BytesIO(), "w", format=suffix.removeprefix(".")) as container:
        return tuple(codec for codec in codecs if codec not in container.supported_codecs)


class SoundCopy:
    """Sound on its way from one open movie into another."""

    def __init__(self, source: InputContainer, target: OutputContainer, sound: Sound) -> None:
        """Add a stream to `target` for each one that it can hold."""
        held = [s for s in source.streams.audio if s.codec_context.name in target.supported_codecs]
        self._streams = {stream: target.add_stream_from_template(stream) for stream in held}
        self._sound = sound
        source.seek(int(sound.start / Fraction(1, av.time_base)), backward=True)
        self._packets = self._cut(source.demux(held)) if held else iter(())
        self._next = next(self._packets, None)

    def until(self, time: Fraction) -> Iterator[Packet]:
        """The packets that begin before `time`, in seconds after the cut, and come now."""
        while self._next is not None:
            packet = self._next
            if (packet.pts or 0) * (packet.time_base or 1) >= time:
                return
            yield packet
            self._next = next(self._packets, None)

    def _cut(self, packets: Iterator[Packet]) -> Iterator[Packet]:
        """Packets of the range, their times counted from its start."""
        ended = set[int]()
        for packet in packets:
            base, stream = packet.time_base, packet.stream
            if packet.pts is None or base is None:
                continue
            begins, lasts = packet.pts * base, (packet.duration or 0) * base
            if begins >= self._sound.end:
                ended.add(stream.index)
                if len(ended) == len(self._streams):
                    return
                continue
            if begins + (1 + _PREROLL) * lasts <= self._sound.start:
                continue
            shift = round(self._sound.start / base)
            packet.pts -= shift
            packet.dts = packet.pts if packet.dts is None else packet.dts - shift
            packet.stream = self._streams[stream]
            yield packet
