"""The one OpenColorIO configuration: colour spaces by name, and pixels from one to another.

All colour is computed by the OpenColorIO inside OpenImageIO: a second copy of the library would
give the same built-in name to other configurations.
"""

import difflib
import functools
import os

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - as its own documentation writes it
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput, JobFailed
from tokenflow_studio.media.curves import Image

# Pinned by name, so that a newer library changes no pixel. The ACES 1.3 views are nine times as
# fast as those of ACES 2.0.
BUILT_IN = "ocio://studio-config-v2.2.0_aces-v1.3_ocio-v2.4"
# Light by Rec. 709 primaries, in which the model's curve works; a name that every config resolves.
LINEAR = "lin_rec709_scene"
_DISPLAY_WHITE = 1.5  # a code of 1.0 that means more light than this is no display white


def config_name() -> str:
    """What is in force: `$OCIO` where it is set, else the built-in one."""
    return os.environ.get("OCIO", "").strip() or BUILT_IN


@functools.lru_cache(maxsize=4)
def open_config(name: str) -> oiio.ColorConfig:
    """The configuration of that name or path. Raises BadInput where it cannot be used."""
    config = oiio.ColorConfig(name)
    reason = config.geterror()
    if reason or config.configname() == "built-in":
        text = reason.strip().splitlines()[0].rstrip(".") if reason else "it cannot be read"
        raise BadInput(
            f"The OpenColorIO configuration {name} cannot be used ({text}): correct $OCIO or unset "
            "it."
        )
    return config


def space_names(config: str) -> tuple[str, ...]:
    """All colour spaces of a configuration, in its own order."""
    return tuple(open_config(config).getColorSpaceNames())


def resolve(name: str, config: str) -> str:
    """The configuration's own name for a space: by name, alias, role, or a part of one name.

    Raises BadInput, with names that come near, where there is none or several.
    """
    opened = open_config(config)
    names = space_names(config)
    known = {text.lower(): space for space in names for text in (space, *opened.getAliases(space))}
    found = known.get(name.strip().lower()) or opened.resolve(name)
    if found in names:
        return found
    wanted = _letters(name)
    near = [space for space in names if wanted and wanted in _letters(space)]
    if len(near) == 1:
        return near[0]
    near = near or difflib.get_close_matches(name, names, 4, 0.4) or list(names[:4])
    raise BadInput(
        f"There is no colour space '{name}' in {config}: choose one such as {', '.join(near[:6])}."
    )


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def is_linear(space: str, config: str) -> bool:
    """Whether its numbers are light."""
    return bool(open_config(config).isColorSpaceLinear(space))


@functools.lru_cache(maxsize=64)
def is_display(space: str, config: str) -> bool:
    """Whether its code 1.0 is a display's white: sRGB, Rec. 1886, but no log and no PQ."""
    if is_linear(space, config) or open_config(config).isData(space):
        return False
    white = convert(np.ones((1, 1, 3), np.float32), space, LINEAR, config)
    return bool(white.max() < _DISPLAY_WHITE)


def convert(pixels: Image, source: str, target: str, config: str) -> Image:
    """(h, w, 3) finite values of one space in another; linear ones by their matrix alone."""
    source, target = resolve(source, config), resolve(target, config)
    if source == target:
        return pixels
    if is_linear(source, config) and is_linear(target, config):
        return np.asarray(pixels @ _matrix(source, target, config), np.float32)
    return _converted(pixels, source, target, config)


@functools.lru_cache(maxsize=64)
def _matrix(source: str, target: str, config: str) -> NDArray[np.float32]:
    """Rows are what red, green and blue of `source` are in `target`."""
    unit = np.eye(3, dtype=np.float32)[None]
    return _converted(unit, source, target, config)[0]


def _converted(pixels: Image, source: str, target: str, config: str) -> Image:
    image = oiio.ImageBuf(np.ascontiguousarray(pixels, np.float32))
    done = oiio.ImageBufAlgo.colorconvert(image, source, target, colorconfig=config)
    return pixels_of(done)


def pixels_of(done: oiio.ImageBuf) -> Image:
    """What OpenImageIO computed; raises JobFailed where it could not."""
    if done.has_error:
        raise JobFailed(f"OpenColorIO failed: {done.geterror().strip()}.")
    return np.asarray(done.get_pixels(oiio.FLOAT), np.float32)
