"""Pictures of what the network sees in clips: the principal components of its tokens.

The paper's observation is that the features of a video repeat over time, that edits of single
frames break this, and that TokenFlow restores it. A process of its own, since it loads the model:

python -m tokenflow_studio.bench.features < task.json
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from tokenflow_studio.bench.footage import read_frames
from tokenflow_studio.bench.pictures import evenly, named
from tokenflow_studio.core.files import write_atomically
from tokenflow_studio.engine.attention import OwnTokens
from tokenflow_studio.engine.loading import load_model
from tokenflow_studio.engine.model import DiffusionModel
from tokenflow_studio.engine.network import attention_sites, opened
from tokenflow_studio.engine.schedule import shared_noise
from tokenflow_studio.media.stills import png_bytes, to_bytes
from tokenflow_studio.post.measure import Image

_NOISE = 0.2  # of the schedule: things have their places, details are still open
_HEIGHT = 128  # pixels of a frame's features
_RANGE = 0.01  # share of the tokens that is cut off at either end of the colours


def main() -> int:
    """Draw each picture of the task that stdin holds; see `pictures.write_feature_pictures`."""
    task = json.load(sys.stdin)
    model = load_model(task["model"], base=task["base"], device=task["device"])
    for picture in task["pictures"]:
        clips = picture["clips"]
        tokens = [
            clip_tokens(model, evenly(read_frames(clip["frames"])), clip["prompt"])
            for clip in clips
        ]
        strips = [
            named(clip["name"], to_bytes(np.concatenate(list(frames), 1)))
            for clip, frames in zip(clips, components(tokens), strict=True)
        ]
        write_atomically(Path(picture["target"]), png_bytes(np.concatenate(strips, 0)))
    return 0


@torch.inference_mode()
def clip_tokens(model: DiffusionModel, frames: Sequence[Image], prompt: str) -> Tensor:
    """Tokens (N, h, w, C) of frames (H, W, 3), as the decoder's last self-attention reads them."""
    latents = model.encode(torch.from_numpy(np.stack(frames)).permute(0, 3, 1, 2))
    t = int(_NOISE * len(model.schedule.alphas))
    alpha = model.schedule.alpha(t)
    noise = shared_noise(tuple(latents.shape[1:]), 0).to(latents)
    noisy = alpha**0.5 * latents + (1 - alpha) ** 0.5 * noise
    attention, text = OwnTokens(len(frames)), model.embed(prompt)
    with opened(model.unet) as network:
        network(noisy, t, text.repeat(len(frames), 1, 1), attention)
    site = [site for site in attention_sites(model.unet) if site.startswith("up_blocks.")][-1]
    return attention.tokens[site].unflatten(1, latents.shape[-2:])


def components(clips: Sequence[Tensor]) -> list[Image]:
    """The three main directions of all clips' tokens (N, h, w, C) as colours (N, H, W, 3).

    One basis and one range for all, so that equal colours are equal tokens.
    """
    rows = torch.cat([tokens.flatten(0, 2) for tokens in clips]).float().cpu()
    middle = rows.mean(0)
    basis = torch.linalg.eigh(torch.cov(rows.T)).eigenvectors[:, -3:].flip(1)
    seen = (rows - middle) @ basis
    low, high = (torch.quantile(seen, q, dim=0) for q in (_RANGE, 1 - _RANGE))
    drawn = []
    for tokens in clips:
        colours = ((tokens.float().cpu() - middle) @ basis - low) / (high - low)
        times = max(1, _HEIGHT // tokens.shape[1])
        large = colours.clamp(0, 1).repeat_interleave(times, 1).repeat_interleave(times, 2)
        drawn.append(large.numpy())
    return drawn


if __name__ == "__main__":
    sys.exit(main())
