"""A matte as a picture to lay over the frame, made as the job makes it."""

from PySide6.QtGui import QColor, QImage

from tokenflow_studio.core.finishing import Matte

_STRENGTH = 0.45  # of the tint where the matte is whole


def matte_picture(matte: Matte, spec: str, frame: int, tint: QColor) -> QImage:
    """The display window of one frame of the clip, tinted where the edit will show.

    Raises BadInput for a matte that cannot be read or does not fit.
    """
    # Imported here, on a thread: these would cost the window's start half a second.
    import numpy as np

    from tokenflow_studio.media.clips import open_clip
    from tokenflow_studio.post.plate.mattes import displayed_mattes

    with open_clip(spec) as clip, displayed_mattes(matte, clip) as shown:
        if shown is None:
            return QImage()
        grey = shown(frame)
    share = grey[..., None] * np.float32(_STRENGTH)
    colour = np.array([tint.blue(), tint.green(), tint.red(), 255], np.float32)
    pixels = np.ascontiguousarray((share * colour + 0.5).astype(np.uint8))
    height, width, _ = pixels.shape
    form = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.data, width, height, 4 * width, form).copy()
