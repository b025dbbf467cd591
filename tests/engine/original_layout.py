"""Write a model's tensors under the names of the original Stable Diffusion code, in one file."""

import re
from pathlib import Path

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import save_file
from torch import Tensor
from transformers import CLIPTextModel

Tensors = dict[str, Tensor]

_RESNET = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0", "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
}  # fmt: skip
_UNET_ENDS = {
    "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
    "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2",
}  # fmt: skip
_VAE_ATTENTION = {
    "group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out",
}  # fmt: skip
_OPEN_CLIP = {
    "layer_norm1": "ln_1", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}  # fmt: skip


def original_unet(unet: UNet2DConditionModel) -> Tensors:
    """The denoising network's tensors by their original names."""
    period = unet.config["layers_per_block"] + 1
    with_attention = [kind.startswith("CrossAttn") for kind in unet.config["up_block_types"]]

    def block(match: re.Match[str]) -> str:
        side, level, kind, index = match[1], int(match[2]), match[3], int(match[4])
        place = level * period + index
        if side == "up":
            if kind == "upsamplers":
                return f"output_blocks.{place + period - 1}.{1 + with_attention[level]}"
            return f"output_blocks.{place}.{0 if kind == 'resnets' else 1}"
        if kind == "downsamplers":
            return f"input_blocks.{place + period}.0.op"
        return f"input_blocks.{place + 1}.{0 if kind == 'resnets' else 1}"

    def name(key: str) -> str:
        for new, old in _UNET_ENDS.items():
            if key.startswith(f"{new}."):
                return key.replace(new, old, 1)
        if ".resnets." in key:
            part = key.split(".")[-2]
            key = key.replace(f".{part}.", f".{_RESNET[part]}.")
        key = key.replace("downsamplers.0.conv", "downsamplers.0")
        key = re.sub(r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)", block, key)
        key = key.replace("mid_block.attentions.0", "middle_block.1")
        return re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"middle_block.{2 * int(m[1])}", key)

    return {f"model.diffusion_model.{name(k)}": v for k, v in unet.state_dict().items()}


def original_vae(vae: AutoencoderKL) -> Tensors:
    """The autoencoder's tensors by their original names; attention as 1x1 convolutions."""
    levels = len(vae.config["block_out_channels"])
    tensors: Tensors = {}
    for key, value in vae.state_dict().items():
        if "attentions" in key:
            part = key.split("attentions.0.")[1].rpartition(".")[0]
            key = key.replace(f".{part}.", f".{_VAE_ATTENTION[part]}.")
            value = value[:, :, None, None] if value.ndim == 2 else value
        for new, old in (
            (r"mid_block\.attentions\.0", "mid.attn_1"),
            (r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}"),
            (r"down_blocks\.(\d)", r"down.\1"),
            (r"up_blocks\.(\d)", lambda m: f"up.{levels - 1 - int(m[1])}"),
            (r"resnets\.(\d)", r"block.\1"),
            (r"(down|up)samplers\.0", r"\1sample"),
            ("conv_shortcut", "nin_shortcut"),
            ("conv_norm_out", "norm_out"),
        ):
            key = re.sub(new, old, key)
        tensors[f"first_stage_model.{key}"] = value
    return tensors


def original_clip(encoder: CLIPTextModel) -> Tensors:
    """The text encoder's tensors as SD 1.x names them, with the buffer that early files hold."""
    prefix = "cond_stage_model.transformer.text_model."
    tensors = {f"{prefix}{key}": value for key, value in encoder.state_dict().items()}
    positions = torch.arange(encoder.config.max_position_embeddings)[None]
    return {**tensors, f"{prefix}embeddings.position_ids": positions}


def original_open_clip(encoder: CLIPTextModel) -> Tensors:
    """The text encoder's tensors as SD 2.x names them, with the last layer, which it skips."""
    state = encoder.state_dict()
    width = encoder.config.hidden_size
    tensors: Tensors = {
        "token_embedding.weight": state["embeddings.token_embedding.weight"],
        "positional_embedding": state["embeddings.position_embedding.weight"],
        "ln_final.weight": state["final_layer_norm.weight"],
        "ln_final.bias": state["final_layer_norm.bias"],
        "text_projection": torch.zeros(width, width),
        "logit_scale": torch.zeros(()),
    }
    layers = encoder.config.num_hidden_layers
    for layer in range(layers + 1):
        own = f"encoder.layers.{min(layer, layers - 1)}."
        old = f"transformer.resblocks.{layer}."
        for kind in ("weight", "bias"):
            joined = [state[f"{own}self_attn.{part}_proj.{kind}"] for part in "qkv"]
            tensors[f"{old}attn.in_proj_{kind}"] = torch.cat(joined)
            for new, name in _OPEN_CLIP.items():
                tensors[f"{old}{name}.{kind}"] = state[f"{own}{new}.{kind}"]
    return {f"cond_stage_model.model.{key}": value for key, value in tensors.items()}


def write_checkpoint(path: Path, *parts: Tensors, metadata: dict[str, str] | None = None) -> Path:
    """Write parts into one safetensors file."""
    joined = {key: value.contiguous().clone() for part in parts for key, value in part.items()}
    save_file(joined, path, metadata)
    return path
