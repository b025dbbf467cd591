"""What the finished model can do, on renders that it was not trained on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import DDIMInverseScheduler, StableDiffusionPipeline
from torch import Tensor

from tokenflow_studio.demo.scenes import plain_caption, sample_scene

from .autoencoder import to_model
from .pictures import HELD_OUT_SEED, render_seeds


@dataclass(frozen=True, slots=True)
class Quality:
    """PSNR in dB: of the autoencoder, of inversion and reconstruction, and of both together."""

    autoencoder: float
    reconstruction: float
    reconstruction_to_autoencoder: float
    inverted_deviation: float


@torch.no_grad()
def measure_reconstruction(model: Path, count: int = 8, steps: int = 50) -> Quality:
    """DDIM inversion and reconstruction, guidance 1, the caption as prompt (Table 2's measure)."""
    pipe: Any = StableDiffusionPipeline.from_pretrained(model, local_files_only=True)
    seeds = range(HELD_OUT_SEED, HELD_OUT_SEED + count)
    pictures = to_model(render_seeds(seeds)[0])
    text = pipe.encode_prompt(
        [plain_caption(sample_scene(seed)) for seed in seeds], pipe.device, 1, False
    )[0]
    factor = pipe.vae.config.scaling_factor
    latents = pipe.vae.encode(pictures).latents * factor
    inverse: Any = DDIMInverseScheduler.from_config(pipe.scheduler.config)
    inverse.set_timesteps(steps)
    x = latents
    for t in inverse.timesteps:
        x = inverse.step(pipe.unet(x, t, text).sample, t, x).prev_sample
    deviation = float(x.std())
    pipe.scheduler.set_timesteps(steps)
    for t in pipe.scheduler.timesteps:
        x = pipe.scheduler.step(pipe.unet(x, t, text).sample, t, x).prev_sample
    restored = pipe.vae.decode(x / factor).sample
    coded = pipe.vae.decode(latents / factor).sample
    return Quality(
        psnr(coded, pictures), psnr(restored, pictures), psnr(restored, coded), deviation
    )


def psnr(picture: Tensor, target: Tensor) -> float:
    """Mean over pictures (B, 3, H, W), -1 to 1, in dB."""
    error = (picture.clamp(-1, 1) - target.clamp(-1, 1)).square().mean((1, 2, 3)) / 4
    return float((-10 * torch.log10(error)).mean())
