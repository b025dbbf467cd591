"""What the model saw and what it made, as 16-bit PNG files at its own size."""

from pathlib import Path

import cv2
import numpy as np

from tokenflow_studio.core.errors import DamagedCache, JobFailed
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.media.curves import Image

_STEPS = 65535
_FAST = [cv2.IMWRITE_PNG_COMPRESSION, 1]


def write_model_picture(path: Path, picture: Image) -> None:
    """Keep (h, w, 3), 0 to 1; what lies outside is clipped."""
    steps = np.rint(np.clip(picture, 0, 1) * np.float32(_STEPS)).astype(np.uint16)
    done, encoded = cv2.imencode(".png", np.ascontiguousarray(steps[..., ::-1]), _FAST)
    if not done:
        raise JobFailed(f"{path} of shape {picture.shape} could not be encoded.")
    write_atomically(path, encoded.tobytes())


def read_model_picture(path: Path) -> Image:
    """What was kept. Raises DamagedCache where it is not whole, and removes it."""
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint16:
        path.unlink(missing_ok=True)
        raise DamagedCache(f"{path} was damaged and has been removed: start the job again.")
    return np.asarray(pixels[..., ::-1], np.float32) / np.float32(_STEPS)
