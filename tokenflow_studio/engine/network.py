"""The denoising network with its self-attention and features opened up, and put back afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn

from tokenflow_studio.engine.attention import AttentionLayer, AttentionPass
from tokenflow_studio.engine.features import FeaturePass


class Network:
    """Calls the UNet under a given attention and feature pass; made by `opened`.

    rows counts what went through the network: one row is one frame in one branch.
    """

    def __init__(self, unet: UNet2DConditionModel) -> None:
        self.rows = 0
        self._unet = unet
        self._attention: AttentionPass | None = None
        self._features: FeaturePass | None = None

    @torch.inference_mode()
    def __call__(
        self,
        x: Tensor,
        t: int,
        text: Tensor,
        attention: AttentionPass,
        features: FeaturePass | None = None,
    ) -> Tensor:
        """The network's output (R, C, h, w) in fp32, for latents x (R, C, h, w), text (R, L, D)."""
        self._attention, self._features = attention, features
        try:
            x, text = x.to(self.device, self.dtype), text.to(self.device, self.dtype)
            output = self._unet(x, t, encoder_hidden_states=text, return_dict=False)[0]
        finally:
            self._attention = self._features = None
        self.rows += x.shape[0]
        return output.float()

    @property
    def device(self) -> torch.device:
        return self._unet.device

    @property
    def dtype(self) -> torch.dtype:
        return self._unet.dtype

    def attend(self, site: str, attn: AttentionLayer, tokens: Tensor) -> Tensor:
        """What the attention layer at `site` returns in the running call."""
        if self._attention is None:
            raise RuntimeError("the opened network was called from outside")
        return self._attention(site, attn, tokens)

    def pass_features(self, site: str, module: nn.Module, args: tuple, features: Tensor) -> Tensor:
        """What flows on from the feature site in the running call; a forward hook of `module`."""
        return features if self._features is None else self._features(site, features)


class _SelfAttention:
    """The processor of one self-attention layer: hands the norm1 output to the running pass."""

    def __init__(self, site: str, network: Network) -> None:
        self._site = site
        self._network = network

    def __call__(
        self,
        attn: AttentionLayer,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        return self._network.attend(self._site, attn, hidden_states)


def attention_sites(unet: UNet2DConditionModel) -> tuple[str, ...]:
    """Names of the transformer blocks whose self-attention TokenFlow acts on, as in the UNet."""
    suffix = ".attn1.processor"
    return tuple(n.removesuffix(suffix) for n in unet.attn_processors if n.endswith(suffix))


@contextmanager
def opened(unet: UNet2DConditionModel, feature_sites: Sequence[str] = ()) -> Iterator[Network]:
    """Install processors and hooks for as long as the context lasts; then the UNet is as before.

    feature_sites: names of resnets, such as 'up_blocks.1.resnets.1'.
    """
    network = Network(unet)
    before: dict[str, Any] = dict(unet.attn_processors)
    processors = dict(before)
    for site in attention_sites(unet):
        processors[f"{site}.attn1.processor"] = _SelfAttention(site, network)
    with ExitStack() as hooks:
        for site in feature_sites:
            convolution = unet.get_submodule(f"{site}.conv2")
            hook = convolution.register_forward_hook(partial(network.pass_features, site))
            hooks.callback(hook.remove)
        unet.set_attn_processor(processors)
        try:
            yield network
        finally:
            unet.set_attn_processor(before)
