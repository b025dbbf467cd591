"""Stable Diffusion's real architectures, and checkpoints of their size that cost almost nothing."""

import json
import math
import struct
from collections.abc import Callable
from pathlib import Path

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextModel

from tests.engine.original_layout import (
    Tensors,
    original_clip,
    original_open_clip,
    original_unet,
    original_vae,
)
from tokenflow_studio.core.paths import resource
from tokenflow_studio.engine.components import Config, make_text_encoder, make_unet, make_vae


def shipped(
    family: str,
) -> tuple[UNet2DConditionModel, AutoencoderKL | AutoencoderTiny, CLIPTextModel]:
    """The architecture of "sd1" or "sd2" as the program ships it, without weights."""
    paths = [resource("models", family, f"{n}.json") for n in ("unet", "vae", "text_encoder")]
    configs: list[Config] = [json.loads(path.read_text()) for path in paths]
    return (
        make_unet(configs[0], paths[0]),
        make_vae(configs[1], paths[1]),
        make_text_encoder(configs[2], paths[2]),
    )


def original(family: str) -> Tensors:
    """Names and shapes of a real checkpoint, without content."""
    unet, vae, encoder = shipped(family)
    assert isinstance(vae, AutoencoderKL)
    with torch.device("meta"):
        text = original_clip(encoder) if family == "sd1" else original_open_clip(encoder)
    return {**original_unet(unet), **original_vae(vae), **text}


def write_large(
    path: Path,
    tensors: Tensors,
    content: Callable[[str, torch.Size], Tensor] | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write a checkpoint of bfloat16 tensors one by one, whose sum need not fit into memory.

    content: makes a tensor from its name and shape; without it they are a hole in the file, which
    takes no space on the disk.
    """
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    end = 0
    for name, value in tensors.items():
        start, end = end, end + 2 * math.prod(value.shape)
        header[name] = {"dtype": "BF16", "shape": list(value.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, value in tensors.items() if content else ():
            file.write(content(name, value.shape).bfloat16().view(torch.int16).numpy().tobytes())
        file.truncate(8 + len(text) + end)
    return path
