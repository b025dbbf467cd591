"""What happens in every self-attention layer during one network call.

A pass is called with (site, attention module, tokens) for each layer, where tokens (R, S, C) are
the layer's norm1 output: the very features that TokenFlow matches. What it returns, (R, S, C), is
added to the residual. Rows are branch-major: all frames of the first branch, then the next.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tokenflow_studio.engine.correspondence import nearest_tokens, normalised
from tokenflow_studio.engine.plan import Neighbours

Record = Mapping[str, Tensor]
"""What the inversion captured of one source frame at one step; the keys are made below."""

Fields = tuple[Tensor, Tensor]
"""Indices (S,) into the tokens of the past and of the future keyframe."""

_MPS_SCORES = 1 << 28  # Apple's attention corrupts silently from 2^31 scores on


def field_key(site: str, keyframe: int) -> str:
    return f"field/{keyframe}/{site}"


def tokens_key(site: str) -> str:
    return f"tokens/{site}"


def is_field(key: str, keyframes: Sequence[int]) -> bool:
    """Whether a record's key is that of a field to one of the keyframes."""
    return any(key.startswith(field_key("", keyframe)) for keyframe in keyframes)


def is_tokens(key: str) -> bool:
    """Whether a record's key is that of tokens."""
    return key.startswith(tokens_key(""))


class AttentionLayer(Protocol):
    """What is used of diffusers' `Attention` as it stands in a self-attention site."""

    heads: int
    scale: float
    upcast_attention: bool
    to_q: nn.Module
    to_k: nn.Module
    to_v: nn.Module
    to_out: nn.ModuleList


class AttentionPass(Protocol):
    """One way to compute self-attention; see the module's docstring."""

    def __call__(self, site: str, attn: AttentionLayer, tokens: Tensor) -> Tensor: ...


def attend(attn: AttentionLayer, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Multi-head attention and output projection: (N, S, C) over (N, T, C) gives (N, S, C)."""
    query, key, value = (
        t.unflatten(-1, (attn.heads, -1)).transpose(1, 2) for t in (query, key, value)
    )
    dtype = value.dtype
    if attn.upcast_attention:
        query, key, value = query.float(), key.float(), value.float()
    chunk = query.shape[2]
    if query.device.type == "mps":
        chunk = max(1, _MPS_SCORES // (query.shape[0] * query.shape[1] * key.shape[2]))
    parts = [
        F.scaled_dot_product_attention(part, key, value, scale=attn.scale)
        for part in query.split(chunk, dim=2)
    ]
    joined = torch.cat(parts, dim=2).transpose(1, 2).flatten(2).to(dtype)
    return attn.to_out[1](attn.to_out[0](joined))


def own_attention(attn: AttentionLayer, tokens: Tensor) -> Tensor:
    """Ordinary self-attention, each row alone."""
    return attend(attn, attn.to_q(tokens), attn.to_k(tokens), attn.to_v(tokens))


@dataclass(slots=True)
class OwnTokens:
    """Ordinary self-attention that keeps the tokens of its first `rows` rows, (rows, S, C)."""

    rows: int = 0
    tokens: dict[str, Tensor] = field(default_factory=dict)

    def __call__(self, site: str, attn: AttentionLayer, tokens: Tensor) -> Tensor:
        if self.rows:
            self.tokens[site] = tokens[: self.rows]
        return own_attention(attn, tokens)


@dataclass(slots=True)
class MatchTokens:
    """Ordinary self-attention of source frames that matches their tokens with the keyframes'.

    targets: the keyframes that the first rows are matched with; keyframes: normalised source tokens
    (S, C) by frame and site. fields: by site and row, what `match_keyframes` finds. Rows beyond
    `targets` are padding.
    """

    targets: Sequence[Sequence[int]]
    keyframes: Mapping[int, Mapping[str, Tensor]]
    keep_tokens: bool = False
    fields: dict[str, list[dict[int, Tensor]]] = field(default_factory=dict)
    tokens: dict[str, Tensor] = field(default_factory=dict)

    def __call__(self, site: str, attn: AttentionLayer, tokens: Tensor) -> Tensor:
        self.fields[site] = [
            match_keyframes(site, row, targets, self.keyframes)
            for row, targets in zip(tokens, self.targets, strict=False)
        ]
        if self.keep_tokens:
            self.tokens[site] = tokens[: len(self.targets)]
        return own_attention(attn, tokens)


def match_keyframes(
    site: str,
    tokens: Tensor,
    targets: Sequence[int],
    keyframes: Mapping[int, Mapping[str, Tensor]],
) -> dict[int, Tensor]:
    """The nearest tokens of one frame (S, C) in each of the target keyframes (Eq. 4): indices (S,)
    by keyframe."""
    return {target: nearest_tokens(tokens, keyframes[target][site]) for target in targets}


@dataclass(slots=True)
class JointAttention:
    """Extended attention: the keyframes' queries see the keys and values of all of them (Eq. 3).

    branches: rows per keyframe; live: the first branch is the source and attends to itself alone.
    injected: source tokens (K, S, C) by site, whose queries and keys replace the edited ones (PnP);
    with `live`, the sites whose queries and keys come from the source rows. joint False: each
    keyframe alone. outputs: (B, K, S, C) by site; keys and values: (B, K*S, C), if kept.
    """

    branches: int
    injected: Mapping[str, Tensor] | frozenset[str] = frozenset()
    live: bool = False
    joint: bool = True
    keep_keys: bool = False
    outputs: dict[str, Tensor] = field(default_factory=dict)
    keys: dict[str, Tensor] = field(default_factory=dict)
    values: dict[str, Tensor] = field(default_factory=dict)
    source_tokens: dict[str, Tensor] = field(default_factory=dict)

    def __call__(self, site: str, attn: AttentionLayer, tokens: Tensor) -> Tensor:
        rows = tokens.unflatten(0, (self.branches, -1))
        edited = rows[1:] if self.live else rows
        source = self._source(site, rows)
        guide = edited if source is None else source.expand_as(edited)
        folded = (1, 2) if self.joint else (0, 1)
        query, key, value = (
            t.flatten(*folded) for t in (attn.to_q(guide), attn.to_k(guide), attn.to_v(edited))
        )
        output = attend(attn, query, key, value).view_as(edited)
        if self.live:
            self.source_tokens[site] = rows[0]
            output = torch.cat([own_attention(attn, rows[0])[None], output])
        if self.keep_keys:
            self.keys[site], self.values[site] = key, value
        self.outputs[site] = output
        return output.flatten(0, 1)

    def _source(self, site: str, rows: Tensor) -> Tensor | None:
        if site not in self.injected:
            return None
        return rows[0] if isinstance(self.injected, frozenset) else self.injected[site]


@dataclass(slots=True)
class Propagation:
    """TokenFlow: self-attention is not computed; tokens come from the two keyframes (Eq. 5).

    frames and neighbours: of the rows of one branch. outputs: joint attention output (B, S, C) by
    keyframe and site. match: gives the fields of (site, row number, that row's source tokens).
    """

    branches: int
    neighbours: Sequence[Neighbours]
    outputs: Mapping[int, Mapping[str, Tensor]]
    match: Callable[[str, int, Tensor], Fields]

    def __call__(self, site: str, attn: AttentionLayer, tokens: Tensor) -> Tensor:
        source = tokens.unflatten(0, (self.branches, -1))[0]
        flowed = []
        for row, near in enumerate(self.neighbours):
            past, future = self.match(site, row, source[row])
            flow = self.outputs[near.future][site].index_select(1, future)
            if near.past != near.future:
                before = self.outputs[near.past][site].index_select(1, past)
                flow = near.weight * flow + (1 - near.weight) * before
            flowed.append(flow)
        return torch.stack(flowed, dim=1).flatten(0, 1)


@dataclass(slots=True)
class KeyframeAttention:
    """The ablation of section 5.3: queries of every frame over the keyframes' keys and values.

    keys, values: (B, K*S, C) by site. injected: source tokens (frames, S, C) by site for queries.
    """

    branches: int
    keys: Mapping[str, Tensor]
    values: Mapping[str, Tensor]
    injected: Mapping[str, Tensor]

    def __call__(self, site: str, attn: AttentionLayer, tokens: Tensor) -> Tensor:
        rows = tokens.unflatten(0, (self.branches, -1))
        guide = self.injected[site].expand_as(rows) if site in self.injected else rows
        query = attn.to_q(guide).flatten(1, 2)
        return attend(attn, query, self.keys[site], self.values[site]).view_as(tokens)


def live_match(
    neighbours: Sequence[Neighbours], keyframes: Mapping[int, Mapping[str, Tensor]]
) -> Callable[[str, int, Tensor], Fields]:
    """Match the source rows inside the same network call, as the published code does."""

    def match(site: str, row: int, tokens: Tensor) -> Fields:
        near = neighbours[row]
        found = match_keyframes(site, tokens, sorted({near.past, near.future}), keyframes)
        return found[near.past], found[near.future]

    return match


def recorded_match(
    neighbours: Sequence[Neighbours], records: Sequence[Record]
) -> Callable[[str, int, Tensor], Fields]:
    """Read the fields that the inversion captured."""

    def match(site: str, row: int, tokens: Tensor) -> Fields:
        record, near = records[row], neighbours[row]
        past, future = record[field_key(site, near.past)], record[field_key(site, near.future)]
        return past.to(torch.int64), future.to(torch.int64)

    return match


def normalised_by_frame(
    frames: Sequence[int], tokens: Mapping[str, Tensor]
) -> dict[int, dict[str, Tensor]]:
    """Turn tokens (K, S, C) by site into normalised (S, C) by keyframe and site."""
    return {
        frame: {site: normalised(rows[index]) for site, rows in tokens.items()}
        for index, frame in enumerate(frames)
    }
