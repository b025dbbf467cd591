"""Where the edit shows, frame by frame: matte files, a drawn shape, or both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.finishing import Missing
from tokenflow_studio.core.request import EditRequest
from tokenflow_studio.jobs.keys import content_key, key_of
from tokenflow_studio.media.clips import open_clip
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
def opened_mattes(request: EditRequest) -> Iterator[Mattes]:
    """The mattes that a request asks for. Raises BadInput, also when a frame is asked for."""
    if not request.matte and not request.matte_shape:
        yield lambda _frame, _plate: None
        return
    with _opened_files(request.matte, request.missing) as read:

        def matte(frame: int, plate: Plate) -> Grey:
            shown = np.zeros((plate.data.height, plate.data.width), np.float32)
            file = read(frame) if read else None
            if file is not None:
                shown = _placed(file, plate, request)
            if request.matte_shape:
                shape = drawn(request.matte_shape, plate.data, plate.display)
                shown = np.maximum(shown, shape)
            soft, invert = request.matte_softness, request.matte_invert
            return prepared(shown, softness=soft, invert=invert)

        yield matte


def matte_keys(request: EditRequest) -> tuple[str, ...]:
    """What the matte files hold, so that a matte that was drawn again is another one."""
    if not request.matte:
        return ()
    files = _numbered_files(request.matte)
    if files is None:
        with open_clip(request.matte) as clip:
            files = {0: clip.source_file(clip.info.frames[0])}
    return (key_of(sorted((number, content_key(path)) for number, path in files.items())),)


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


def _placed(matte: Plate, plate: Plate, request: EditRequest) -> Grey:
    """The wanted channel over the plate's data window; display windows lie on each other."""
    ours, its = plate.display, matte.display
    if (ours.width, ours.height) != (its.width, its.height):
        raise BadInput(
            f"The matte {request.matte} is {its.width}x{its.height}, the clip "
            f"{ours.width}x{ours.height}: give a matte of the clip's size."
        )
    x, y = matte.data.x - its.x + ours.x, matte.data.y - its.y + ours.y
    at = Window(x, y, matte.data.width, matte.data.height)
    return reframed(_channel(matte, request.matte_channel, request.matte), at, plate.data)


def _channel(matte: Plate, name: str, spec: str) -> Grey:
    """The named channel, else alpha, else the luminance."""
    if not name:
        return matte.colour @ _LUMINANCE if matte.alpha is None else matte.alpha
    channels: dict[str, NDArray[np.generic]] = {
        "r": matte.colour[..., 0], "g": matte.colour[..., 1], "b": matte.colour[..., 2],
    }  # fmt: skip
    if matte.alpha is not None:
        channels["a"] = matte.alpha
    if isinstance(matte.stored, StoredExr):
        part = matte.stored.file.parts[matte.stored.layer.part]
        channels |= {key.lower(): pixels for key, pixels in part.items()}
    found = channels.get(name.lower())
    if found is None or found.shape != matte.colour.shape[:2]:
        raise BadInput(
            f"The matte {spec} has no channel '{name}' (it has: {', '.join(channels)}): choose "
            "another."
        )
    return found.astype(np.float32)
