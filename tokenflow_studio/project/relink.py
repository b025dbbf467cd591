"""Media that has moved: from one file found again to where the others should be."""

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Move:
    """A folder that goes by another name now; both as path parts."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    def applied(self, path: str) -> str | None:
        """Where a path should be now; None for one that did not lie in the folder."""
        parts = PurePath(path).parts
        if parts[: len(self.before)] != self.before:
            return None
        return str(PurePath(*self.after, *parts[len(self.before) :]))


def move_between(before: str, after: str) -> Move:
    """What moved, told from one path: all that both have in common at their ends stays."""
    old, new = PurePath(before).parts, PurePath(after).parts
    same = 0
    while same < min(len(old), len(new)) - 1 and old[-1 - same] == new[-1 - same]:
        same += 1
    same = max(same, 1)  # the name itself may have changed: then its folder is what moved
    return Move(old[:-same], new[:-same])
