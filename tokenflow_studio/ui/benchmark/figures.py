"""What is measured, and how it travels from the measuring process."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. limit: what it must hold, None where nothing is asked of it;
    at_least: whether the limit is the least value, not the most."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def asked(self) -> str:
        """The limit in words; empty without one."""
        if self.limit is None:
            return ""
        return f"{'>=' if self.at_least else '<='} {self.limit:g} {self.unit}".rstrip()

    @property
    def verdict(self) -> str:
        """Whether the limit is kept: "holds" or "MISSED"; empty without a limit."""
        if self.limit is None:
            return ""
        kept = self.value >= self.limit if self.at_least else self.value <= self.limit
        return "holds" if kept else "MISSED"

    def to_line(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> "Figure":
        """What `to_line` wrote. Raises ValueError or TypeError for anything else."""
        return cls(**json.loads(line))
