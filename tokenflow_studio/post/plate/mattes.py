"""Where the edit shows, frame by frame: matte files, a drawn shape, or both."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import Matte, Missing
from tokenflow_studio.media.clips import Clip, open_clip
from tokenflow_studio.media.exr.plates import StoredExr
from tokenflow_studio.media.images import read_plate
from tokenflow_studio.media.patterns import Pattern, folder_pattern
from tokenflow_studio.media.plates import Plate, Wanted, Window
from tokenflow_studio.post.plate.matte import drawn, prepared
from tokenflow_studio.post.plate.windows import reframed

Grey = NDArray[np.float32]
Mattes = Callable[[int, Plate], Grey | None]
"""The matte (h, w) of a frame over its plate's data window; None where the edit shows all over."""

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)  # Rec. 709


@contextmanager
def opened_mattes(matte: Matte) -> Iterator[Mattes]:
    """What reads a matte. Raises BadInput, also when a frame is asked for."""
    if not matte:
        yield lambda _frame, _plate: None
        return
    with _opened_files(matte.file, matte.missing) as read:

        def shown(frame: int, plate: Plate) -> Grey:
            grey = np.zeros((plate.data.height, plate.data.width), np.float32)
            file = read(frame) if read else None
            if file is not None:
                grey = _placed(file, plate, matte)
            if matte.shape:
                grey = np.maximum(grey, drawn(matte.shape, plate.data, plate.display))
            return prepared(grey, softness=matte.softness, invert=matte.inverted)

        yield shown


@contextmanager
def displayed_mattes(matte: Matte, clip: Clip) -> Iterator[Callable[[int], Grey] | None]:
    """What reads a matte over the display window of a clip's frames; None where there is none."""
    if not matte:
        yield None
        return
    with opened_mattes(matte) as shown:

        def displayed(frame: int) -> Grey:
            plate = clip.read_plate(frame)
            grey = shown(frame, plate)
            assert grey is not None
            return reframed(grey, plate.data, plate.display)

        yield displayed


def check_matte(matte: Matte, frames: Sequence[int], plate: Plate) -> None:
    """Refuse at once what would be refused in the middle of a job. Raises BadInput.

    frames: all that need the matte; plate: one of them.
    """
    if not matte:
        return
    numbered = sorted(_numbered_files(matte.file) or {}) if matte.file else []
    for frame in frames if numbered else ():
        _stand_in(frame, numbered, matte.missing, matte.file)
    with opened_mattes(matte) as shown:
        shown(frames[0], plate)
        shown(frames[-1], plate)


def matte_files(matte: Matte) -> dict[int, Path]:
    """The matte's files by frame number; that of a movie or a held picture under 0."""
    if not matte.file:
        return {}
    files = _numbered_files(matte.file)
    if files is None:
        with open_clip(matte.file) as clip:
            files = {0: clip.source_file(clip.info.frames[0])}
    return files


_Read = Callable[[int], Plate | None]


@contextmanager
def _opened_files(spec: str, missing: Missing) -> Iterator[_Read | None]:
    """Reads the matte's plate of a frame number; None of one that counts as black."""
    if not spec:
        yield None
        return
    files = _numbered_files(spec)
    if files is not None:

        def read_file(frame: int) -> Plate | None:
            number = _stand_in(frame, sorted(files), missing, spec)
            return None if number is None else read_plate(files[number], Wanted())

        yield read_file
        return
    with open_clip(spec) as clip:
        numbers = list(clip.info.frames)

        def read_frame(frame: int) -> Plate | None:
            held = clip.info.kind == "still"
            number = numbers[0] if held else _stand_in(frame, numbers, missing, spec)
            return None if number is None else clip.read_plate(number)

        yield read_frame


def _numbered_files(spec: str) -> dict[int, Path] | None:
    """The files of a sequence, which may have gaps; None where it is a single file."""
    path = Path(spec)
    pattern = folder_pattern(path) if path.is_dir() else Pattern.parse(spec)
    if pattern is None or path.is_file():
        return None
    files = {number: Path(entry.path) for number, entry in pattern.found().items()}
    if not files:
        raise BadInput(f"No file matches the matte {spec}: check the path and the numbers.")
    return files


def _stand_in(frame: int, numbers: list[int], missing: Missing, spec: str) -> int | None:
    """The frame itself, or what stands for a missing one."""
    if frame in numbers:
        return frame
    if missing is Missing.BLACK:
        return None
    if missing is Missing.HOLD:
        return max((number for number in numbers if number < frame), default=numbers[0])
    raise BadInput(
        f"The matte {spec} has no frame {frame}: render it, or add --missing hold or black."
    )


def _placed(file: Plate, plate: Plate, matte: Matte) -> Grey:
    """The wanted channel over the plate's data window; display windows lie on each other."""
    ours, its = plate.display, file.display
    if (ours.width, ours.height) != (its.width, its.height):
        raise BadInput(
            f"The matte {matte.file} is {its.width}x{its.height}, the clip "
            f"{ours.width}x{ours.height}: give a matte of the clip's size."
        )
    x, y = file.data.x - its.x + ours.x, file.data.y - its.y + ours.y
    at = Window(x, y, file.data.width, file.data.height)
    return reframed(_channel(file, matte.channel, matte.file), at, plate.data)


def _channel(file: Plate, name: str, spec: str) -> Grey:
    """The named channel, else alpha, else the luminance."""
    if not name:
        return file.colour @ _LUMINANCE if file.alpha is None else file.alpha
    channels: dict[str, NDArray[np.generic]] = {
        "r": file.colour[..., 0], "g": file.colour[..., 1], "b": file.colour[..., 2],
    }  # fmt: skip
    if file.alpha is not None:
        channels["a"] = file.alpha
    if isinstance(file.stored, StoredExr):
        part = file.stored.file.parts[file.stored.layer.part]
        channels |= {key.lower(): pixels for key, pixels in part.items()}
    found = channels.get(name.lower())
    if found is None or found.shape != file.colour.shape[:2]:
        raise BadInput(
            f"The matte {spec} has no channel '{name}' (it has: {', '.join(channels)}): choose "
            "another."
        )
    return found.astype(np.float32)
