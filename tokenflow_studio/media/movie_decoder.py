"""Movies as the decoding process reads them: exact frame counts and any frame, by PyAV."""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.frame_index import FrameIndex
from tokenflow_studio.media.image_headers import ColourHints, ImageHeader
from tokenflow_studio.media.movie_forms import MovieTraits
from tokenflow_studio.media.planes import (
    UNSPECIFIED,
    ColourTags,
    PlanarFrame,
    planar,
    planar_layout,
)
from tokenflow_studio.media.signatures import MOVIES, recognise
from tokenflow_studio.media.timecode import valid_timecode

_MAX_SIDE = 32768
_CACHE_BYTES = 192 * 2**20  # decoded frames kept for scrubbing, in the movie's own pixel format


@dataclass(frozen=True, slots=True)
class MovieDescription:
    """What is known of a movie once it is open; frames: how many."""

    frames: int
    header: ImageHeader
    traits: MovieTraits


class MovieDecoder:
    """One video stream. Frames count from 0 in presentation order, whatever the timestamps."""

    def __init__(self, path: Path, beat: Callable[[], None] = lambda: None) -> None:
        """Open and index the movie, decoding no more than its first frame.

        beat: called while long work goes on. Raises BadInput for anything that is no whole movie
        with pictures, and for interlaced ones.
        """
        self.path = path
        self._beat = beat
        with open_movie(path) as container:
            self._index = FrameIndex.of(container, path, beat)
        self._frames = len(self._index.times)
        self._cache: OrderedDict[int, VideoFrame] = OrderedDict()
        self._container = open_movie(path)
        self._decoded: Iterator[tuple[int | None, VideoFrame]] = self._from_start()
        self._position = -1  # the frame that `_decoded` gave last
        try:
            self.description = self._described(self._frame(0))
        except BaseException:
            self._container.close()
            raise

    def _described(self, first: VideoFrame) -> MovieDescription:
        """What the movie says about itself; rotation is known from the first frame."""
        stream = self._container.streams.video[0]
        traits = self._traits(stream, first)
        width, height = traits.size[:: -1 if traits.turns % 2 else 1]
        aspect = float(traits.aspect)
        metadata = {**self._container.metadata, **stream.metadata}
        header = ImageHeader(
            width=width,
            height=height,
            pixel_aspect=1 / aspect if traits.turns % 2 else aspect,
            rate=traits.rate,
            timecode=valid_timecode(metadata.get("timecode")),
            colour=ColourHints(
                transfer=traits.tags.transfer,
                primaries=traits.tags.primaries,
                is_untagged=traits.tags.transfer in (0, UNSPECIFIED),
            ),
        )
        return MovieDescription(self._frames, header, traits)

    def _traits(self, stream: VideoStream, first: VideoFrame) -> MovieTraits:
        rate = Fraction(stream.guessed_rate or stream.average_rate or 25)
        base = stream.time_base or 1 / rate
        times = self._index.times
        lasts = self._index.last or round(1 / rate / base)
        return MovieTraits(
            path=self.path,
            tags=ColourTags(
                first.colorspace, first.color_primaries, first.color_trc, first.color_range
            ),
            layout=planar_layout(first),
            size=(first.width, first.height),
            aspect=Fraction(stream.sample_aspect_ratio or 1),
            turns=round(first.rotation / 90) % 4,
            codec=stream.codec_context.name,
            tag=stream.codec_context.codec_tag,
            rate=rate,
            times=(*times, times[-1] + lasts),
            time_base=base,
            sound=tuple(s.codec_context.name for s in self._container.streams.audio),
        )

    def planes(self, frame: int) -> PlanarFrame:
        """The frame as stored, its tags with every guess made. Raises BadInput for damage."""
        return planar(self._frame(frame), self.description.traits.meant)

    def look(self, frame: int) -> NDArray[Any]:
        """(H, W, 3) upright, in 8 or 16 bits: near enough to look at. Raises as `planes`."""
        return self._image(self._frame(frame))

    def close(self) -> None:
        """Give the file back."""
        self._cache.clear()
        self._decoded = iter(())  # PyAV crashes when decoding goes on in a closed file
        self._container.close()

    def _frame(self, frame: int) -> VideoFrame:
        if frame in self._cache:
            self._cache.move_to_end(frame)
            return self._cache[frame]
        try:
            picture = self._decode(frame)
        except FFmpegError as error:
            self._decoded, self._position = iter(()), self._frames
            raise BadInput(
                f"Frame {frame} of {self.path} is damaged ({error.strerror}): copy the file again."
            ) from error
        if picture is None:
            raise BadInput(f"Frame {frame} of {self.path} cannot be decoded: copy the file again.")
        if picture.interlaced_frame:
            raise BadInput(
                f"Frame {frame} of {self.path} is interlaced, which is not supported: "
                "deinterlace the movie first."
            )
        return picture

    def _decode(self, frame: int) -> VideoFrame | None:
        """Decode on from where the last read ended, or from a keyframe before `frame`.

        A seek that lands too late, as some containers do, is tried again further back, at last
        from the start of the file.
        """
        starts = self._index.starts(frame)
        if (starts[0] if starts else 0) <= self._position < frame:
            picture = self._advance(frame)
            if picture is not None:
                return picture
        for start in starts:
            self._decoded = self._from_keyframe(start)
            picture = self._advance(frame)
            if picture is not None:
                return picture
        self._decoded, self._position = iter(()), -1
        self._container.close()
        self._container = open_movie(self.path)
        self._decoded = self._from_start()
        return self._advance(frame)

    def _advance(self, frame: int) -> VideoFrame | None:
        """Decode up to `frame`; None where it does not come."""
        for found, picture in self._decoded:
            self._beat()
            if found is None:
                continue
            self._position = found
            self._keep(found, picture)
            if found >= frame:
                return picture if found == frame else None
        return None

    def _from_keyframe(self, start: int) -> Iterator[tuple[int | None, VideoFrame]]:
        """Frames from a seek on, numbered by their timestamps; None for those not shown."""
        stream = self._container.streams.video[0]
        self._container.seek(self._index.times[start], stream=stream, backward=True)
        return ((self._index.frame(picture), picture) for picture in self._container.decode(stream))

    def _from_start(self) -> Iterator[tuple[int | None, VideoFrame]]:
        """Frames of a file just opened, numbered by counting."""
        return enumerate(self._container.decode(self._container.streams.video[0]))

    def _keep(self, frame: int, picture: VideoFrame) -> None:
        self._cache[frame] = picture
        self._cache.move_to_end(frame)
        size = sum(plane.buffer_size for plane in picture.planes)
        while len(self._cache) > max(2, _CACHE_BYTES // max(size, 1)):
            self._cache.popitem(last=False)

    def _image(self, picture: VideoFrame) -> NDArray[Any]:
        deep = max(component.bits for component in picture.format.components) > 8
        matrix = picture.colorspace
        if matrix == UNSPECIFIED:  # by custom: HD is Rec. 709, anything smaller Rec. 601
            matrix = Colorspace.ITU709 if picture.height >= 720 else Colorspace.ITU601
        turned = picture.to_ndarray(
            format="rgb48le" if deep else "rgb24",
            src_colorspace=matrix,
            interpolation=Interpolation.BICUBIC
            | Interpolation.FULL_CHR_H_INT
            | Interpolation.ACCURATE_RND
            | Interpolation.BITEXACT,
            threads=1,
        )
        return np.ascontiguousarray(np.rot90(turned, self.description.traits.turns))


def open_movie(path: Path) -> InputContainer:
    """The movie's container, to be closed. Raises BadInput for what is no movie with pictures."""
    form = recognise(path)
    if form not in MOVIES:
        raise BadInput(f"{path} is an image, not a movie: give it as a still or a sequence.")
    try:
        # `file:` and the whitelist: no name and no playlist inside can reach another resource.
        container = av.open(
            f"file:{path}",
            format=form,
            container_options={"protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except FFmpegError as error:
        raise _broken(path, str(error.strerror)) from error
    try:
        if not container.streams:
            raise _broken(path, "it has no streams")
        if not container.streams.video:
            raise BadInput(f"{path} holds no video, only sound or data: give one with pictures.")
        stream = container.streams.video[0]
        if stream.codec_context is None:
            raise _broken(path, "its kind of video is unknown")
        if not (0 < stream.width <= _MAX_SIDE and 0 < stream.height <= _MAX_SIDE):
            raise BadInput(f"{path} has no usable picture size: export it again.")
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = min(4, os.cpu_count() or 1)
    except BaseException:
        container.close()
        raise
    return container


def _broken(path: Path, reason: str) -> BadInput:
    return BadInput(
        f"{path} is no whole movie, it is cut off or damaged ({reason}): copy or export it again."
    )
