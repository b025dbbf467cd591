"""Keyframe plans: which frames are edited jointly at a step, and where the others take tokens from.

A plan is data. The paper's plan draws one random keyframe per interval, anew at every step
(section 4.2); its blend of the two neighbours is Eq. 5-6. The published code's plan differs and is
just another plan, and so are the ablations of section 5.3. Frames are indices into the clip.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tokenflow_studio.core.request import Blend, Consistency


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A frame's two keyframes and the share of the later one; one neighbour: past == future."""

    past: int
    future: int
    weight: float


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch that is computed together.

    anchors: only lend their tokens to the keyframes. held: keyframes, of this group or of earlier
    ones, that frames of later groups still need.
    """

    anchors: tuple[int, ...]
    keyframes: tuple[int, ...]
    frames: tuple[int, ...]
    held: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One sampling step.

    keyframes: edited with each other if `joint`, else each alone. neighbours: for every frame that
    takes tokens (all but the keyframes, which keep their own; in the published plan all frames).
    propagate: tokens flow from the neighbours; False: frames attend to the keyframes instead.
    approved: keyframes whose way is given; they are shown to the others, not predicted.
    """

    keyframes: tuple[int, ...]
    neighbours: dict[int, Neighbours]
    joint: bool = True
    propagate: bool = True
    approved: frozenset[int] = frozenset()

    def sources(self) -> dict[int, tuple[int, ...]]:
        """By frame that takes tokens, the keyframes that it takes them from."""
        return {f: tuple(sorted({n.past, n.future})) for f, n in self.neighbours.items()}

    def groups(self, limit: int, anchors: int = 4) -> tuple[Group, ...]:
        """Cut the step into stretches of at most `limit` keyframes that follow each other.

        Up to `limit` keyframes there is one group, and attention spans all of them. Beyond, every
        group also sees `anchors` keyframes spread over the whole clip, so that the look holds;
        memory then stays bounded in the number of frames.
        """
        if len(self.keyframes) <= limit or not self.joint:
            return _cut(self.keyframes, self.sources(), limit)
        stride = (len(self.keyframes) - 1) / (anchors - 1)
        spread = [self.keyframes[round(i * stride)] for i in range(anchors)]
        return tuple(
            replace(group, anchors=tuple(f for f in spread if f not in group.keyframes))
            for group in _cut(self.keyframes, self.sources(), limit - anchors)
        )


@dataclass(frozen=True, slots=True)
class Matching:
    """What is compared in the source at a step, so that tokens can flow (Eq. 4).

    keyframes: whose tokens the others' are compared with; targets: for every frame that is looked
    at, the keyframes that it is compared with.
    """

    keyframes: tuple[int, ...]
    targets: dict[int, tuple[int, ...]]

    @classmethod
    def of(cls, step: StepPlan) -> "Matching":
        """All that the step needs."""
        return cls(step.keyframes, dict.fromkeys(step.keyframes, ()) | step.sources())

    def beyond(self, other: "Matching") -> "Matching":
        """What the other lacks of this one."""
        keyframes = tuple(frame for frame in self.keyframes if frame not in other.keyframes)
        lacking = {
            frame: tuple(k for k in targets if k not in other.targets.get(frame, ()))
            for frame, targets in self.targets.items()
        }
        return Matching(keyframes, {f: t for f, t in lacking.items() if t or f in keyframes})

    def __or__(self, other: "Matching") -> "Matching":
        keyframes = tuple(sorted({*self.keyframes, *other.keyframes}))
        both = {
            frame: tuple(sorted({*self.targets.get(frame, ()), *other.targets.get(frame, ())}))
            for frame in self.targets | other.targets
        }
        return Matching(keyframes, both)

    def groups(self, limit: int) -> tuple[Group, ...]:
        """Stretches of at most `limit` keyframes, whose tokens are in memory together."""
        return _cut(self.keyframes, self.targets, limit)


def _cut(
    keyframes: tuple[int, ...], sources: Mapping[int, Sequence[int]], size: int
) -> tuple[Group, ...]:
    """Groups of `size` keyframes, each with the frames whose sources have all come by then."""
    stretches, waiting = [], sorted(sources)
    for start in range(0, len(keyframes), size):
        own = keyframes[start : start + size]
        last = start + size >= len(keyframes)
        ready = [f for f in waiting if last or max(sources[f], default=f) <= own[-1]]
        waiting = sorted({*waiting} - {*ready})
        stretches.append((own, tuple(ready)))
    groups: list[Group] = []
    needed: frozenset[int] = frozenset()
    for own, ready in reversed(stretches):
        groups.append(Group((), own, ready, needed))
        needed |= {k for frame in ready for k in sources[frame]}
    return tuple(reversed(groups))


@dataclass(frozen=True, slots=True)
class KeyframePlan:
    """The plan of a whole run: `at(step)` for every step, identical for every prompt and seed.

    frames: F; interval: frames per keyframe; cuts: first frames after hard cuts, where nothing
    flows across; key: identifies the clip, so that draws differ between clips but never between
    runs; approved: frames that are keyframes of every step, beside those drawn, so that the frames
    around them take their tokens.
    """

    frames: int
    interval: int = 8
    cuts: tuple[int, ...] = ()
    blend: Blend = Blend.PAPER
    consistency: Consistency = Consistency.TOKENFLOW
    key: str = ""
    approved: tuple[int, ...] = ()

    def at(self, step: int) -> StepPlan:
        """The plan of sampling step `step`, counted from 0 at the noisy end."""
        given = frozenset(self.approved)
        if self.consistency in (Consistency.JOINT, Consistency.PER_FRAME):
            everyone = tuple(range(self.frames))
            joint = self.consistency is Consistency.JOINT
            return StepPlan(everyone, {}, joint=joint, approved=given)
        draw = 0 if self.consistency is Consistency.FIXED_KEYFRAMES else step
        if self.blend is Blend.PUBLISHED:
            pivots = [self._draw(start, end, draw) for start, end in self._intervals()]
            return published_step(self.frames, pivots, self.interval, given)
        keyframes: list[int] = []
        neighbours: dict[int, Neighbours] = {}
        for first, end in pairwise((0, *self.cuts, self.frames)):
            drawn = {self._draw(a, b, draw) for a, b in self._intervals() if first <= a < end}
            own = sorted(drawn | {frame for frame in given if first <= frame < end})
            keyframes += own
            others = (f for f in range(first, end) if f not in own)
            neighbours |= {f: true_neighbours(f, own, self.blend) for f in others}
        propagate = self.consistency is not Consistency.EXTENDED
        return StepPlan(tuple(keyframes), neighbours, propagate=propagate, approved=given)

    def _intervals(self) -> list[tuple[int, int]]:
        """(first, end) of every interval; a cut starts a new one."""
        starts = [
            start
            for first, end in pairwise((0, *self.cuts, self.frames))
            for start in range(first, end, self.interval)
        ]
        return list(pairwise((*starts, self.frames)))

    def _draw(self, first: int, end: int, step: int) -> int:
        digest = hashlib.blake2b(f"{self.key}/{first}/{step}".encode(), digest_size=8).digest()
        return first + int.from_bytes(digest, "big") % (end - first)

    def middles(self) -> tuple[int, ...]:
        """The middle frame of each interval: the preview's keyframes."""
        return tuple((first + end - 1) // 2 for first, end in self._intervals())


def true_neighbours(frame: int, keyframes: Sequence[int], blend: Blend) -> Neighbours:
    """The nearest keyframes on either side of `frame` and the share of the future one (Eq. 5-6)."""
    past = max((k for k in keyframes if k <= frame), default=None)
    future = min((k for k in keyframes if k >= frame), default=None)
    if past is None or future is None or past == future:
        only = past if past is not None else future
        if only is None:
            raise ValueError("a stretch without keyframes")
        return Neighbours(only, only, 1.0)
    share = (frame - past) / (future - past)
    return Neighbours(past, future, _sigmoid(share) if blend is Blend.PAPER else share)


def published_step(
    frames: int, pivots: Sequence[int], interval: int, approved: frozenset[int] = frozenset()
) -> StepPlan:
    """The published code's neighbours: own and previous interval, distances to their centres.

    Every frame, keyframes too, takes the token of its own interval's keyframe with weight
    sigmoid(d_previous / (d_own + d_previous)); the first interval has only its own. Approved
    frames only lend their tokens to the keyframes.
    """
    neighbours = {}
    for frame in (f for f in range(frames) if f not in approved):
        index = frame // interval
        centre = index * interval + interval // 2
        own, previous = abs(frame - centre), abs(frame - (centre - interval))
        weight = _sigmoid(previous / (own + previous)) if index else 1.0
        neighbours[frame] = Neighbours(pivots[max(index - 1, 0)], pivots[index], weight)
    return StepPlan(tuple(sorted({*pivots, *approved})), neighbours, approved=approved)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))
