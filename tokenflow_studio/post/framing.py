"""From the clip's size to the size that the model works at, and back."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tokenflow_studio.core.errors import BadInput

Image = NDArray[np.float32]
Size = tuple[int, int]  # (width, height) in pixels

_LARGEST = 4096  # pixels; a longer side is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Framing:
    """clip is scaled to `picture`, which is padded at the right and below to `canvas`.

    Nothing is cropped and nothing is stretched by more than a rounded pixel.
    """

    clip: Size
    picture: Size
    canvas: Size

    @classmethod
    def fit(
        cls,
        clip: Size,
        native: Size,
        multiple: int,
        wanted: Size | None = None,
        pixel_aspect: float = 1.0,
    ) -> "Framing":
        """The clip's aspect at the model's native pixel area, or at the `wanted` size.

        pixel_aspect: width of a pixel over its height; the model sees things unsqueezed.
        """
        if wanted is None:
            shown = (clip[0] * pixel_aspect, clip[1])
            scale = math.sqrt(native[0] * native[1] / (shown[0] * shown[1]))
            picture = (max(1, round(shown[0] * scale)), max(1, round(shown[1] * scale)))
        else:
            picture = wanted
        if not all(1 <= side <= _LARGEST for side in picture):
            raise BadInput(
                f"The model cannot work at {picture[0]}x{picture[1]} pixels: each side must lie "
                f"between 1 and {_LARGEST}; choose another size."
            )
        width, height = (math.ceil(side / multiple) * multiple for side in picture)
        return cls(clip, picture, (width, height))

    def to_model(self, image: Image) -> Image:
        """(H, W, 3) of the clip to the canvas."""
        return self.padded(self.picture_of(image))

    def picture_of(self, image: Image) -> Image:
        """(H, W, 3) of the clip at the size of the picture."""
        return _resized(image, self.picture)

    def padded(self, picture: Image) -> Image:
        """The picture on its canvas; the edge pixels are repeated into the padding."""
        right = self.canvas[0] - self.picture[0]
        below = self.canvas[1] - self.picture[1]
        return np.pad(picture, ((0, below), (0, right), (0, 0)), mode="edge")

    def from_model(self, image: Image) -> Image:
        """(H, W, 3) of the canvas back to the clip's size, 0 to 1."""
        width, height = self.picture
        return np.clip(_resized(image[:height, :width], self.clip), 0.0, 1.0)


def _resized(image: Image, size: Size) -> Image:
    height, width = image.shape[:2]
    if (width, height) == size:
        return image
    smaller = size[0] * size[1] < width * height
    interpolation = cv2.INTER_AREA if smaller else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(image, size, interpolation=interpolation), np.float32)
