"""The parts of a model, built from known classes only: configuration and tensors in, module out."""

import inspect
from pathlib import Path
from typing import Any, TypeVar

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.engine.model_files import UNSUPPORTED, reason

Config = dict[str, Any]
Tensors = dict[str, Tensor]
M = TypeVar("M", bound=nn.Module)

_MOST_LAYERS = 100  # in one block or stack; keeps a wrong number from filling the memory
_DEEP = ("layers_per_block", "transformer_layers_per_block", "num_hidden_layers",
         "num_encoder_blocks", "num_decoder_blocks")  # fmt: skip
_TEXT_FIELDS = (
    "vocab_size", "hidden_size", "intermediate_size", "projection_dim", "num_hidden_layers",
    "num_attention_heads", "max_position_embeddings", "hidden_act", "layer_norm_eps",
    "pad_token_id", "bos_token_id", "eos_token_id",
)  # fmt: skip
_OLD_ATTENTION = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}


def make_unet(config: Config, source: Path) -> UNet2DConditionModel:
    """The denoising network, still without weights. Raises BadInput for other architectures."""
    _expect_class(config, ("UNet2DConditionModel",), source)
    if config.get("addition_embed_type") is not None:
        raise BadInput(f"{source} describes an SDXL-like network, {UNSUPPORTED}.")
    for key in ("class_embed_type", "num_class_embeds", "encoder_hid_dim", "time_cond_proj_dim"):
        if config.get(key) is not None:
            raise BadInput(f"{source} describes a network with '{key}', {UNSUPPORTED}.")
    return _make(UNet2DConditionModel, config, source)


def make_vae(config: Config, source: Path) -> AutoencoderKL | AutoencoderTiny:
    """The autoencoder, still without weights."""
    name = _expect_class(config, ("AutoencoderKL", "AutoencoderTiny"), source)
    return _make(AutoencoderKL if name == "AutoencoderKL" else AutoencoderTiny, config, source)


def make_text_encoder(config: Config, source: Path) -> CLIPTextModel:
    """CLIP's text encoder, still without weights."""
    architectures = config.get("architectures") or ["CLIPTextModel"]
    if architectures != ["CLIPTextModel"] or config.get("model_type") not in (
        "clip_text_model", None,
    ):  # fmt: skip
        raise BadInput(f"{source} describes the text encoder {architectures}, {UNSUPPORTED}.")
    _check_depth(config, source)
    known = {key: config[key] for key in _TEXT_FIELDS if key in config}
    try:
        with torch.device("meta"):
            return CLIPTextModel(CLIPTextConfig(**known))
    except Exception as error:
        raise BadInput(f"{source} describes no usable text encoder ({reason(error)}).") from error


def fill(module: M, tensors: Tensors, source: Path, device: torch.device, dtype: torch.dtype) -> M:
    """Give a module its weights, frozen. Every tensor must be there, fit, and be finite in `dtype`.

    Raises BadInput that names the first tensor that is not.
    """
    expected = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    for problem, names in (
        ("lacks", expected.keys() - tensors.keys()),
        ("holds the unknown", tensors.keys() - expected.keys()),
    ):
        if names:
            raise BadInput(f"{source} {problem} tensor '{min(names)}' (of {len(names)}): weights "
                           "and configuration do not belong together.")  # fmt: skip
    for name, shape in expected.items():
        if tuple(tensors[name].shape) != shape:
            raise BadInput(f"{source} holds '{name}' with shape {tuple(tensors[name].shape)} where "
                           f"{shape} is expected.")  # fmt: skip
    weights = {name: value.to(dtype) for name, value in tensors.items()}
    for name, value in weights.items():
        if not bool(torch.isfinite(value).all()):
            raise BadInput(f"{source} is damaged or too large for {_named(dtype)}: '{name}' holds "
                           "values that are not finite.")  # fmt: skip
    module.load_state_dict({k: v.to(device) for k, v in weights.items()}, assign=True)
    if isinstance(module, CLIPTextModel):
        positions = torch.arange(module.config.max_position_embeddings, device=device)[None]
        module.embeddings.register_buffer("position_ids", positions, persistent=False)
    return module.eval().requires_grad_(False)


def text_tensors(tensors: Tensors) -> Tensors:
    """A text encoder's tensors under their present names, without what is never used."""
    named = {name.removeprefix("text_model."): value for name, value in tensors.items()}
    return {
        name: value
        for name, value in named.items()
        if not name.endswith("position_ids") and name != "text_projection.weight"
    }


def vae_tensors(tensors: Tensors) -> Tensors:
    """An autoencoder's tensors under their present names; early files name attention otherwise."""
    renamed: Tensors = {}
    for name, value in tensors.items():
        stem, _, kind = name.rpartition(".")
        parent, _, last = stem.rpartition(".")
        if parent.endswith("mid_block.attentions.0"):
            last = _OLD_ATTENTION.get(last, last)
            name = f"{parent}.{last}.{kind}"
        renamed[name] = value
    return renamed


def _expect_class(config: Config, known: tuple[str, ...], source: Path) -> str:
    name = config.get("_class_name", known[0])
    if name not in known:
        raise BadInput(f"{source} describes a {name}, {UNSUPPORTED}.")
    return name


def _make(kind: type[M], config: Config, source: Path) -> M:
    _check_depth(config, source)
    accepted = inspect.signature(kind.__init__).parameters.keys() - {"self"}
    known = {key: value for key, value in config.items() if key in accepted}
    try:
        with torch.device("meta"):
            return kind(**known)
    except Exception as error:
        name = kind.__name__
        raise BadInput(f"{source} describes no usable {name} ({reason(error)}).") from error


def _check_depth(config: Config, source: Path) -> None:
    for key in _DEEP:
        value = config.get(key)
        numbers = value if isinstance(value, list) else [value]
        if any(isinstance(number, int) and number > _MOST_LAYERS for number in numbers):
            raise BadInput(f"{source} asks for too many layers ('{key}': {value}).")


def _named(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
