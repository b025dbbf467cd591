"""One step of the joint edit: keyframes together, then the flow of their tokens to every frame."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from tokenflow_studio.engine.attention import (
    AttentionPass,
    JointAttention,
    KeyframeAttention,
    Propagation,
    Record,
    live_match,
    normalised_by_frame,
    recorded_match,
    tokens_key,
)
from tokenflow_studio.engine.features import FeaturePass, InjectFeatures, ShareFeatures
from tokenflow_studio.engine.inversion import Latents, batches
from tokenflow_studio.engine.network import Network
from tokenflow_studio.engine.plan import StepPlan
from tokenflow_studio.engine.techniques.base import Injection

Outputs = dict[int, dict[str, Tensor]]
"""By keyframe and site: attention output (B, S, C), or normalised source tokens (S, C)."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """Classifier-free guidance (Ho & Salimans, 2022): text (2, L, D), negative prompt first.

    With one prompt (1, L, D) there is nothing to guide away from, and one branch runs.
    """

    text: Tensor
    scale: float = 1.0

    def combine(self, output: Tensor) -> Tensor:
        """Branches (B, N, C, h, w) to the guided prediction (N, C, h, w)."""
        if output.shape[0] == 1:
            return output[0]
        negative, positive = output
        return negative + self.scale * (positive - negative)


@dataclass(frozen=True, slots=True)
class RecordedSource:
    """The source as the inversion captured it: `record(frame)` of the step at hand."""

    record: Callable[[int], Record]


@dataclass(frozen=True, slots=True)
class LiveSource:
    """The source as one more branch of every call, like the published code: latents at the step."""

    latents: Latents
    text: Tensor


@dataclass(slots=True)
class EditStep:
    """One step of the edit at timestep t.

    x: the edit's latents before the step. attention_sites: where the technique injects queries and
    keys. rows: frames of one propagation call. limit: keyframes that attend to each other. observe
    wraps every attention pass (the tests look at tokens that way).
    """

    network: Network
    t: int
    x: Latents
    plan: StepPlan
    source: RecordedSource | LiveSource
    injection: Injection
    guidance: Guidance
    attention_sites: frozenset[str]
    rows: int
    limit: int
    observe: Callable[[AttentionPass], AttentionPass] = lambda attention: attention

    @property
    def branches(self) -> int:
        return self.guidance.text.shape[0] + isinstance(self.source, LiveSource)

    def run(self) -> Iterator[tuple[tuple[int, ...], Tensor]]:
        """Yield frames with their guided network output (N, C, h, w), until all are done."""
        plan = self.plan
        free = {*plan.keyframes} - plan.neighbours.keys() - plan.approved
        outputs: Outputs = {}
        tokens: Outputs = {}
        for group in plan.groups(self.limit):
            shown = (*group.anchors, *group.keyframes)
            joint, predicted = self._edit_keyframes(shown)
            own = [i for i, frame in enumerate(shown) if frame in group.keyframes and frame in free]
            if own:
                yield tuple(shown[i] for i in own), predicted[own]
            outputs |= {k: _column(joint.outputs, i) for i, k in enumerate(shown)}
            tokens |= normalised_by_frame(shown, joint.source_tokens)
            for batch in batches(group.frames, self.rows):
                yield batch, self._flow(batch, joint, outputs, tokens)
            outputs = {k: v for k, v in outputs.items() if k in group.held}
            tokens = {k: v for k, v in tokens.items() if k in group.held}

    def _edit_keyframes(self, shown: Sequence[int]) -> tuple[JointAttention, Tensor]:
        joint = JointAttention(
            self.branches,
            self._injected(shown),
            live=isinstance(self.source, LiveSource),
            joint=self.plan.joint,
            keep_keys=not self.plan.propagate,
        )
        return joint, self._call(shown, joint)

    def _flow(
        self, batch: Sequence[int], joint: JointAttention, outputs: Outputs, tokens: Outputs
    ) -> Tensor:
        near = [self.plan.neighbours[frame] for frame in batch]
        if not self.plan.propagate:
            injected = self._injected(batch)
            assert not isinstance(injected, frozenset), "live source rows need propagation"
            return self._call(
                batch, KeyframeAttention(self.branches, joint.keys, joint.values, injected)
            )
        if isinstance(self.source, LiveSource):
            match = live_match(near, tokens)
        else:
            match = recorded_match(near, [self.source.record(frame) for frame in batch])
        return self._call(batch, Propagation(self.branches, near, outputs, match))

    def _call(self, frames: Sequence[int], attention: AttentionPass) -> Tensor:
        """The guided output for frames (N, C, h, w)."""
        x, count = self.x(frames), len(frames)
        edited = self.guidance.text.shape[0]
        rows, text = x.repeat(edited, 1, 1, 1), self.guidance.text
        if isinstance(self.source, LiveSource):
            rows = torch.cat([self.source.latents(frames), rows])
            text = torch.cat([self.source.text, text])
        output = self.network(
            rows,
            self.t,
            text.repeat_interleave(count, dim=0),
            self.observe(attention),
            self._features(frames),
        )
        return self.guidance.combine(output.unflatten(0, (self.branches, count))[-edited:])

    def _injected(self, frames: Sequence[int]) -> dict[str, Tensor] | frozenset[str]:
        if isinstance(self.source, LiveSource):
            return self.attention_sites if self.injection.attention else frozenset()
        if not self.injection.attention:
            return {}
        records = [self.source.record(frame) for frame in frames]
        return {
            site: torch.stack([r[tokens_key(site)] for r in records]).to(
                self.network.device, self.network.dtype
            )
            for site in self.attention_sites
        }

    def _features(self, frames: Sequence[int]) -> FeaturePass | None:
        if not self.injection.features:
            return None
        if isinstance(self.source, LiveSource):
            return ShareFeatures(self.branches)
        return InjectFeatures(self.branches, [self.source.record(frame) for frame in frames])


def _column(outputs: dict[str, Tensor], index: int) -> dict[str, Tensor]:
    return {site: output[:, index] for site, output in outputs.items()}
