"""Finished frames in other kinds of files than their clip's: movies, PNG, OpenEXR."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tokenflow_studio.jobs.shot import Shot
from tokenflow_studio.media.colour.config import LINEAR, convert
from tokenflow_studio.media.colour.views import choose_view, displayed
from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.encoding import Picture, write_pictures
from tokenflow_studio.media.images import seen
from tokenflow_studio.media.movie_forms import MovieForm, form_like, form_of_pictures, is_deep
from tokenflow_studio.media.plates import Grey, Plate
from tokenflow_studio.media.sound import silenced
from tokenflow_studio.media.stills import write_light, write_png
from tokenflow_studio.post.plate.alpha import straight
from tokenflow_studio.post.plate.windows import reframed


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished frame.

    plate: as it was read; made: with its new colour; picture: the display window (H, W, 3), 0 to 1,
    as the viewer shows the clip; kept: the take's own plate file.
    """

    frame: int
    plate: Plate
    made: Plate
    picture: Image
    kept: Path | None


def is_as_shown(finished: Finished, shot: Shot) -> bool:
    """Whether the take's own picture is all that a PNG of the frame could hold."""
    shallow = finished.plate.stored.bits <= 8 and finished.plate.alpha is None
    return shallow and not shot.clip.info.is_scene_linear


def write_as_png(path: Path, finished: Finished, shot: Shot) -> None:
    """For a display, with straight alpha, as deep as the plate; 16 bits through a view."""
    deep = shot.clip.info.is_scene_linear or finished.plate.stored.bits > 8
    write_png(path, _for_display(finished, shot), _alpha(finished), deep=deep)


def write_as_exr(path: Path, finished: Finished, shot: Shot) -> None:
    """Scene-referred plates as light, others in their own codes; nothing is clipped."""
    info, made = shot.clip.info, finished.made
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
    )


def write_as_movie(path: Path, frames: Iterator[Finished], shot: Shot) -> None:
    """One movie of all frames. Raises as `media.encoding.write_pictures` does."""
    first = next(frames)
    own = _in_own_colour(path, shot)

    def picture(finished: Finished) -> Picture:
        if own:
            return Picture(finished.made.colour, finished.made.alpha, finished.plate)
        return Picture(_for_display(finished, shot), _alpha(finished))

    pictures = map(picture, itertools.chain([first], frames))
    write_pictures(path, pictures, _form(path, first, shot))


def lost_sound(path: Path, shot: Shot) -> str:
    """A sentence on sound of the clip that a movie of this name cannot hold, or nothing."""
    movie = shot.clip.movie
    if movie is None:
        return ""
    if movie.sound and shot.rate != movie.rate:
        return f"{path.name} has no sound, because its rate is not that of {movie.path.name}."
    lost = silenced(movie.sound, path.suffix.lower()) if movie.sound else ()
    kinds = " and ".join(dict.fromkeys(lost))
    return f"{path.name} cannot hold the {kinds} sound of {movie.path.name}." if lost else ""


def _form(path: Path, first: Finished, shot: Shot) -> MovieForm:
    info, movie = shot.clip.info, shot.clip.movie
    timecode = info.timecode_at(first.frame)
    if movie is None:
        return form_of_pictures(
            path,
            (info.width, info.height),
            shot.rate,
            alpha=first.made.alpha is not None,
            aspect=info.pixel_aspect,
            timecode=timecode,
        )
    own = _in_own_colour(path, shot)
    return form_like(path, movie, shot.delivered, shot.rate, own_colour=own, timecode=timecode)


def _in_own_colour(path: Path, shot: Shot) -> bool:
    """Whether a movie keeps its clip's own colour: a movie's, where no view is needed or asked for.

    Camera log and HDR need more than 8 bits, or else a view.
    """
    movie = shot.clip.movie
    if movie is None:
        return False
    return not shot.clip.info.is_scene_linear or (
        shot.request.view is None and is_deep(path, movie)
    )


def _for_display(finished: Finished, shot: Shot) -> Image:
    """(H, W, 3) over the display window, 0 to 1, not multiplied by alpha."""
    info, made = shot.clip.info, finished.made
    if made.alpha is not None and made.premultiplied:
        made = replace(made, colour=straight(made), premultiplied=False)
    if not info.is_scene_linear:
        return (
            finished.picture
            if made is finished.made
            else seen(made, info.space.name, info.config)[0]
        )
    whole = reframed(made.colour, made.data, made.display)
    return displayed(
        whole, info.space.name, choose_view(shot.request.view, info.config), info.config
    )


def _alpha(finished: Finished) -> Grey | None:
    made = finished.made
    if made.alpha is None:
        return None
    return np.clip(np.nan_to_num(reframed(made.alpha, made.data, made.display)), 0, 1)
