"""Finished frames as files: of their clip's own kind, or PNG, OpenEXR and movies."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from tokenflow_studio.media.clips import Clip
from tokenflow_studio.media.colour.config import LINEAR, convert
from tokenflow_studio.media.colour.views import choose_view, displayed
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.encoding import Picture, write_pictures
from tokenflow_studio.media.images import seen
from tokenflow_studio.media.movie_forms import MovieForm, form_like, form_of_pictures, is_deep
from tokenflow_studio.media.plates import Grey, Plate, write_plate
from tokenflow_studio.media.sound import silenced
from tokenflow_studio.media.stills import write_light, write_png
from tokenflow_studio.post.plate.alpha import straight
from tokenflow_studio.post.plate.windows import reframed


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished frame.

    plate: as it was read; made: with its new colour; picture: the display window (H, W, 3), 0 to 1,
    as the viewer shows the clip; kept: the take's own plate file, if there is one.
    """

    frame: int
    plate: Plate
    made: Plate
    picture: Image
    kept: Path | None = None


@dataclass(frozen=True, slots=True)
class Rendition:
    """Frames of a clip with other colour, on their way into files.

    frames: all their numbers, ascending; rate: of a movie; view: of the display, where one is
    needed, None for the configuration's own choice; recipe: how they were made, which files that
    the program makes anew say. Plates that are written again keep their own metadata alone.
    """

    clip: Clip
    frames: Sequence[int]
    rate: Fraction
    view: str | None = None
    recipe: str = ""


def is_as_shown(plate: Plate, clip: Clip) -> bool:
    """Whether an 8-bit picture of the frame holds all that a PNG of it could."""
    shallow = plate.stored.bits <= 8 and plate.alpha is None
    return shallow and not clip.info.is_scene_linear


def write_as_image(path: Path, finished: Finished, to: Rendition) -> None:
    """The plate's own file with other colour where it is of that kind, else EXR or PNG."""
    suffix = path.suffix.lower()
    if suffix in finished.plate.stored.suffixes:
        write_plate(path, finished.plate, finished.made.colour)
    elif suffix == ".exr":
        _write_exr(path, finished, to)
    else:
        _write_png(path, finished, to)


def _write_png(path: Path, finished: Finished, to: Rendition) -> None:
    """For a display, with straight alpha, as deep as the plate; 16 bits through a view."""
    deep = to.clip.info.is_scene_linear or finished.plate.stored.bits > 8
    picture = _for_display(finished, to)
    write_png(path, picture, _alpha(finished), deep=deep, recipe=to.recipe)


def _write_exr(path: Path, finished: Finished, to: Rendition) -> None:
    """Scene-referred plates as light, others in their own codes; nothing is clipped."""
    info, made = to.clip.info, finished.made
    colour, space = straight(made), info.space.name
    if info.is_scene_linear:
        colour, space = convert(colour, space, LINEAR, info.config), LINEAR
    alpha = _alpha(finished)
    colour = reframed(colour, made.data, made.display)
    if alpha is not None:
        colour *= alpha[..., None]
    write_light(
        path,
        colour,
        alpha,
        space=space,
        timecode=info.timecode_at(finished.frame),
        rate=info.rate,
        pixel_aspect=info.pixel_aspect,
        recipe=to.recipe,
    )


def write_as_movie(path: Path, frames: Iterator[Finished], to: Rendition) -> None:
    """One movie of all frames. Raises as `media.encoding.write_pictures` does."""
    first = next(frames)
    own = _in_own_colour(path, to)

    def picture(finished: Finished) -> Picture:
        if own:
            return Picture(finished.made.colour, finished.made.alpha, finished.plate)
        return Picture(_for_display(finished, to), _alpha(finished))

    pictures = map(picture, itertools.chain([first], frames))
    write_pictures(path, pictures, _form(path, first, to), to.recipe)


def lost_sound(path: Path, to: Rendition) -> str:
    """A sentence on sound of the clip that a movie of this name cannot hold, or nothing."""
    movie = to.clip.movie
    if movie is None:
        return ""
    if movie.sound and to.rate != movie.rate:
        return f"{path.name} has no sound, because its rate is not that of {movie.path.name}."
    lost = silenced(movie.sound, path.suffix.lower()) if movie.sound else ()
    kinds = " and ".join(dict.fromkeys(lost))
    return f"{path.name} cannot hold the {kinds} sound of {movie.path.name}." if lost else ""


def _form(path: Path, first: Finished, to: Rendition) -> MovieForm:
    info, movie = to.clip.info, to.clip.movie
    timecode = info.timecode_at(first.frame)
    if movie is None:
        return form_of_pictures(
            path,
            (info.width, info.height),
            to.rate,
            alpha=first.made.alpha is not None,
            aspect=info.pixel_aspect,
            timecode=timecode,
        )
    own = _in_own_colour(path, to)
    return form_like(path, movie, to.frames, to.rate, own_colour=own, timecode=timecode)


def _in_own_colour(path: Path, to: Rendition) -> bool:
    """Whether a movie keeps its clip's own colour: a movie's, where no view is needed or asked for.

    Camera log and HDR need more than 8 bits, or else a view.
    """
    movie = to.clip.movie
    if movie is None:
        return False
    return not to.clip.info.is_scene_linear or (to.view is None and is_deep(path, movie))


def _for_display(finished: Finished, to: Rendition) -> Image:
    """(H, W, 3) over the display window, 0 to 1, not multiplied by alpha."""
    info, made = to.clip.info, finished.made
    if made.alpha is not None and made.premultiplied:
        made = replace(made, colour=straight(made), premultiplied=False)
    if not info.is_scene_linear:
        return (
            finished.picture
            if made is finished.made
            else seen(made, info.space.name, info.config)[0]
        )
    whole = reframed(made.colour, made.data, made.display)
    return displayed(whole, info.space.name, choose_view(to.view, info.config), info.config)


def _alpha(finished: Finished) -> Grey | None:
    made = finished.made
    if made.alpha is None:
        return None
    return np.clip(np.nan_to_num(reframed(made.alpha, made.data, made.display)), 0, 1)
