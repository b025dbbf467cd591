"""Sizes that the model can work at, as people read and type them."""

import math
import re

SIZE_TYPED = r"(?i)auto|\d{2,4}\s*[x×]\s*\d{2,4}"
AUTO = "Auto"
_SIZE = re.compile(r"(\d{2,4})\s*[x×]\s*(\d{2,4})", re.IGNORECASE)
_SHARES = (0.5, 1.5, 2.0)  # of the model's native area
_STEP = 8  # pixels: what a latent position covers


def size_text(size: tuple[int, int] | None) -> str:
    """`512 × 288`, or `Auto` for None."""
    return AUTO if size is None else f"{size[0]} × {size[1]}"


def size_of(text: str) -> tuple[int, int] | None:
    """The size that was typed; None for anything that is none, which means Auto."""
    match = _SIZE.fullmatch(text.strip())
    return None if match is None else (int(match[1]), int(match[2]))


def offered_sizes(
    shape: tuple[int, int], native: tuple[int, int] | None
) -> tuple[tuple[int, int], ...]:
    """Sizes of the clip's shape with less and more pixels than the model's native area."""
    area = math.prod(native or (512, 512))
    aspect = shape[0] / shape[1]
    return tuple(
        (_snapped(math.sqrt(area * share * aspect)), _snapped(math.sqrt(area * share / aspect)))
        for share in _SHARES
    )


def _snapped(length: float) -> int:
    return max(_STEP, round(length / _STEP) * _STEP)
