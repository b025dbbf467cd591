"""What of its media a timeline item shows: file, frames, handles, speed."""

import re

from .desk import exact_rate
from .speeds import has_speed
from .studio import StudioError

HANDLES = 8
_SEQUENCE = re.compile(r"^(.*)\[(\d+)-(\d+)\](\.[A-Za-z0-9]+)$")


class Shot:
    """A timeline item and the frames of its file that it shows.

    spec: as the studio takes it; first: number of the file's first frame (movies count from 0);
    count: frames in the file; seen: first and last number on the timeline; retimed: its speed is
    not 100 %, or cannot be told.
    """

    def __init__(self, desk, item):
        self.item = item
        self.media = item.GetMediaPoolItem()
        if self.media is None:
            raise StudioError(
                f"{item.GetName()} has no file: titles and generators cannot be sent."
            )
        path = self.media.GetClipProperty("File Path")
        if not path:
            raise StudioError(f"{item.GetName()} is no single file: send it as seen.")
        match = _SEQUENCE.match(path)
        self.spec = (
            f"{match.group(1)}{'#' * len(match.group(2))}{match.group(4)}" if match else path
        )
        self.first = int(match.group(2)) if match else 0
        self.count = int(match.group(3)) - self.first + 1 if match else _count(self.media, item)
        self.rate = exact_rate(self.media.GetClipProperty("FPS"))
        self.duration = item.GetDuration()
        self.retimed = _is_retimed(item, self.rate, desk.rate()) or has_speed(
            desk, item, self.rate == desk.rate()
        )
        start = self.first + (_source_start(item) if self.retimed else int(item.GetLeftOffset()))
        self.seen = (start, start + self._source_count() - 1)

    def _source_count(self):
        if not self.retimed:
            return self.duration
        start, end = _source_frames(self.item)
        return abs(end - start) + 1 if (start, end) != (0, 0) else self.count

    def with_handles(self):
        """First and last number to send: what is seen, and frames around it where there are any."""
        first = max(self.first, self.seen[0] - HANDLES)
        last = min(self.first + self.count - 1, self.seen[1] + HANDLES)
        return first, last

    def facts(self, desk):
        """The facts for the studio."""
        first, last = self.with_handles()
        return {
            "frames": f"{first}-{last}",
            "cut": f"{max(first, self.seen[0])}-{min(last, self.seen[1])}",
            "host_first": self.item.GetStart() - (self.seen[0] - first),
            "rate": self.rate,
            "host": {
                "name": "resolve",
                "version": desk.resolve.GetVersionString(),
                "item": self.item.GetUniqueId(),
                "project": desk.project.GetName(),
            },
            "reel": self.media.GetClipProperty("Reel Name") or "",
            "colour": {"file": self.media.GetClipProperty("Input Color Space") or ""},
            "original": self.media.GetClipProperty("File Path"),
        }


def _count(media, item):
    try:
        return int(media.GetClipProperty("Frames"))
    except (TypeError, ValueError):
        raise StudioError(
            f"Resolve does not tell how long the file of {item.GetName()} is."
        ) from None


def _source_frames(item):
    return int(item.GetSourceStartFrame()), int(item.GetSourceEndFrame())


def _source_start(item):
    return min(_source_frames(item))


def _is_retimed(item, media_rate, timeline_rate):
    """No call tells the speed: source and timeline span are compared, in seconds.

    0 to 0 is what conformed timelines say, and means unknown; reversed clips end before they start.
    """
    start, end = _source_frames(item)
    if (start, end) == (0, 0) or end < start:
        return True
    source = (end - start + 1) / _number(media_rate)
    shown = item.GetDuration() / _number(timeline_rate)
    # The ends are rounded to whole frames, and some versions count the last one, others do not.
    return abs(source - shown) > 1.5 / min(_number(media_rate), _number(timeline_rate))


def _number(rate):
    top, _, bottom = rate.partition("/")
    return float(top) / float(bottom or 1)
