"""Latents of the training pictures: what the UNet learns from."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny

from .autoencoder import to_model
from .compute import autocast
from .pictures import open_shards

log = logging.getLogger(__name__)

_BATCH = 4


@torch.no_grad()
def encode_pictures(work: Path) -> None:
    """Encode every shard with ``work/encoder`` to ``work/latents`` (N, 8, 32, 32) fp16.

    The latents are scaled by the autoencoder's factor, to about unit deviation.
    """
    model: Any = AutoencoderTiny.from_pretrained(work / "encoder").eval()
    folder = work / "latents"
    folder.mkdir(exist_ok=True)
    for number, shard in enumerate(open_shards(work / "pictures")):
        target = folder / f"latents-{number:03d}.npy"
        if target.exists():
            continue
        found = []
        for start in range(0, len(shard), _BATCH):
            with autocast("cpu"):
                latents = model.encode(to_model(shard[start : start + _BATCH])).latents
            found.append((latents.float() * model.config.scaling_factor).half().numpy())
        partial = folder / "partial.npy"
        np.save(partial, np.concatenate(found))
        partial.rename(target)
        log.info("shard %d encoded", number)


def load_latents(work: Path) -> np.ndarray:
    """All latents (N, 8, 32, 32) fp16 that are there."""
    return np.concatenate([np.load(path) for path in sorted((work / "latents").glob("lat*.npy"))])
