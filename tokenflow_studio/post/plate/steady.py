"""A finished clip without its flicker, on its own plates: nothing is clipped.

The filter works in codes like those that a model sees. Light goes through the shot's curve, so that
a highlight weighs no more than it shows, and back through its inverse.
"""

import dataclasses
from collections.abc import Iterator, Sequence

from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.colour.model_encoding import ModelEncoding, shot_encoding
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.images import seen
from tokenflow_studio.media.plates import Plate, Wanted, Window
from tokenflow_studio.post.deflicker import deflicker
from tokenflow_studio.post.plate.finish import recoloured, through
from tokenflow_studio.post.plate.windows import clip_window
from tokenflow_studio.post.plate.writing import Finished


def steadied_plates(
    clip: Clip, behind: Clip, frames: Sequence[int], amount: float, source: Clip | None, offset: int
) -> Iterator[Finished]:
    """The frames one by one, a dozen behind what is read.

    behind: the same clip, opened again: plates are read twice, not held. source: the clip before
    the edit; offset: from a frame's number to the source's. Raises as `post.deflicker.deflicker`
    and `Clip.read_plate` do.
    """
    encoding = shot_encoding(clip)
    display = clip.read_plate(frames[0]).display
    window = clip_window(clip, Wanted(), display)
    guide = None
    if source is not None:
        guide = _guide(source, [frame + offset for frame in frames], encoding, window, display)
    codes = (encoding.encode(through(window, clip.read_plate(frame))) for frame in frames)
    steady = deflicker(codes, amount=amount, source=guide)
    for frame, code in zip(frames, steady, strict=True):
        plate = behind.read_plate(frame)
        made = dataclasses.replace(plate, colour=_made(plate, window, encoding, code))
        yield Finished(frame, plate, made, seen(made, encoding.space, encoding.config)[0])


def _made(plate: Plate, window: Window, encoding: ModelEncoding, code: Image) -> Image:
    touched = (encoding.encode(through(window, plate)) != code).any(axis=-1)
    return recoloured(plate, window, encoding.decode(code), touched)


def _guide(
    source: Clip, frames: Sequence[int], encoding: ModelEncoding, window: Window, display: Window
) -> Iterator[Image]:
    """The source in the same codes, through the same window of the picture, whatever its size."""
    info = source.info
    encoding = dataclasses.replace(
        encoding, space=info.space.name, config=info.config, scene_referred=info.is_scene_linear
    )
    for frame in frames:
        plate = source.read_plate(frame)
        yield encoding.encode(through(_onto(window, display, plate.display), plate))


def _onto(window: Window, display: Window, other: Window) -> Window:
    """What a window beside one display window is beside another one."""
    wide, high = other.width / display.width, other.height / display.height
    return Window(
        other.x + round((window.x - display.x) * wide),
        other.y + round((window.y - display.y) * high),
        round(window.width * wide),
        round(window.height * high),
    )
