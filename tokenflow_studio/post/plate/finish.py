"""A finished plate: the edit where it belongs, the plate's own pixels everywhere else."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.media.curves import Image
from tokenflow_studio.media.plates import Plate, Window
from tokenflow_studio.post.framing import Framing
from tokenflow_studio.post.plate.alpha import editable, multiplied, straight
from tokenflow_studio.post.plate.returns import Edit, Encoding, Manner, Mask, returned
from tokenflow_studio.post.plate.windows import reframed

Grey = NDArray[np.float32]

_STEPS = 65535  # of 16 bits: a picture of the model is kept as such a file


@dataclass(frozen=True, slots=True)
class Finisher:
    """Brings plates of one shot to the model and back; window: what of them the model sees."""

    window: Window
    framing: Framing
    encoding: Encoding
    manner: Manner

    def code(self, plate: Plate) -> Image:
        """The plate in model code over the window, unclipped, at full size."""
        return self.encoding.encode(through(self.window, plate))

    def proxy(self, plate: Plate) -> Image:
        """What the model sees: (h, w, 3), 0 to 1, in steps of 16 bits, without padding."""
        return stepped(self.framing.picture_of(self.code(plate)))

    def finish(self, plate: Plate, edit: Edit, matte: Grey | None = None) -> Image:
        """The plate's colour (h, w, 3) over its data window, in the file's own encoding.

        matte: (h, w) over the same window, 0 to 1. Where the model changed nothing, where the
        matte is 0, where alpha is 0, and where the plate is not finite, the bits are the plate's.
        """
        seen = through(self.window, plate)
        edited, touched = returned(seen, self.encoding, edit, self.manner)
        return recoloured(plate, self.window, edited, touched, matte)


def through(window: Window, plate: Plate) -> Image:
    """The plate's colour seen through a window, not multiplied by alpha; finite."""
    return reframed(straight(plate), plate.data, window)


def recoloured(
    plate: Plate, window: Window, edited: Image, touched: Mask, matte: Grey | None = None
) -> Image:
    """The plate's colour (h, w, 3) over its data window, with what was edited through a window.

    touched: (H, W) where that is. Everywhere else, where the matte or alpha is 0, and where the
    plate is not finite, the bits are the plate's.
    """
    with np.errstate(invalid="ignore", over="ignore"):  # of pixels that stay as they are
        made = multiplied(reframed(edited, window, plate.data), plate)
        changed = reframed(touched.astype(np.float32), window, plate.data) > 0
        changed &= editable(plate)
        colour = plate.colour.copy()
        if matte is not None:
            changed &= matte > 0
            mixed = colour + (made - colour) * matte[..., None]
            made = np.where(matte[..., None] < 1, mixed, made)
        np.copyto(colour, made, where=changed[..., None] & np.isfinite(made))
        return colour


def stepped(picture: Image) -> Image:
    """0 to 1 on the grid of 16 bits, as it comes back from a file."""
    return np.rint(np.clip(picture, 0, 1) * _STEPS).astype(np.float32) / np.float32(_STEPS)
