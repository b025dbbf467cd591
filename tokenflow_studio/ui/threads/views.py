"""Displays and views: which there are, and pictures through one. Off the window's thread."""

from pathlib import Path
from typing import TYPE_CHECKING

from tokenflow_studio.ui.threads.cache import FrameKey, frame_file

# Imported inside the functions: OpenImageIO would cost the window's start half a second.
if TYPE_CHECKING:
    from tokenflow_studio.media.clips import Clip
    from tokenflow_studio.media.colour.views import View
    from tokenflow_studio.media.curves import Image
    from tokenflow_studio.media.plates import Plate


def offered_views(config: str) -> "tuple[View, ...]":
    """All displays and views of a configuration, its default first. Raises BadInput."""
    from tokenflow_studio.media.colour.views import views

    return views(config)


def viewed(clip: "Clip", key: FrameKey) -> "Image":
    """(H, W, 3) 0..1: a frame of a scene-referred clip, or of what was made of it, through a view.

    Pictures without plates, as previews are, hold no light above 1.0. Raises BadInput.
    """
    from tokenflow_studio.media.clips import open_clip
    from tokenflow_studio.media.colour.config import LINEAR
    from tokenflow_studio.media.colour.views import choose_view, displayed
    from tokenflow_studio.media.curves import decode_srgb

    config = clip.info.config
    view = choose_view(key.view, config)
    found = light(clip, key)
    if found is not None:
        return displayed(found, clip.info.space.name, view, config)
    with open_clip(str(frame_file(key.layer, key.frame))) as picture:
        return displayed(decode_srgb(picture.read(picture.info.frames[0])), LINEAR, view, config)


def light(clip: "Clip", key: FrameKey) -> "Image | None":
    """(H, W, 3) in the clip's own colour space: a frame of a scene-referred clip, or of what was
    made of it; None where no plate was kept, as of previews. Raises BadInput."""
    from tokenflow_studio.post.plate.windows import reframed

    plate = clip.read_plate(key.frame) if key.layer == clip.info.spec else _made(clip, key)
    return None if plate is None else reframed(plate.colour, plate.data, plate.display)


def _made(clip: "Clip", key: FrameKey) -> "Plate | None":
    """The finished frame of a take, if the take keeps it."""
    from tokenflow_studio.media.images import read_plate
    from tokenflow_studio.media.plates import Wanted
    from tokenflow_studio.post.plate.codes import with_codes

    home = Path(key.layer).parent
    file = next(home.glob(f"plates/{key.frame:04d}.*"), None)
    if file is not None:
        return read_plate(file, Wanted())
    codes = frame_file(str(home / "codes"), key.frame)
    return with_codes(clip.read_plate(key.frame), codes) if codes.exists() else None
