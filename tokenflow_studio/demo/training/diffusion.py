"""Training of the denoiser and the text encoder, resumable from averaged weights alone."""

import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from transformers import CLIPTokenizer

from .attention import PlainAttention
from .compute import autocast, cosine_rate, pick_device
from .latents import load_latents
from .network import LATENT_SIZE, build_scheduler, build_unet
from .pictures import load_captions
from .text import build_text_encoder, build_tokenizer, token_ids
from .weights import load_pieces, save_pieces

log = logging.getLogger(__name__)

CROP = 16


@dataclass(frozen=True, slots=True)
class DiffusionPlan:
    """How to train.  Times are seconds of training: all of it, this slice, between saves.

    The first ``crop_share`` of the time sees 16x16 crops of the latents, the rest whole ones.
    """

    total_seconds: float = 5400.0
    slice_seconds: float = 600.0
    save_seconds: float = 300.0
    crop_share: float = 0.35
    crop_batch: int = 16
    batch: int = 8
    rate: float = 8e-4
    warm_up: int = 60
    caption_dropout: float = 0.1
    decay: float = 0.995
    seed: int = 4
    device: str = "auto"


@dataclass(slots=True)
class Progress:
    """What has been done so far, over all slices."""

    seconds: float = 0.0
    steps: int = 0
    crops: int = 0
    whole: int = 0


class Learner(nn.Module):
    """The denoiser with its text encoder, as one thing to optimise."""

    signal: Tensor
    noise: Tensor

    def __init__(self, tokenizer: CLIPTokenizer) -> None:
        super().__init__()
        self.unet = build_unet()
        self.text_encoder = build_text_encoder(tokenizer)
        scheduler = build_scheduler()
        self.register_buffer("signal", scheduler.alphas_cumprod.sqrt(), persistent=False)
        self.register_buffer("noise", (1 - scheduler.alphas_cumprod).sqrt(), persistent=False)

    def loss(self, latents: Tensor, ids: Tensor, steps: Tensor, noise: Tensor) -> Tensor:
        """Mean squared error (B,) of the velocity (Salimans and Ho 2022, appendix D)."""
        a, s = self.signal[steps][:, None, None, None], self.noise[steps][:, None, None, None]
        with autocast(latents.device.type):
            text = self.text_encoder(input_ids=ids).last_hidden_state
            found = self.unet(a * latents + s * noise, steps, text).sample
        return (found.float() - (a * noise - s * latents)).square().mean((1, 2, 3))


class TrainingSet:
    """Latents and captions in memory, the last ``held_out`` of them kept for validation."""

    held_out = 64

    def __init__(self, work: Path, tokenizer: CLIPTokenizer, seed: int) -> None:
        self.latents = load_latents(work)
        self.captions = load_captions(work / "pictures")[: len(self.latents)]
        self.tokenizer = tokenizer
        self.rng = np.random.default_rng(seed)

    def batch(self, count: int, size: int, dropout: float) -> tuple[Tensor, Tensor]:
        """Latents (count, 8, size, size) and token numbers (count, 32)."""
        rows = self.rng.integers(len(self.latents) - self.held_out, size=count)
        words = [
            "" if self.rng.random() < dropout else str(self.rng.choice(self.captions[row]))
            for row in rows
        ]
        # The mean of two draws prefers the middle, where the object is.
        corners = self.rng.integers(0, LATENT_SIZE - size + 1, (count, 2, 2)).mean(-1).astype(int)
        crops = [
            self.latents[row, :, y : y + size, x : x + size]
            for row, (y, x) in zip(rows, corners, strict=True)
        ]
        return torch.from_numpy(np.stack(crops)).float(), token_ids(self.tokenizer, words)

    def validation(self) -> tuple[Tensor, Tensor]:
        """The held-out latents with their first captions."""
        latents = torch.from_numpy(self.latents[-self.held_out :]).float()
        words = [captions[0] for captions in self.captions[-self.held_out :]]
        return latents, token_ids(self.tokenizer, words)


def train_diffusion(work: Path, plan: DiffusionPlan) -> None:
    """Run one slice; ``work/tokenizer`` and ``work/diffusion`` carry everything to the next."""
    tokenizer = _tokenizer(work)
    data = TrainingSet(work, tokenizer, plan.seed)
    device = pick_device(plan.device)
    learner, progress = Learner(tokenizer), Progress()
    if (work / "diffusion").exists():
        tensors, found = load_pieces(work / "diffusion")
        learner.load_state_dict(tensors)
        progress = Progress(**{k: type(getattr(progress, k))(v) for k, v in found.items()})
        data.rng = np.random.default_rng((plan.seed, progress.steps))
    if device.type == "cpu":
        learner.unet.set_attn_processor(cast(Any, PlainAttention()))
    learner.to(device)
    torch.manual_seed(plan.seed + progress.steps)
    log.info("from step %d, %.0f s of %.0f s", progress.steps, progress.seconds, plan.total_seconds)
    _run_slice(work, plan, learner, data, progress)


def _tokenizer(work: Path) -> CLIPTokenizer:
    folder = work / "tokenizer"
    if not folder.exists():
        build_tokenizer(load_captions(work / "pictures")).save_pretrained(folder)
    return CLIPTokenizer.from_pretrained(folder)


def _run_slice(
    work: Path, plan: DiffusionPlan, learner: Learner, data: TrainingSet, progress: Progress
) -> None:
    device = learner.signal.device
    optimiser = torch.optim.AdamW(
        learner.parameters(), plan.rate, betas=(0.9, 0.99), weight_decay=0.01, fused=True
    )
    average = {name: tensor.detach().clone() for name, tensor in learner.state_dict().items()}
    before, began, step = progress.seconds, time.monotonic(), 0
    saved, recent = began, []
    while (elapsed := time.monotonic() - began) < plan.slice_seconds:
        progress.seconds = before + elapsed
        share = progress.seconds / plan.total_seconds
        if share >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * cosine_rate(share, step, plan.warm_up)
        crop = share < plan.crop_share
        count, size = (plan.crop_batch, CROP) if crop else (plan.batch, LATENT_SIZE)
        latents, ids = (t.to(device) for t in data.batch(count, size, plan.caption_dropout))
        steps = _spread_steps(count, device)
        loss = learner.loss(latents, ids, steps, torch.randn_like(latents)).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimiser.step()
        step += 1
        progress.steps += 1
        progress.crops += count * crop
        progress.whole += count * (not crop)
        _average(average, learner, min(plan.decay, (1 + progress.steps) / (10 + progress.steps)))
        recent.append(loss.item())
        if step % 50 == 0:
            log.info("%4.1f %% %s loss %.4f", 100 * share, progress, np.mean(recent[-50:]))
        if time.monotonic() - saved > plan.save_seconds:
            saved = time.monotonic()
            save_pieces(work / "diffusion", average, asdict(progress))
            log.info("saved; held-out loss %.4f", _validate(learner, average, data))
    save_pieces(work / "diffusion", average, asdict(progress))
    log.info("slice done: %s, held-out loss %.4f", progress, _validate(learner, average, data))


def _spread_steps(count: int, device: torch.device) -> Tensor:
    """Noise levels (count,), one from each of ``count`` equal ranges: less variance per batch."""
    places = (torch.arange(count) + torch.rand(count)) / count
    return (places * 1000).long().clamp(max=999).to(device)


@torch.no_grad()
def _average(average: dict[str, Tensor], learner: Learner, decay: float) -> None:
    present = learner.state_dict()
    names = [name for name, tensor in present.items() if tensor.is_floating_point()]
    torch._foreach_lerp_([average[n] for n in names], [present[n] for n in names], 1 - decay)


@torch.no_grad()
def _validate(learner: Learner, average: dict[str, Tensor], data: TrainingSet) -> float:
    """Loss of the averaged weights on held-out latents, always with the same noise."""
    present = {name: tensor.clone() for name, tensor in learner.state_dict().items()}
    learner.load_state_dict(average)
    device = learner.signal.device
    generator = torch.Generator().manual_seed(9)
    latents, ids = data.validation()
    noise = torch.randn(latents.shape, generator=generator)
    steps = torch.linspace(10, 990, len(latents)).long()
    losses = [
        learner.loss(*(t.to(device) for t in part))
        for part in zip(latents.split(8), ids.split(8), steps.split(8), noise.split(8), strict=True)
    ]
    learner.load_state_dict(present)
    return float(torch.cat(losses).mean())
