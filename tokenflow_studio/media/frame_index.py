"""Which frames a movie shows, and when: read from its packets, without decoding any."""

import bisect
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Self

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tokenflow_studio.core.errors import BadInput

_DURATION = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")


class FrameIndex:
    """The timestamps of all frames in presentation order, and where decoding can start."""

    def __init__(self, times: list[int], keys: list[int], last: int) -> None:
        """times: in the stream's time base, rising; keys: frame numbers of the keyframes.

        last: how long the last frame is shown, 0 where the file does not say.
        """
        self.times = times
        self.last = last
        self._keys = keys

    @classmethod
    def of(cls, container: InputContainer, path: Path, beat: Callable[[], None]) -> Self:
        """Index the first video stream. Raises BadInput for no frames and for a cut-off file.

        beat: called for every packet, which may be a long way through a large file.
        """
        stream = container.streams.video[0]
        shown: list[tuple[int, bool, int]] = []
        torn = False
        try:
            for packet in container.demux(stream):
                beat()
                time = packet.pts if packet.pts is not None else packet.dts
                torn = torn or packet.is_corrupt
                if time is not None and not packet.is_discard:
                    shown.append((time, packet.is_keyframe, packet.duration or 0))
        except FFmpegError as error:
            raise BadInput(f"{path} is damaged ({error.strerror}): copy the file again.") from error
        if not shown:
            raise BadInput(f"{path} holds no frames: export it again.")
        shown.sort()
        times = [time for time, _, _ in shown]
        announced = _announced(stream, times)
        if torn or len(times) < announced:
            whole = f" of {announced}" if announced > len(times) else ""
            raise BadInput(
                f"{path} is cut off after {len(times)}{whole} frames: copy or export it again."
            )
        # AVI stores no presentation times: seeking in it is exact where all frames are keyframes.
        exact = container.format.name != "avi" or all(key for _, key, _ in shown)
        keys = [n for n, (_, key, _) in enumerate(shown) if key] if exact else []
        return cls(times, keys, shown[-1][2])

    def frame(self, picture: VideoFrame) -> int | None:
        """The number of a decoded frame; None for one that the file does not show."""
        if picture.pts is None:
            return None
        place = bisect.bisect_left(self.times, picture.pts)
        return place if place < len(self.times) and self.times[place] == picture.pts else None

    def starts(self, frame: int) -> list[int]:
        """The two nearest keyframes at or before `frame`, the nearer one first."""
        place = bisect.bisect_right(self._keys, frame)
        return self._keys[max(0, place - 2) : place][::-1]


def _announced(stream: VideoStream, times: list[int]) -> int:
    """How many frames the header promises; 0 where it does not say.

    MP4 counts them. Matroska tells the duration, which becomes a count where more than two frames
    are lacking at the end.
    """
    duration = _DURATION.fullmatch(stream.metadata.get("DURATION", ""))
    rate = stream.average_rate
    if stream.frames or duration is None or not rate or stream.time_base is None:
        return stream.frames
    hours, minutes, seconds = duration.groups()
    end = int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds)
    first, last = times[0] * stream.time_base, times[-1] * stream.time_base
    return round((end - first) * rate) if (end - last) * rate > 3 else 0
