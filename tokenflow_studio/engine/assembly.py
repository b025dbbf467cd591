"""From a model's files to the model: parts built, checked against each other, and identified."""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, DDIMScheduler
from torch import nn
from transformers import CLIPTextModel

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.components import (
    Tensors,
    fill,
    make_text_encoder,
    make_unet,
    make_vae,
    text_tensors,
    vae_tensors,
)
from tokenflow_studio.engine.model import DiffusionModel, latent_scale, read_settings
from tokenflow_studio.engine.model_files import UNSUPPORTED, reason
from tokenflow_studio.engine.model_files.checkpoints import content_digest, read_tensors
from tokenflow_studio.engine.model_files.configuration import read_object
from tokenflow_studio.engine.model_files.parts import ModelFiles, Part
from tokenflow_studio.engine.model_files.single_file import original_tensors
from tokenflow_studio.engine.model_files.vocabulary import read_tokenizer
from tokenflow_studio.engine.schedule import Schedule

_SCHEDULERS = frozenset({*DDIMScheduler._compatibles, "DDIMInverseScheduler"})
_MOST_TIMESTEPS = 10_000


def assemble(files: ModelFiles, device: torch.device, dtype: torch.dtype) -> DiffusionModel:
    """Build the model that `files` hold, frozen, on `device` and in `dtype`.

    An autoencoder that asks for 32 bits (`force_upcast`) gets them. Raises BadInput for parts that
    cannot be used, or not together.
    """
    configs = {
        "unet": read_object(files.unet.config),
        "vae": read_object(files.vae.config),
        "text_encoder": read_object(files.text_encoder.config),
    }
    schedule = read_schedule(files)
    unet = make_unet(configs["unet"], files.unet.config)
    vae = make_vae(configs["vae"], files.vae.config)
    encoder = make_text_encoder(configs["text_encoder"], files.text_encoder.config)
    _check_fit(files, unet.config, vae.config, encoder.config.hidden_size)
    settings = read_settings(files.settings, unet, latent_scale(vae))
    tokenizer = read_tokenizer(
        files.tokenizer, encoder.config.max_position_embeddings, encoder.config.pad_token_id
    )
    if len(tokenizer) > encoder.config.vocab_size:
        raise BadInput(f"{files.tokenizer} knows more tokens than {files.text_encoder.config}.")
    # Only where the file says so: the class's own default is true, and SD 1.x is fine in 16 bits.
    vae_dtype = torch.float32 if configs["vae"].get("force_upcast") is True else dtype
    for module, part, own in (
        (unet, files.unet, dtype),
        (vae, files.vae, vae_dtype),
        (encoder, files.text_encoder, dtype),
    ):
        fill(module, _tensors(part, module), part.weights, device, own)
    identity = [
        *(content_digest(path) for path in files.weights()),
        json.dumps([*configs.values(), schedule.config], sort_keys=True),
        tokenizer.backend_tokenizer.to_str(),
        str(tokenizer.pad_token),
        repr(settings),
        str(dtype),
        device.type,
    ]
    digest = hashlib.blake2b("\0".join(identity).encode(), digest_size=16).hexdigest()
    return DiffusionModel(
        unet, vae, encoder, tokenizer, schedule, settings, digest, notices=files.notices
    )


def read_schedule(files: ModelFiles) -> Schedule:
    """The model's noise schedule, whichever sampler it was saved with, read as DDIM."""
    path = files.scheduler
    config = read_object(path)
    name = config.get("_class_name", "DDIMScheduler")
    if name not in _SCHEDULERS:
        raise BadInput(f"{path} describes a {name}, {UNSUPPORTED}.")
    steps = config.get("num_train_timesteps", 1000)
    if not isinstance(steps, int) or not 1 < steps <= _MOST_TIMESTEPS:
        raise BadInput(f"{path} holds an impossible number of timesteps: {steps}.")
    accepted = DDIMScheduler().config.keys()
    known = {key: value for key, value in config.items() if key in accepted and key[0] != "_"}
    if files.prediction is not None:
        known["prediction_type"] = files.prediction
    try:
        return Schedule.from_config(known)
    except (TypeError, ValueError, NotImplementedError, RuntimeError) as error:
        raise BadInput(f"{path} describes no usable noise schedule ({reason(error)}).") from error


def _tensors(part: Part, module: nn.Module) -> Tensors:
    """A part's tensors under the names that the module uses."""
    tensors = (
        original_tensors(part.weights, module) if part.original else read_tensors(part.weights)
    )
    if isinstance(module, CLIPTextModel):
        return text_tensors(tensors)
    return vae_tensors(tensors) if isinstance(module, AutoencoderKL) else tensors


def _check_fit(files: ModelFiles, unet: Any, vae: Any, text_width: int) -> None:
    """Refuse parts that each are sound but do not belong together."""
    path: Path = files.unet.config
    if unet["in_channels"] != vae["latent_channels"]:
        raise BadInput(f"{path} describes a network with {unet['in_channels']} input channels for "
                       f"{vae['latent_channels']} latent ones, {UNSUPPORTED}.")  # fmt: skip
    if unet["out_channels"] != vae["latent_channels"]:
        raise BadInput(f"{path} describes a network with {unet['out_channels']} output channels "
                       f"for {vae['latent_channels']} latent ones, {UNSUPPORTED}.")  # fmt: skip
    if unet["cross_attention_dim"] != text_width:
        raise BadInput(f"{path} reads text of width {unet['cross_attention_dim']}, where the text "
                       f"encoder writes {text_width}: they do not belong together.")  # fmt: skip
