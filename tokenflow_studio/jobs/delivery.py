"""Where a result goes besides its take folder: a pattern of images, a movie, or a folder."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.files import sweep_temporaries
from tokenflow_studio.core.job import JobKind, JobOrder
from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.jobs.takes import MOVIE, Take, hand_over
from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.outputs import Output, parse_output
from tokenflow_studio.post.plate.writing import (
    Finished,
    is_as_shown,
    lost_sound,
    write_as_image,
    write_as_movie,
)

_IN_FOLDER = ("request.json", "report.json", "contact_sheet.png", "side_by_side.mp4")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Writes what was ordered; `files` is None for a folder, `folder` None for files.

    number_of: output frame number by source frame number; kept: the take keeps a movie of its own.
    """

    files: Output | None
    folder: Path | None
    number_of: dict[int, int]
    kept: bool = False

    @classmethod
    def of(cls, order: JobOrder, clip: Clip, frames: tuple[int, ...]) -> "Delivery":
        """Read the order's output. Raises BadInput if it cannot be written or lies on the clip."""
        start = frames[0] if order.start_frame is None else order.start_frame
        numbers = {frame: start + index for index, frame in enumerate(frames)}
        path = Path(order.output).expanduser()
        if not order.output:
            return cls(None, None, numbers, order.keep_movie and clip.info.kind == "movie")
        if order.kind is JobKind.KEYFRAMES or not path.suffix or path.is_dir():
            if path.exists() and not path.is_dir():
                raise BadInput(f"The output {path} is a file: name a folder.")
            parse_output(str(path / "frames" / "####.png"))
            return cls(None, path, {frame: frame for frame in frames})
        output = parse_output(order.output)
        output.check_apart(clip, numbers.values())
        return cls(output, None, numbers)

    def check_free(self, take: Take, overwrite: bool) -> None:
        """Refuse to replace files that another request wrote. Raises BadInput."""
        if overwrite or self._name() in take.report().get("outputs", []):
            return
        taken = next((path for path in self._targets(take) if path.exists()), None)
        if taken is not None:
            raise BadInput(f"{taken} already exists: choose another name, or add --overwrite.")

    def sweep(self) -> None:
        """Remove temporary files of killed workers where the output goes."""
        if self.folder is not None:
            sweep_temporaries(self.folder)
            sweep_temporaries(self.folder / "frames")
        elif self.files is not None:
            sweep_temporaries(self.files.folder)

    def claim(self, take: Take) -> None:
        """Note in the take's report that it goes here, so that the same request completes it."""
        if self._name():
            outputs = take.report().get("outputs", [])
            take.write_report(outputs=sorted({*outputs, self._name()}))

    def write_frame(self, take: Take, finished: Finished, shot: Shot) -> None:
        """Hand one finished frame over."""
        frame = finished.frame
        if self.folder is not None:
            hand_over(take.frame(frame), self.folder / "frames" / take.frame(frame).name)
        elif self.files is not None and not self.files.is_movie:
            self._write_file(take, finished, self.files.path(self.number_of[frame]), shot)

    def _write_file(self, take: Take, finished: Finished, path: Path, shot: Shot) -> None:
        suffix = path.suffix.lower()
        if finished.kept is not None and finished.kept.suffix == suffix:
            hand_over(finished.kept, path)
        elif suffix == ".png" and is_as_shown(finished.plate, shot.clip):
            hand_over(take.frame(finished.frame), path)
        else:
            write_as_image(path, finished, shot.rendition)

    def has_frame(self, take: Take, frame: int) -> bool:
        """Whether the frame's own file is there already (True where there is none)."""
        if self.folder is not None:
            return (self.folder / "frames" / take.frame(frame).name).exists()
        if self.files is None or self.files.is_movie:
            return True
        return self.files.path(self.number_of[frame]).exists()

    def lacks_movie(self, take: Take) -> bool:
        """Whether a movie was ordered that this take has not written whole yet."""
        if self.kept:
            return not take.movie.exists()
        if self.files is None or not self.files.is_movie:
            return False
        written = self._name() in take.report().get("delivered", [])
        return not (written and Path(self._name()).exists())

    def notice(self, shot: Shot) -> str:
        """What the output cannot hold of the clip, as a sentence, or nothing."""
        is_movie = self.kept or (self.files is not None and self.files.is_movie)
        return lost_sound(Path(self._name() or MOVIE), shot.rendition) if is_movie else ""

    def write_movie(self, take: Take, frames: Iterator[Finished], shot: Shot) -> None:
        """Write the movie, frame by frame."""
        if self.kept:
            write_as_movie(take.movie, frames, shot.rendition)
            return
        write_as_movie(Path(self._name()), frames, shot.rendition)
        delivered = take.report().get("delivered", [])
        take.write_report(delivered=sorted({*delivered, self._name()}))

    def finish(self, take: Take) -> None:
        """Hand over what shows a take as a whole."""
        if self.folder is not None:
            for name in _IN_FOLDER:
                if (take.folder / name).exists():
                    hand_over(take.folder / name, self.folder / name)

    def _name(self) -> str:
        return str(self.folder or (self.files.spec if self.files else ""))

    def _targets(self, take: Take) -> Iterator[Path]:
        if self.folder is not None:
            yield from (self.folder / name for name in _IN_FOLDER)
            yield from (self.folder / "frames" / take.frame(f).name for f in self.number_of)
        elif self.files is not None:
            yield from (self.files.path(number) for number in self.number_of.values())


def pictures(take: Take, frames: Iterable[int]) -> Iterator[Image]:
    """The take's finished frames (H, W, 3), 0 to 1, one after the other."""
    for frame in frames:
        pixels = cv2.imread(str(take.frame(frame)), cv2.IMREAD_COLOR)
        if pixels is None:
            raise BadInput(f"{take.frame(frame)} cannot be read: start the job again.")
        yield np.asarray(pixels[..., ::-1], np.float32) / np.float32(255)
