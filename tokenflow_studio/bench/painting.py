"""Pictures from nothing but a prompt: how much a model knows before any clip guides it."""

import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from tokenflow_studio.bench.place import Place
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.core.job import EventKind, JobEvent
from tokenflow_studio.engine.model import DiffusionModel
from tokenflow_studio.engine.sampler import Guidance
from tokenflow_studio.engine.schedule import ddim_step
from tokenflow_studio.media.stills import png_bytes, to_bytes
from tokenflow_studio.post.measure import Image

_ROWS = 8  # pictures of one call


def paint_all(
    place: Place, model: DiffusionModel, prompts: Sequence[str], steps: int, folder: Path
) -> None:
    """Write a picture of each prompt into `folder`, as `picture.####.png`; those there stay."""
    wanted = [n for n in range(len(prompts)) if not picture_path(folder, n).exists()]
    began = time.monotonic()
    for start in range(0, len(wanted), _ROWS):
        batch = wanted[start : start + _ROWS]
        painted = paint(model, [prompts[n] for n in batch], batch, steps)
        for number, picture in zip(batch, painted, strict=True):
            write_atomically(picture_path(folder, number), png_bytes(to_bytes(picture)))
        done, elapsed = start + len(batch), time.monotonic() - began
        place.show(
            "text to image",
            JobEvent(
                kind=EventKind.PROGRESS,
                step=done,
                total=len(wanted),
                fraction=done / len(wanted),
                elapsed=elapsed,
                eta=elapsed / done * (len(wanted) - done),
            ),
        )


def picture_path(folder: Path, number: int) -> Path:
    """Where the picture of the prompt with this number lies."""
    return folder / f"picture.{number:04d}.png"


@torch.inference_mode()
def paint(
    model: DiffusionModel, prompts: Sequence[str], seeds: Sequence[int], steps: int
) -> list[Image]:
    """Pictures (H, W, 3), 0 to 1, by DDIM with the model's own guidance, each from its seed."""
    text = torch.stack([_both(model, prompt) for prompt in prompts], 1)  # (2, N, L, D)
    guidance = Guidance(text[:, 0], model.settings.guidance)
    x = torch.stack([_noise(model, seed) for seed in seeds]).to(model.device)
    sampled = model.schedule.timesteps(steps)
    for t, later in zip(sampled, (*sampled[1:], -1), strict=True):
        rows = x.repeat(2, 1, 1, 1).to(model.unet.dtype)
        output = model.unet(rows, t, text.flatten(0, 1).to(model.unet.dtype), return_dict=False)[0]
        guided = guidance.combine(output.float().unflatten(0, (2, len(prompts))))
        alpha, to_alpha = model.schedule.alpha(t), model.schedule.alpha(later)
        x = ddim_step(x, model.schedule.epsilon(guided, x, alpha), alpha, to_alpha)
    return list(model.decode(x).permute(0, 2, 3, 1).cpu().numpy())


def _both(model: DiffusionModel, prompt: str) -> Tensor:
    """The empty prompt and this one (2, L, D)."""
    return torch.cat([model.embed(""), model.embed(prompt)])


def _noise(model: DiffusionModel, seed: int) -> Tensor:
    width, height = model.settings.native_size
    shape = (model.unet.config["in_channels"], height // model.scale, width // model.scale)
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))
