"""What a finished take is measured by: how steady it is along the motion of its source."""

import cv2
import numpy as np

from tokenflow_studio.media.curves import Image
from tokenflow_studio.post.measure import flow_occlusion, optical_flow, warp_error

_LONG_SIDE = 512  # pixels: the paper's own size, so that figures of all clips compare


class Steadiness:
    """Collects the warp error (TokenFlow, section 5.1) frame by frame, in bounded memory.

    The motion is the source's, estimated; where a pixel is hidden in the next frame nothing counts.
    """

    def __init__(self) -> None:
        self._before: tuple[Image, Image] | None = None
        self._errors: list[tuple[float, float]] = []

    def add(self, source: Image, edit: Image) -> None:
        """The next frame of source and edit, (H, W, 3) 0 to 1, of equal size."""
        now, before = (_small(source), _small(edit)), self._before
        self._before = now
        if before is None:
            return
        flow = optical_flow(before[0], now[0])
        seen = ~flow_occlusion(flow, optical_flow(now[0], before[0]))
        of_source, of_edit = (
            warp_error([earlier, later], [flow], [seen])
            for earlier, later in zip(before, now, strict=True)
        )
        self._errors.append((of_source, of_edit))

    def result(self) -> dict[str, float]:
        """Warp errors x 10^-3, as the paper gives them; nothing for a single frame."""
        if not self._errors:
            return {}
        source, edit = np.mean(self._errors, axis=0) * 1000
        return {
            "warp_error": round(float(edit), 3),
            "warp_error_of_source": round(float(source), 3),
        }


def _small(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)
