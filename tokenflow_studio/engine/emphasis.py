"""Weighted prompts: how much the words of a prompt count in its embedding."""

from collections.abc import Sequence

from torch import Tensor

from tokenflow_studio.core.prompt import Prompt


def token_weights(prompt: Prompt, offsets: Sequence[Sequence[int]]) -> tuple[float, ...]:
    """The weight of each token: that of the character it begins with.

    offsets: for each token the (start, end) of its characters; marks and padding have none and
    weigh 1.
    """
    return tuple(prompt.weights[start] if end > start else 1.0 for start, end in offsets)


def weigh(states: Tensor, empty: Tensor, weights: Sequence[float]) -> Tensor:
    """Move each token's state away from the empty prompt's, or towards it:
    z' = z_empty + w (z - z_empty), as ComfyUI does (`comfy/sd1_clip.py`, encode_token_weights).

    states, empty: (1, L, D) of the prompt and of the empty prompt; weights: L numbers, 1 leaves a
    state as it is. Returns (1, L, D).
    """
    weight = states.new_tensor(weights)[None, :, None]
    return (empty + (states - empty) * weight).where(weight != 1, states)
