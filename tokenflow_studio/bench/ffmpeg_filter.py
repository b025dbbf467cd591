"""FFmpeg's own `deflicker` filter, to compare with."""

import contextlib
from fractions import Fraction

import av
import av.filter
import numpy as np
from av.error import BlockingIOError as NotYet
from av.error import EOFError as Ended

from tokenflow_studio.media.stills import to_bytes
from tokenflow_studio.post.measure import Image


def filtered_by_ffmpeg(frames: list[Image]) -> list[Image]:
    """The frames through FFmpeg's `deflicker` filter as it comes, at the 8 bits that it takes."""
    height, width = frames[0].shape[:2]
    form = av.VideoFormat("yuv444p", width, height)
    graph = av.filter.Graph()
    graph.link_nodes(
        graph.add_buffer(width=width, height=height, format=form, time_base=Fraction(1, 24)),
        graph.add("deflicker"),
        graph.add("buffersink"),
    ).configure()
    result = []
    for number, frame in enumerate([*frames, None]):
        if frame is None:
            graph.push(None)
        else:
            picture = av.VideoFrame.from_ndarray(to_bytes(frame), format="rgb24")
            picture = picture.reformat(format="yuv444p")
            picture.pts, picture.time_base = number, Fraction(1, 24)
            graph.push(picture)
        with contextlib.suppress(NotYet, Ended):
            while True:
                picture = graph.vpull()
                bytes_out = picture.reformat(format="rgb24").to_ndarray()
                result.append(np.asarray(bytes_out, np.float32) / np.float32(255))
    return result
