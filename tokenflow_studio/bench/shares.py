"""Shares of few cases, with how far they can be trusted."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_Z = 1.96  # standard deviations that hold 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Share:
    """right of count cases; count is at least 1."""

    right: int
    count: int

    @classmethod
    def of(cls, answers: Iterable[bool]) -> "Share":
        """The share of what is true."""
        given = list(answers)
        return cls(sum(given), len(given))

    @property
    def value(self) -> float:
        return self.right / self.count

    @property
    def interval(self) -> tuple[float, float]:
        """Within this the true share lies with 95 % confidence (Wilson, 1927)."""
        n, p, squared = self.count, self.value, _Z * _Z
        middle = (p + squared / (2 * n)) / (1 + squared / n)
        reach = _Z / (1 + squared / n) * math.sqrt(p * (1 - p) / n + squared / (4 * n * n))
        return max(0.0, middle - reach), min(1.0, middle + reach)
