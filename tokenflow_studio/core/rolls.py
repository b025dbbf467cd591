"""Rolls: the previews that approved keyframes come from, so that a request can be made again.

A keyframe that is added or edited again after others were approved is edited in the light of those.
So previews build on previews; a request lists them flat, each after those that it builds on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tokenflow_studio.core.errors import BadInput


class Approval(NamedTuple):
    """A keyframe that stays as a roll made it: file number, and the roll's place in the list."""

    frame: int
    roll: int


@dataclass(frozen=True, slots=True)
class Roll:
    """What one preview chose: it edited some keyframes together, while others stayed as given.

    look: tells what else it depended on, see `core.approval.look_of`.
    """

    edited: tuple[int, ...]
    given: tuple[Approval, ...] = ()
    seed: int = 0
    variation: float = 0.0
    look: str = ""


def check_rolls(rolls: Sequence[Roll], approved: Sequence[Approval]) -> None:
    """Raise BadInput where an approved keyframe has no roll, or a roll builds on a later one."""
    levels = [(roll.given, number) for number, roll in enumerate(rolls)]
    for approvals, end in (*levels, (approved, len(rolls))):
        for frame, number in approvals:
            if not (0 <= number < end and frame in rolls[number].edited):
                raise BadInput(
                    f"Frame {frame} is approved but no preview made it: preview it first."
                )


def approvals_of(values: Any) -> tuple[Approval, ...]:
    """Approvals from their JSON. Raises TypeError or ValueError for anything else."""
    return tuple(Approval(int(frame), int(roll)) for frame, roll in values)


def rolls_of(values: Any) -> tuple[Roll, ...]:
    """Rolls from their JSON. Raises TypeError or ValueError for anything else."""
    return tuple(
        Roll(
            **{
                **value,
                "edited": tuple(int(frame) for frame in value["edited"]),
                "given": approvals_of(value["given"]),
            }
        )
        for value in values
    )
