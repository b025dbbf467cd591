"""The autoencoder: eight channels of colour and luma detail, started by hand as a working codec."""

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from diffusers import AutoencoderTiny
from diffusers.models.unets.unet_2d_blocks import AutoencoderTinyBlock
from torch import Tensor, nn
from torch.nn import functional

from .compute import autocast, cosine_rate
from .pictures import HELD_OUT_SEED, open_shards, render_seeds

log = logging.getLogger(__name__)

WIDTH = 32
LATENT_CHANNELS = 8
#: Raw latents have this deviation, so that the decoder's tanh(x / 3) stays in its linear part.
RAW_DEVIATION = 0.5
_LUMA = (0.299, 0.587, 0.114)
_COLOUR_GAIN, _DETAIL_GAIN = 1.6, 3.0
#: 2x2 Haar patterns: left-right, top-bottom, diagonal.
_HAAR = torch.tensor(
    [[[1.0, -1.0], [1.0, -1.0]], [[1.0, 1.0], [-1.0, -1.0]], [[1.0, -1.0], [-1.0, 1.0]]]
)


@dataclass(frozen=True, slots=True)
class AutoencoderPlan:
    """How long and on what to train; the encoder is frozen after ``freeze_at`` of the time."""

    seconds: float = 600.0
    batch: int = 16
    crop: int = 64
    rate: float = 1.5e-3
    freeze_at: float = 0.5
    seed: int = 1


def build_autoencoder() -> AutoencoderTiny:
    """An untrained codec that already carries colour and coarse luma detail."""
    torch.manual_seed(1)
    model = AutoencoderTiny(
        latent_channels=LATENT_CHANNELS,
        encoder_block_out_channels=(WIDTH,) * 4,
        decoder_block_out_channels=(WIDTH,) * 4,
        num_encoder_blocks=(0, 2, 3, 3),
        num_decoder_blocks=(4, 3, 2, 1),
        act_fn="relu",
        scaling_factor=1 / RAW_DEVIATION,
    )
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, AutoencoderTinyBlock):
                branch = cast(nn.Conv2d, cast(nn.Sequential, module.conv)[-1])
                branch.weight.zero_()
                _bias(branch).zero_()
        _start_encoder([m for m in model.encoder.layers if isinstance(m, nn.Conv2d)])
        _start_decoder([m for m in model.decoder.layers if isinstance(m, nn.Conv2d)])
    return model


def _bias(conv: nn.Conv2d) -> Tensor:
    assert conv.bias is not None
    return conv.bias


def _start_encoder(convs: list[nn.Conv2d]) -> None:
    """Pool colours, and keep Haar details of luma in pairs, since ReLU passes only one sign.

    Channels 0-2 are colour, 3-8 the three details (plus, minus) of the present halving, 9-12 the
    first two details of the halving before.
    """
    first, *halvings, last = convs
    first.weight[:3] = 0
    _bias(first)[:3] = 0
    for c in range(3):
        first.weight[c, c, 1, 1] = 1
    for level, conv in enumerate(halvings):
        conv.weight[:13] = 0
        for c in range(3):
            conv.weight[c, c, 1:, 1:] = 0.25
        for k in range(3):
            for c in range(3):
                conv.weight[3 + 2 * k, c, 1:, 1:] = _HAAR[k] * 0.25 * _LUMA[c]
                conv.weight[4 + 2 * k, c, 1:, 1:] = -_HAAR[k] * 0.25 * _LUMA[c]
        if level:
            for k in range(4):
                conv.weight[9 + k, 3 + k, 1:, 1:] = 0.25
    last.weight.zero_()
    for c in range(3):
        last.weight[c, c, 1, 1] = _COLOUR_GAIN
        _bias(last)[c] = -0.5 * _COLOUR_GAIN
    for k in range(5):
        last.weight[3 + k, 3 + 2 * k, 1, 1] = _DETAIL_GAIN
        last.weight[3 + k, 4 + 2 * k, 1, 1] = -_DETAIL_GAIN
        _bias(last)[3 + k] = 0


def _start_decoder(convs: list[nn.Conv2d]) -> None:
    """Spread colours with a smooth kernel; details are there for the blocks to make use of."""
    first, *doublings, last = convs
    smooth = torch.tensor([0.25, 0.5, 0.25])
    kernel = smooth[:, None] * smooth[None]
    first.weight[:13] = 0
    _bias(first)[:13] = 0
    for c in range(3):
        first.weight[c, c, 1, 1] = 1 / _COLOUR_GAIN
        _bias(first)[c] = 0.5
    for k in range(5):
        first.weight[3 + 2 * k, 3 + k, 1, 1] = 1.0
        first.weight[4 + 2 * k, 3 + k, 1, 1] = -1.0
    for conv in doublings:
        conv.weight[:3] = 0
        for c in range(3):
            conv.weight[c, c] = kernel
    last.weight.mul_(0.1)
    _bias(last).zero_()
    last.weight[:, :3] = 0
    for c in range(3):
        last.weight[c, c, 1, 1] = 1


def train_autoencoder(work: Path, plan: AutoencoderPlan) -> None:
    """Train against the pictures in ``work`` and write ``work/autoencoder``.

    Halfway the latents' channels are brought to mean 0 and deviation ``RAW_DEVIATION`` inside the
    encoder's own weights, the encoder is frozen and written to ``work/encoder``, so that latents
    can be made while the decoder still learns.
    """
    shards = open_shards(work / "pictures")
    rng = np.random.default_rng(plan.seed)
    model = build_autoencoder()
    log.info("before training: %.2f dB", held_out_psnr(model))
    optimiser = torch.optim.AdamW(model.parameters(), plan.rate, betas=(0.9, 0.98))
    began, step, frozen = time.monotonic(), 0, False
    while (share := (time.monotonic() - began) / plan.seconds) < 1:
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * cosine_rate(share, step, warm_up=50)
        picture = _crops(shards, plan, rng)
        with autocast("cpu"):
            restored = model.decoder(model.encoder(picture))
        loss = _loss(restored.float(), picture)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % 100 == 0:
            log.info("%4.0f %% step %d loss %.4f", 100 * share, step, loss.item())
        if not frozen and share > plan.freeze_at:
            frozen = True
            _freeze_encoder(model, shards)
            model.save_pretrained(work / "encoder")
            log.info("encoder frozen: %.2f dB", held_out_psnr(model))
    log.info("%d steps: %.2f dB", step, held_out_psnr(model))
    model.save_pretrained(work / "autoencoder")


def _crops(shards: list[np.ndarray], plan: AutoencoderPlan, rng: np.random.Generator) -> Tensor:
    """Random crops (B, 3, crop, crop) of the pictures, -1 to 1."""
    crops = []
    for _ in range(plan.batch):
        shard = shards[int(rng.integers(len(shards)))]
        picture = shard[int(rng.integers(len(shard)))]
        y, x = rng.integers(0, picture.shape[0] - plan.crop + 1, 2)
        crops.append(picture[y : y + plan.crop, x : x + plan.crop])
    return to_model(np.stack(crops))


def to_model(pictures: np.ndarray) -> Tensor:
    """Pictures (B, H, W, 3) uint8 to (B, 3, H, W), -1 to 1."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def _loss(restored: Tensor, picture: Tensor) -> Tensor:
    """Absolute error of the pixels, of their differences and of their 4x4 means."""
    error = restored - picture
    across = error[..., 1:] - error[..., :-1]
    down = error[..., 1:, :] - error[..., :-1, :]
    edges = across.abs().mean() + down.abs().mean()
    pooled = functional.avg_pool2d(error, 4).abs().mean()
    return error.abs().mean() + error.square().mean() + 0.3 * edges + 0.5 * pooled


@torch.no_grad()
def _freeze_encoder(model: AutoencoderTiny, shards: list[np.ndarray]) -> None:
    sample = to_model(np.concatenate([shard[:12] for shard in shards[:8]]))
    latents = torch.cat([model.encoder(part) for part in sample.split(8)])
    mean, deviation = latents.mean((0, 2, 3)), latents.std((0, 2, 3))
    last = [m for m in model.encoder.layers if isinstance(m, nn.Conv2d)][-1]
    scale = RAW_DEVIATION / deviation
    last.weight.mul_(scale[:, None, None, None])
    _bias(last).sub_(mean).mul_(scale)
    first = cast(nn.Conv2d, model.decoder.layers[0])
    _bias(first).add_((first.weight.sum((2, 3)) * mean).sum(1))
    first.weight.div_(scale[:, None, None])
    model.encoder.requires_grad_(False)


@torch.no_grad()
def held_out_psnr(model: AutoencoderTiny, count: int = 16) -> float:
    """Mean PSNR in dB over held-out pictures."""
    pictures, _ = render_seeds(range(HELD_OUT_SEED, HELD_OUT_SEED + count))
    target = to_model(pictures)
    ratios = []
    for part in target.split(4):
        restored = model.decoder(model.encoder(part)).clamp(-1, 1)
        error = (restored - part).square().mean((1, 2, 3)) / 4
        ratios.append(-10 * torch.log10(error))
    return float(torch.cat(ratios).mean())
