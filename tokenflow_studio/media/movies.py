"""Movies, frame by frame, by a process of their own."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.decoding.process import DecoderDied, borrow, give_back
from tokenflow_studio.media.planes import PlanarFrame, alpha_of, to_rgb
from tokenflow_studio.media.plates import Plate, Wanted, Window


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """The planes of one frame of a movie, as they lie in the file."""

    frame: PlanarFrame
    number: int
    suffixes: tuple[str, ...] = ()

    @property
    def bits(self) -> int:
        """Of a sample."""
        return self.frame.layout.bits

    def write(self, path: Path, plate: Plate, colour: Image) -> None:
        """Frames of a movie are written together."""
        raise ValueError(f"{path} cannot hold a single frame of a movie")

    def standing_in(self, timecode: str | None, black: bool) -> "StoredFrame":
        """Movies lack no frames."""
        raise ValueError("a movie lacks no frames")


class Movie:
    """One video stream. `frames` counts from 0 in presentation order, whatever the timestamps."""

    def __init__(self, path: Path, wanted: Wanted) -> None:
        """Open and index the movie, decoding no more than its first frame.

        Raises BadInput for anything that is no whole movie with pictures, and for interlaced ones.
        """
        if wanted.layer or wanted.view:
            raise BadInput(f"{path} has no layers and no stereo views: leave them out.")
        self.path = path
        self._wanted = wanted
        self._decoder = borrow()
        self._opened: int | None = None  # by which process
        try:
            description = self._open()
        except BaseException:
            give_back(self._decoder)
            raise
        self.header, self.traits = description.header, description.traits
        self.frames = range(description.frames)
        self.missing: tuple[int, ...] = ()

    def look(self, frame: int) -> Image:
        """(H, W, 3) 0..1, quickly: near enough to `plate` to look at. Raises BadInput."""
        pixels = self._ask("look", frame)
        return np.divide(pixels, np.iinfo(pixels.dtype).max, dtype=np.float32)

    def plate(self, frame: int) -> Plate:
        """The frame, upright, as R'G'B' of the movie's own matrix and range. Raises as `look`."""
        stored: PlanarFrame = self._ask("planes", frame)
        alpha, turns = alpha_of(stored), self.traits.turns
        frame_window = Window(0, 0, self.header.width, self.header.height)
        straight = self._wanted.premultiplied is None or not self._wanted.premultiplied
        return Plate(
            colour=np.ascontiguousarray(np.rot90(to_rgb(stored), turns)),
            alpha=None if alpha is None else np.ascontiguousarray(np.rot90(alpha, turns)),
            premultiplied=not straight,
            data=frame_window,
            display=frame_window,
            pixel_aspect=self.header.pixel_aspect,
            layer="",
            view="",
            unedited=() if alpha is None else ("A",),
            stored=StoredFrame(stored, frame),
        )

    def file(self, frame: int) -> Path:
        """The movie itself, whatever the frame."""
        return self.path

    def close(self) -> None:
        """Give the file back, once: the decoder belongs to the next clip then."""
        with suppress(BadInput):  # whatever it dies of, it is given back
            if self._is_open():
                self._decoder.ask(str(self.path), "close movie")
        give_back(self._decoder)

    def _ask(self, name: str, frame: int) -> Any:
        """Asked twice, if need be: a process may end by another's hand."""
        what = f"Frame {frame} of {self.path}"
        try:
            return self._once(what, name, frame)
        except DecoderDied:
            return self._once(what, name, frame)

    def _once(self, what: str, name: str, frame: int) -> Any:
        if not self._is_open():
            self._open()
        return self._decoder.ask(what, name, frame)

    def _is_open(self) -> bool:
        return self._decoder.is_alive and self._decoder.pid == self._opened

    def _open(self) -> Any:
        self._decoder.start()
        description = self._decoder.ask(str(self.path), "open movie", self.path)
        self._opened = self._decoder.pid
        return description
