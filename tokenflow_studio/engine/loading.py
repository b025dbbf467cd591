"""Load a model by what the user calls it. Nothing is downloaded and no code of a model is run."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import DDIMScheduler

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.paths import resource
from tokenflow_studio.engine.checkpoints import content_digest, read_tensors
from tokenflow_studio.engine.components import (
    fill,
    make_text_encoder,
    make_unet,
    make_vae,
    text_tensors,
    vae_tensors,
)
from tokenflow_studio.engine.configuration import read_object
from tokenflow_studio.engine.model import DiffusionModel, latent_scale, read_settings
from tokenflow_studio.engine.schedule import Schedule
from tokenflow_studio.engine.vocabulary import read_tokenizer

_DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
_SCHEDULERS = frozenset(DDIMScheduler._compatibles) | {"DDIMInverseScheduler"}


def load_model(
    spec: str,
    *,
    base: str | None = None,
    device: str = "auto",
    dtype: str = "auto",
    download: bool = False,
) -> DiffusionModel:
    """The model that `spec` names, frozen and on its device.

    spec: "demo" (the built-in model) or a diffusers folder. device: auto, cpu, cuda or mps; dtype:
    auto, float32, float16 or bfloat16. Raises BadInput for anything that cannot be used as given.
    """
    target = resolve_device(device)
    number = resolve_dtype(dtype, target)
    folder = resource("demo", "model") if spec == "demo" else Path(spec).expanduser()
    if not folder.is_dir():
        raise BadInput(f"There is no model {spec}: give a folder in diffusers format.")
    return _load_folder(folder, target, number)


def resolve_device(name: str) -> torch.device:
    """auto: CUDA, else Apple's GPU, else the CPU."""
    mps = torch.backends.mps.is_available()
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if mps else "cpu"
    kind, _, index = name.partition(":")
    if kind not in ("cpu", "cuda", "mps") or (index and not (kind == "cuda" and index.isdigit())):
        raise BadInput(f"Unknown device '{name}': use auto, cpu, cuda or mps.")
    if (kind == "mps" and not mps) or (
        kind == "cuda" and int(index or 0) >= torch.cuda.device_count()
    ):
        raise BadInput(f"This machine has no device '{name}': use auto or cpu.")
    return torch.device(name)


def resolve_dtype(name: str, device: torch.device) -> torch.dtype:
    """auto: 16 bits on a GPU, 32 on the CPU."""
    if name == "auto":
        return torch.float32 if device.type == "cpu" else torch.float16
    if name not in _DTYPES:
        raise BadInput(f"Unknown dtype '{name}': use auto, float32, float16 or bfloat16.")
    return _DTYPES[name]


@dataclass(frozen=True, slots=True)
class _Part:
    """One component on disk."""

    config: dict[str, Any]
    config_path: Path
    weights: Path


def _part(folder: Path, name: str, stem: str) -> _Part:
    config_path = folder / name / "config.json"
    for weights in (
        folder / name / f"{stem}.safetensors",
        folder / name / f"{stem}.fp16.safetensors",
    ):
        if weights.is_file():
            return _Part(read_object(config_path), config_path, weights)
    if any((folder / name).glob("*.bin")):
        raise BadInput(f"{folder / name} holds its weights as a pickle (.bin), which is never "
                       "opened: convert it to .safetensors.")  # fmt: skip
    raise BadInput(f"{folder / name} holds no weights ({stem}.safetensors).")


def _load_folder(folder: Path, device: torch.device, dtype: torch.dtype) -> DiffusionModel:
    read_object(folder / "model_index.json")
    scheduler = read_object(folder / "scheduler" / "scheduler_config.json")
    if scheduler.get("_class_name", "DDIMScheduler") not in _SCHEDULERS:
        raise BadInput(f"{folder} samples with {scheduler['_class_name']}, not supported yet: "
                       "use an SD 1.x or 2.x model.")  # fmt: skip
    schedule = Schedule.from_config(scheduler)
    unet_part = _part(folder, "unet", "diffusion_pytorch_model")
    vae_part = _part(folder, "vae", "diffusion_pytorch_model")
    text_part = _part(folder, "text_encoder", "model")
    unet = make_unet(unet_part.config, unet_part.config_path)
    vae = make_vae(vae_part.config, vae_part.config_path)
    encoder = make_text_encoder(text_part.config, text_part.config_path)
    vae_dtype = torch.float32 if vae_part.config.get("force_upcast") else dtype
    fill(unet, read_tensors(unet_part.weights), unet_part.weights, dtype)
    fill(vae, vae_tensors(read_tensors(vae_part.weights)), vae_part.weights, vae_dtype)
    fill(encoder, text_tensors(read_tensors(text_part.weights)), text_part.weights, dtype)
    for module in (unet, vae, encoder):
        module.to(device)
    tokenizer = read_tokenizer(folder / "tokenizer", encoder.config.max_position_embeddings)
    settings = read_settings(folder, unet, latent_scale(vae))
    parts = (unet_part, vae_part, text_part)
    identity = [*(content_digest(p.weights) for p in parts), *(_plain(p.config) for p in parts),
                _plain(schedule.config), repr(settings), str(dtype), device.type,
                tokenizer.backend_tokenizer.to_str()]  # fmt: skip
    digest = hashlib.blake2b("\0".join(identity).encode(), digest_size=16).hexdigest()
    return DiffusionModel(unet, vae, encoder, tokenizer, schedule, settings, digest)


def _plain(config: dict[str, Any]) -> str:
    known = {key: value for key, value in config.items() if not key.startswith("_")}
    return json.dumps(known, sort_keys=True)
