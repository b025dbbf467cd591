"""Frames to pixels and back."""

from dataclasses import dataclass

from tokenflow_studio.core.frames import FrameRange

_WIDEST = 80.0  # logical pixels of one frame at the closest zoom


@dataclass(frozen=True, slots=True)
class FrameScale:
    """Frame `span.first` begins at pixel `left`; each frame is `per_frame` pixels wide."""

    span: FrameRange
    left: float
    per_frame: float

    @classmethod
    def fit(cls, span: FrameRange, left: float, width: float) -> "FrameScale":
        """The whole clip across `width` pixels."""
        return cls(span, left, width / len(span))

    def start(self, frame: float) -> float:
        """Where the frame's cell begins."""
        return self.left + (frame - self.span.first) * self.per_frame

    def centre(self, frame: int) -> float:
        """The middle of the frame's cell."""
        return self.start(frame) + self.per_frame / 2

    def frame(self, x: float) -> int:
        """The frame under a pixel; beyond the ends is the end."""
        number = self.span.first + int((x - self.left) // self.per_frame)
        return min(max(number, self.span.first), self.span.last)

    def seen(self, left: float, right: float) -> range:
        """The frames that lie between two pixels."""
        return range(self.frame(left), self.frame(right) + 1)

    def zoomed(self, factor: float, x: float, area: tuple[float, float]) -> "FrameScale":
        """Zoom with the frame under `x` held still; `area` is (left, width) of the lanes."""
        least = area[1] / len(self.span)
        per_frame = min(max(self.per_frame * factor, least), max(_WIDEST, least))
        moved = x - (x - self.left) * per_frame / self.per_frame
        return FrameScale(self.span, moved, per_frame).panned(0.0, area)

    def panned(self, by: float, area: tuple[float, float]) -> "FrameScale":
        """Move by pixels, but never past the ends of the clip."""
        left, width = area
        least = left + width - len(self.span) * self.per_frame
        return FrameScale(
            self.span, min(max(self.left + by, min(least, left)), left), self.per_frame
        )
