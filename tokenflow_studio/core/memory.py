"""How much memory a job needs on its device: known before anything is loaded.

What lives at once was counted tensor by tensor, in passes without content through the networks of
Stable Diffusion 1 and 2 and of the demo model, at several sizes. A row of a network call holds
26 times the finest level's channels per latent position (25.3 to 26.1), and what attention keeps;
decoding holds 6 times the decoder's finest channels per pixel, in a tiny decoder 3 times.
"""

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenflow_studio.core.paths import resource

KEYFRAME_LIMIT = 24
"""Keyframes that attend to each other; longer clips add anchors (see `StepPlan.groups`)."""

ROWS = {"cuda": 16, "mps": 4, "cpu": 4}
"""Rows of one source call, frames of one propagation call. From the device's kind alone, never
from its free memory: the result must not depend on what else is running."""

_ROW, _DECODER, _TINY_DECODER = 26, 6, 3
_RUNTIME = 600 * 2**20  # bytes: Python, torch and its kernels, a frame of the clip
_SLACK = 1.1  # what an allocator keeps beyond the tensors
_LARGEST_HEADER = 100_000_000  # bytes, the format's own limit


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What of a model decides about memory.

    parameters: of all its parts; channels: of the finest level; tokens: channels of all
    self-attention sites per position of the finest level, `injected` of those in the decoder half;
    decoding: values per pixel; scale: pixels per latent position, along one side.
    """

    parameters: int
    channels: int
    tokens: float
    injected: float
    decoding: float
    scale: int

    @property
    def row(self) -> int:
        """Values of a row of a network call per latent position, without what attention keeps."""
        return _ROW * self.channels


def read_shape(place: Path) -> ModelShape | None:
    """The shape of the model in a diffusers folder or a single .safetensors file; None where that
    cannot be told: loading says what is wrong."""
    try:
        if place.is_dir():
            parts = [place / name for name in ("unet", "vae", "text_encoder")]
            unet, vae = (_json(part / "config.json") for part in parts[:2])
            return shape_of(unet, vae, sum(_weights_of(part) for part in parts))
        # All single files are of the same two architectures, which differ in nothing that counts.
        unet, vae = (_json(resource("models", "sd2", f"{name}.json")) for name in ("unet", "vae"))
        return shape_of(unet, vae, _parameters(place))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error):
        return None


def needed_memory(
    shape: ModelShape, device: str, pixels: int, keyframes: int, branches: int = 2
) -> int:
    """The most bytes that a job holds at once, on a device of kind cpu, cuda or mps.

    pixels: of a picture at the model's working size; keyframes: of the range; branches: 2 with
    guidance, 1 without. Numbers have 32 bits on a CPU, 16 elsewhere (`engine.devices`).
    """
    size = 4 if device == "cpu" else 2
    positions = pixels / shape.scale**2
    rows, joint = ROWS[device], min(keyframes, KEYFRAME_LIMIT)
    kept = joint * shape.tokens * positions
    row = shape.row * positions
    injected = 2 * joint * shape.injected * positions  # as recorded, and stacked for a call
    editing = branches * (joint * row + kept) + injected
    flowing = branches * (rows * row + kept) + injected
    capturing = rows * (row + shape.tokens * positions) + kept * 4 / size  # compared in 32 bits
    most = max(editing, flowing, capturing, shape.decoding * pixels)
    return _RUNTIME + round(size * (shape.parameters + _SLACK * most))


def shape_of(unet: dict[str, Any], vae: dict[str, Any], parameters: int) -> ModelShape:
    """The shape by the configurations of both networks. Raises KeyError for what they lack."""
    widths = unet["block_out_channels"]
    layers = unet["layers_per_block"]
    down, up = unet["down_block_types"], reversed(unet["up_block_types"])
    shares = [width / 4**level for level, width in enumerate(widths)]
    descending = layers * sum(s for s, kind in zip(shares, down, strict=True) if "Attn" in kind)
    ascending = (layers + 1) * sum(s for s, kind in zip(shares, up, strict=True) if "Attn" in kind)
    tiny = vae["_class_name"] == "AutoencoderTiny"
    decoder = vae["decoder_block_out_channels" if tiny else "block_out_channels"]
    return ModelShape(
        parameters=parameters,
        channels=widths[0],
        tokens=descending + shares[-1] + ascending,
        injected=ascending,
        decoding=decoder[0] * (_TINY_DECODER if tiny else _DECODER),
        scale=2 ** (len(decoder) - 1),
    )


def _weights_of(part: Path) -> int:
    """Parameters in a folder; where it holds several variants, each says the same."""
    files = sorted(part.glob("*.safetensors"))
    plain = [file for file in files if file.name.count(".") == 1]
    return sum(_parameters(file) for file in plain or files)


def _parameters(file: Path) -> int:
    with file.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        if length > _LARGEST_HEADER:
            raise ValueError(f"{file} is no safetensors file")
        header = json.loads(opened.read(length))
    header.pop("__metadata__", None)
    return sum(math.prod(tensor["shape"]) for tensor in header.values())


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_bytes())
