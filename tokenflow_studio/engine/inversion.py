"""DDIM inversion of the source, and the capture of its features on the way up.

Every frame is inverted alone, with the source prompt and no guidance. At the sampling timesteps
the same network call yields what every later edit needs of the source (the paper's appendix A
extracts the tokens "from this process"): nearest-neighbour fields to the step's keyframes, and
what Plug-and-Play injects. So no edit ever runs source rows again.

Calls have a fixed number of rows, the last frame repeated where frames are missing: a frame's
result then does not depend on which frames it shares a call with.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from tokenflow_studio.engine.attention import (
    AttentionPass,
    MatchTokens,
    OwnTokens,
    Record,
    field_key,
    match_keyframes,
    normalised_by_frame,
    tokens_key,
)
from tokenflow_studio.engine.features import CaptureFeatures, FeaturePass, feature_key
from tokenflow_studio.engine.network import Network
from tokenflow_studio.engine.plan import Matching
from tokenflow_studio.engine.schedule import Schedule, ddim_step
from tokenflow_studio.engine.techniques.base import Injection

Latents = Callable[[Sequence[int]], Tensor]
"""Latents (frames, C, h, w) in fp32 of the given frames."""

Arrival = Callable[[int], Tensor | None]
"""Where a frame's last evaluation of the step took place (C, h, w), if that is known already."""

_Arrived = tuple[Tensor, Tensor]
"""Latents and arrivals (frames, C, h, w)."""


class Inverted(NamedTuple):
    """Frames at the new timestep: latents and arrivals (frames, C, h, w), records if captured.

    An arrival is where the step's last evaluation took place; knowing it saves the ones before.
    """

    frames: tuple[int, ...]
    latents: Tensor
    arrivals: Tensor
    records: Sequence[Record] = ()


def batches(frames: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    """Cut frames into tuples of at most `size`."""
    for start in range(0, len(frames), size):
        yield tuple(frames[start : start + size])


@dataclass(frozen=True, slots=True)
class Inversion:
    """How frames are inverted.

    text: source prompt (1, L, D). rows: of one network call. iterations: fixed-point iterations
    after the first estimate of each step. exact: capture with one more call at the step's final
    latents, instead of inside the inversion's last call.
    """

    network: Network
    schedule: Schedule
    text: Tensor
    rows: int
    iterations: int = 0
    exact: bool = False

    def step(self, x: Latents, frames: Sequence[int], t_from: int, t: int) -> Iterator[Inverted]:
        """Invert frames from timestep t_from (-1: clean) to t without capturing anything."""
        for batch in batches(frames, self.rows):
            yield Inverted(batch, *self._invert(x(batch), t_from, t, OwnTokens(), None))

    def capture(
        self,
        x: Latents,
        matching: Matching,
        t_from: int,
        t: int,
        capture: "Capture",
        arrival: Arrival = lambda _frame: None,
    ) -> Iterator[Inverted]:
        """Invert every frame of the matching to t and record what the step needs of it."""

        def visit(
            batch: Sequence[int], known: Tensor | None, tokens: AttentionPass, features: FeaturePass
        ) -> _Arrived:
            return self._invert(x(batch), t_from, t, tokens, features, known)

        return self._visited(matching, capture, lambda fs: self._batches(fs, arrival), visit)

    def revisit(
        self, at: Latents, matching: Matching, t: int, capture: "Capture"
    ) -> Iterator[Inverted]:
        """Record what else is needed of frames that were inverted and captured before.

        at: where they were captured: the step's arrivals, with `exact` its final latents. One call
        each; the latents given are those of `at`.
        """

        def visit(
            batch: Sequence[int],
            _known: Tensor | None,
            tokens: AttentionPass,
            features: FeaturePass,
        ) -> _Arrived:
            x, text = at(batch), self.text.expand(self.rows, -1, -1)
            self.network(self._filled(x), t, text, tokens, features)
            return x, x

        def cut(frames: Sequence[int]) -> Iterator[tuple[tuple[int, ...], None]]:
            return ((batch, None) for batch in batches(frames, self.rows))

        return self._visited(matching, capture, cut, visit)

    def _visited(
        self,
        matching: Matching,
        capture: "Capture",
        cut: Callable[[Sequence[int]], Iterator[tuple[tuple[int, ...], Tensor | None]]],
        visit: Callable[[Sequence[int], Tensor | None, AttentionPass, FeaturePass], _Arrived],
    ) -> Iterator[Inverted]:
        """The keyframes of each group, whose tokens are then held, and the frames matched there."""
        held: dict[int, dict[str, Tensor]] = {}
        for group in matching.groups(capture.limit):
            done = []
            for batch, known in cut(group.keyframes):
                attention, features = OwnTokens(len(batch)), CaptureFeatures(len(batch))
                done.append((batch, visit(batch, known, attention, features), attention, features))
                held |= normalised_by_frame(batch, attention.tokens)
            for batch, latents, attention, features in done:
                fields = {
                    site: [
                        match_keyframes(site, row, matching.targets[frame], held)
                        for frame, row in zip(batch, rows, strict=True)
                    ]
                    for site, rows in attention.tokens.items()
                }
                records = capture.records(len(batch), fields, features, attention.tokens)
                yield Inverted(batch, latents[0], latents[1], records)
            followers = [frame for frame in group.frames if frame not in matching.keyframes]
            for batch, known in cut(followers):
                targets = [matching.targets[frame] for frame in batch]
                attention = MatchTokens(targets, held, keep_tokens=capture.every_token)
                features = CaptureFeatures(len(batch))
                latents = visit(batch, known, attention, features)
                records = capture.records(len(batch), attention.fields, features, attention.tokens)
                yield Inverted(batch, latents[0], latents[1], records)
            held = {frame: tokens for frame, tokens in held.items() if frame in group.held}

    def _batches(
        self, frames: Sequence[int], arrival: Arrival
    ) -> Iterator[tuple[tuple[int, ...], Tensor | None]]:
        """Calls of frames whose arrival is unknown, then of those whose arrivals are given."""
        known = {f: a for f in frames if not self.exact and (a := arrival(f)) is not None}
        for batch in batches([f for f in frames if f not in known], self.rows):
            yield batch, None
        for batch in batches([f for f in frames if f in known], self.rows):
            yield batch, torch.stack([known[f] for f in batch])

    def _invert(
        self,
        start: Tensor,
        t_from: int,
        t: int,
        attention: AttentionPass,
        features: FeaturePass | None,
        arrivals: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """One step for up to `rows` frames: the DDIM step, then fixed-point iterations of it.

        Gives latents and arrivals. Where arrivals are given, only the last evaluation is made.

        An iteration evaluates the noise at the arrival itself, so that sampling from there leads
        back to the start (fixed-point inversion, Pan et al., ICCV 2023).
        """
        wanted = start.shape[0]
        start = self._filled(start)
        text = self.text.expand(self.rows, -1, -1)
        alpha, to_alpha = self.schedule.alpha(t_from), self.schedule.alpha(t)
        x, level, first = start, alpha, 0
        if arrivals is not None and self.iterations:
            x, level, first = self._filled(arrivals), to_alpha, self.iterations
        arrival = x
        for iteration in range(first, self.iterations + 1):
            arrival = x
            capturing = iteration == self.iterations and not self.exact
            passes = (attention, features) if capturing else (OwnTokens(), None)
            output = self.network(x, t, text, *passes).to(x)
            x = ddim_step(start, self.schedule.epsilon(output, x, level), alpha, to_alpha)
            level = to_alpha
        if self.exact and features is not None:
            self.network(x, t, text, attention, features)
        return x[:wanted], arrival[:wanted]

    def _filled(self, x: Tensor) -> Tensor:
        return torch.cat([x, x[-1:].expand(self.rows - x.shape[0], -1, -1, -1)])


@dataclass(frozen=True, slots=True)
class Capture:
    """What is kept of the source at one step.

    injection: what later edits may inject here; attention_sites: where queries and keys are
    injected; limit: keyframes held at once; every_token: tokens of all frames, not of the keyframes
    alone.
    """

    injection: Injection
    attention_sites: frozenset[str]
    limit: int
    every_token: bool = False

    def records(
        self,
        count: int,
        fields: dict[str, list[dict[int, Tensor]]],
        features: CaptureFeatures,
        tokens: dict[str, Tensor],
    ) -> list[Record]:
        """One record per row, on the CPU."""
        records: list[dict[str, Tensor]] = [{} for _ in range(count)]
        for row, record in enumerate(records):
            for site, rows in fields.items():
                record |= {field_key(site, k): _compact(found) for k, found in rows[row].items()}
            if self.injection.features:
                record |= {feature_key(s): v[row].cpu() for s, v in features.features.items()}
            if self.injection.attention:
                kept = self.attention_sites & tokens.keys()
                record |= {tokens_key(site): tokens[site][row].cpu() for site in sorted(kept)}
        return list(records)


def _compact(indices: Tensor) -> Tensor:
    # Layers of up to 32,768 tokens (latents of 181 x 181) fit into half the space.
    small = int(indices.numel()) <= 1 << 15
    return indices.to("cpu", torch.int16 if small else torch.int32)
