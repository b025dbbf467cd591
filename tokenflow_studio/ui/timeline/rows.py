"""How high each lane of the timeline is, with pictures and without."""

from dataclasses import dataclass

RULER, BAR = 24.0, 8.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Logical pixels. lane: of the keyframes; film: of the filmstrip under it, 0 for none."""

    lane: float
    film: float

    @property
    def film_top(self) -> float:
        """Where the filmstrip begins."""
        return RULER + self.lane + 2

    @property
    def propagated_top(self) -> float:
        """Where the bar of propagated frames begins; that of frames in memory follows."""
        return RULER + self.lane + self.film + 4

    @property
    def cached_top(self) -> float:
        """Where the bar of frames in memory begins."""
        return self.propagated_top + BAR

    @property
    def height(self) -> int:
        """Of the whole timeline."""
        return int(self.cached_top + BAR + 6)


WITH_PICTURES = Rows(lane=62.0, film=40.0)
WITHOUT_PICTURES = Rows(lane=24.0, film=0.0)
