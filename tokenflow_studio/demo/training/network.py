"""The denoiser and its noise schedule."""

from typing import Any, cast

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from torch import nn

from .autoencoder import LATENT_CHANNELS
from .text import TEXT_WIDTH

LATENT_SIZE = 32


def build_unet() -> UNet2DConditionModel:
    """An untrained denoiser with self-attention at every resolution, the latents' own included.

    Branches that are added to a stream start at zero, so that depth does not slow the start.
    """
    torch.manual_seed(3)
    unet = UNet2DConditionModel(
        sample_size=LATENT_SIZE,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        layers_per_block=1,
        block_out_channels=(64, 128, 192),
        down_block_types=("CrossAttnDownBlock2D",) * 3,
        up_block_types=("CrossAttnUpBlock2D",) * 3,
        cross_attention_dim=TEXT_WIDTH,
        # In configurations of this form the number of heads, not their width.
        attention_head_dim=cast(Any, (1, 2, 3)),
        norm_num_groups=16,
    )
    for name, module in unet.named_modules():
        if name.endswith(("conv2", "proj_out", "conv_out")) and isinstance(module, nn.Conv2d):
            nn.init.zeros_(module.weight)
            nn.init.zeros_(cast(nn.Parameter, module.bias))
    return unet


def build_scheduler() -> DDIMScheduler:
    """Stable Diffusion's noise schedule, with velocity prediction."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        prediction_type="v_prediction",
    )
