"""Attention for training on a CPU, where the fused kernel's backward pass is the slowest part."""

from typing import Any

import torch
from torch import Tensor


class PlainAttention:
    """Softmax attention in three plain products, a few pictures at a time to stay in the cache."""

    #: Scores held at once, in numbers.
    chunk = 2 * 1024 * 1024

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """``hidden_states`` (B, S, C) attend to ``encoder_hidden_states`` (B, L, D) or itself.

        ``attn`` is the layer, an ``Attention`` of diffusers.
        """
        context = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        query = attn.head_to_batch_dim(attn.to_q(hidden_states) * attn.scale)
        key = attn.head_to_batch_dim(attn.to_k(context))
        value = attn.head_to_batch_dim(attn.to_v(context))
        rows = max(1, self.chunk // (query.shape[1] * key.shape[1]))
        parts = zip(query.split(rows), key.split(rows), value.split(rows), strict=True)
        mixed = torch.cat([self._attend(q, k, v) for q, k, v in parts])
        return attn.to_out[0](attn.batch_to_head_dim(mixed))

    @staticmethod
    def _attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        scores = torch.bmm(query, key.transpose(1, 2))
        return torch.bmm(scores.softmax(dim=-1, dtype=scores.dtype), value)
