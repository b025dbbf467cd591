"""Displays and views: how a scene-referred plate looks on a screen."""

from dataclasses import dataclass

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.media.colour.config import open_config, pixels_of, resolve
from tokenflow_studio.media.curves import Image


@dataclass(frozen=True, slots=True)
class View:
    """One view of one display, by the names of a configuration."""

    display: str
    view: str

    def __str__(self) -> str:
        return f"{self.display}/{self.view}"


def views(config: str) -> tuple[View, ...]:
    """All that a configuration offers, its default first."""
    opened = open_config(config)
    default = opened.getDefaultDisplayName()
    displays = sorted(opened.getDisplayNames(), key=lambda name: name != default)
    found = []
    for display in displays:
        first = opened.getDefaultViewName(display)
        names = sorted(opened.getViewNames(display), key=lambda name: name != first)
        found += [View(display, name) for name in names]
    return tuple(found)


def choose_view(name: str | None, config: str) -> View:
    """A view by its name, or as display/view; the default for None.

    The default display comes first where several have it. Raises BadInput where there is none.
    """
    offered = views(config)
    if not offered:
        raise BadInput(f"{config} has no display and no view: write EXR, or use another one.")
    if name is None:
        return offered[0]
    wanted = name.strip().lower()
    for view in offered:
        if wanted in (str(view).lower(), view.view.lower()):
            return view
    near = ", ".join(dict.fromkeys(view.view for view in offered))
    raise BadInput(f"There is no view '{name}' in {config}: choose one of {near}.")


def displayed(colour: Image, space: str, view: View, config: str) -> Image:
    """(h, w, 3) of a space as the display's codes 0..1; what is not finite becomes black."""
    finite = np.nan_to_num(colour, nan=0.0, posinf=0.0, neginf=0.0)
    image = oiio.ImageBuf(np.ascontiguousarray(finite, np.float32))
    done = oiio.ImageBufAlgo.ociodisplay(
        image, view.display, view.view, resolve(space, config), colorconfig=config
    )
    return np.clip(pixels_of(done), 0.0, 1.0)
