"""Movies, by PyAV: exact frame counts and any frame in presentation order, quickly."""

import bisect
import os
from collections import OrderedDict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.curves import Image, Losses
from tokenflow_studio.media.signatures import MOVIES, recognise

_MAX_SIDE = 32768
_CACHE_BYTES = 192 * 2**20  # decoded frames kept for scrubbing, in the movie's own pixel format
_UNSPECIFIED = 2  # FFmpeg's number for a colour matrix that the file does not name


class Movie:
    """One video stream. `frames` counts from 0 in presentation order, whatever the timestamps."""

    def __init__(self, path: Path) -> None:
        """Open and index the movie, without decoding more than its first frame.

        Raises BadInput for anything that is no whole movie with pictures.
        """
        self.path = path
        self._container = _open(path)
        try:
            self._stream = self._container.streams.video[0]
            self._index = _Index.of(self._container, self._stream, path)
            self.frames = range(len(self._index.times))
            self._cache: OrderedDict[int, VideoFrame] = OrderedDict()
            self._decoded: Iterator[VideoFrame] = iter(())
            self._position: int | None = None  # the frame that `_decoded` gave last
            first = self._frame(0)
        except BaseException:
            self._container.close()
            raise
        self._turns = round(first.rotation / 90) % 4
        height, width = (first.height, first.width)[:: -1 if self._turns % 2 else 1]
        self.width, self.height = width, height
        self.rate = Fraction(self._stream.guessed_rate or self._stream.average_rate or 25)
        aspect = self._stream.sample_aspect_ratio
        self.pixel_aspect = float(aspect) if aspect else 1.0
        metadata = {**self._container.metadata, **self._stream.metadata}
        self.timecode: str | None = metadata.get("timecode")

    def read(self, frame: int) -> tuple[Image, Losses]:
        """(H, W, 3) sRGB 0..1. Raises BadInput for a frame that cannot be decoded."""
        return self._image(self._frame(frame)), Losses()

    def file(self, frame: int) -> Path:
        """The movie itself."""
        return self.path

    def close(self) -> None:
        """Give the file back."""
        self._cache.clear()
        self._container.close()

    def _frame(self, frame: int) -> VideoFrame:
        if frame in self._cache:
            self._cache.move_to_end(frame)
            return self._cache[frame]
        try:
            return self._decode(frame)
        except FFmpegError as error:
            self._position = None
            raise BadInput(
                f"Frame {frame} of {self.path} is damaged ({error.strerror}): copy the file again."
            ) from error

    def _decode(self, frame: int) -> VideoFrame:
        """Decode on from where the last read ended, or from a keyframe before `frame`."""
        starts = self._index.starts(frame)
        if self._position is None or not starts[0] <= self._position < frame:
            self._seek(starts[0])
        for start in (*starts[1:], None):
            for picture in self._decoded:
                found = self._index.frame(picture)
                if found is None:
                    continue
                self._position = found
                self._keep(found, picture)
                if found == frame:
                    return picture
                if found > frame:
                    break
            if start is not None:  # the keyframe was none, or the seek went too far
                self._seek(start)
        self._position = None
        raise BadInput(f"Frame {frame} of {self.path} cannot be decoded: copy the file again.")

    def _seek(self, start: int) -> None:
        self._container.seek(self._index.times[start], stream=self._stream, backward=True)
        self._decoded = self._container.decode(self._stream)
        self._position = None

    def _keep(self, frame: int, picture: VideoFrame) -> None:
        self._cache[frame] = picture
        self._cache.move_to_end(frame)
        size = sum(plane.buffer_size for plane in picture.planes)
        while len(self._cache) > max(2, _CACHE_BYTES // max(size, 1)):
            self._cache.popitem(last=False)

    def _image(self, picture: VideoFrame) -> Image:
        deep = max(component.bits for component in picture.format.components) > 8
        matrix = picture.colorspace
        if matrix == _UNSPECIFIED:  # by custom: HD is Rec. 709, anything smaller Rec. 601
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
        image = np.rot90(turned, self._turns).astype(np.float32)
        return np.ascontiguousarray(image / np.float32(65535 if deep else 255))


class _Index:
    """The timestamps of all frames in presentation order, and which of them are keyframes."""

    def __init__(self, times: list[int], keys: list[int]) -> None:
        self.times = times
        self._keys = keys

    @classmethod
    def of(cls, container: InputContainer, stream: av.VideoStream, path: Path) -> "_Index":
        """Read every packet, decoding none."""
        times: list[int] = []
        keys: list[int] = []
        try:
            for packet in container.demux(stream):
                time = packet.pts if packet.pts is not None else packet.dts
                if time is None or packet.is_discard:
                    continue
                times.append(time)
                if packet.is_keyframe:
                    keys.append(time)
        except FFmpegError as error:
            raise BadInput(f"{path} is damaged ({error.strerror}): copy the file again.") from error
        if not times:
            raise BadInput(f"{path} holds no frames: export it again.")
        if len(times) < stream.frames:
            raise BadInput(
                f"{path} is cut off, {len(times)} of {stream.frames} frames are there: "
                "copy the file again."
            )
        times = sorted(set(times))
        return cls(times, [bisect.bisect_left(times, key) for key in sorted(keys)])

    def frame(self, picture: VideoFrame) -> int | None:
        """The number of a decoded frame; None for one that the file does not show."""
        if picture.pts is None:
            return None
        place = bisect.bisect_left(self.times, picture.pts)
        return place if place < len(self.times) and self.times[place] == picture.pts else None

    def starts(self, frame: int) -> list[int]:
        """Frames to start decoding at so as to reach `frame`: nearest keyframes, then the first."""
        place = bisect.bisect_right(self._keys, frame)
        nearest = self._keys[max(0, place - 2) : place][::-1]
        return list(dict.fromkeys([*nearest, 0]))


def _open(path: Path) -> InputContainer:
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
        raise BadInput(
            f"{path} is no whole movie, it is cut off or damaged ({error.strerror}): "
            "copy or export it again."
        ) from error
    try:
        if not container.streams.video:
            raise BadInput(
                f"{path} holds no video, only sound or data: give a movie with pictures."
            )
        stream = container.streams.video[0]
        if not (0 < stream.width <= _MAX_SIDE and 0 < stream.height <= _MAX_SIDE):
            raise BadInput(f"{path} has no usable picture size: export it again.")
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = min(4, os.cpu_count() or 1)
    except BaseException:
        container.close()
        raise
    return container
