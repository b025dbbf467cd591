"""A latent diffusion model, ready to use: what the method needs of it, read from its own files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import torch
from diffusers import AutoencoderKL, AutoencoderTiny, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from tokenflow_studio.core.errors import BadInput
from tokenflow_studio.core.prompt import parse_prompt
from tokenflow_studio.engine.emphasis import token_weights, weigh
from tokenflow_studio.engine.model_files.configuration import read_object
from tokenflow_studio.engine.network import attention_sites
from tokenflow_studio.engine.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Settings:
    """What works well with a model: its `tokenflow.json`, else the paper's values.

    native_size: (width, height) in pixels; pnp_attention, pnp_features: shares of the steps;
    attention_sites: transformer blocks, feature_sites: resnets of the UNet by name.
    """

    native_size: tuple[int, int]
    attention_sites: tuple[str, ...]
    feature_sites: tuple[str, ...]
    guidance: float = 7.5
    pnp_attention: float = 0.5
    pnp_features: float = 0.8
    steps: int = 50
    inversion_steps: int | None = None
    name: str = ""


def read_settings(path: Path | None, unet: UNet2DConditionModel, scale: int) -> Settings:
    """Join a `tokenflow.json`, if there is one at `path`, with what follows from the UNet.

    The paper injects queries and keys in all decoder layers but the very first, and features of
    the second resnet of the second decoder level (Tumanyan et al., appendix). scale: pixels per
    latent position. Raises BadInput for unknown names and for values out of range.
    """
    given = {} if path is None or not path.is_file() else read_object(path)
    for key, value in given.items():
        allowed = _ALLOWED.get(key)
        if allowed is None:
            raise BadInput(f"{path} holds something unknown: '{key}'.")
        if not allowed(value):
            raise BadInput(f"{path} holds a '{key}' that cannot be used: {value}.")
    sites = attention_sites(unet)
    decoder = [site for site in sites if site.startswith("up_blocks.")]
    values: dict[str, Any] = {
        "native_size": native_size(unet, scale),
        "attention_sites": decoder[1:],
        "feature_sites": _paper_features(unet),
        **given,
    }
    values.pop("prediction_type", None)
    values["attention_sites"] = [s for s in sites if s.startswith(tuple(values["attention_sites"]))]
    for site in values["feature_sites"]:
        if not _has_submodule(unet, f"{site}.conv2"):
            raise BadInput(f"{path} names the feature site '{site}', which this model lacks.")
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Settings(**{**values, **lists})


def native_size(unet: UNet2DConditionModel, scale: int) -> tuple[int, int]:
    """(width, height) in pixels that the network was trained for."""
    sample = unet.config["sample_size"]
    height, width = sample if isinstance(sample, list | tuple) else (sample, sample)
    return width * scale, height * scale


def _is_number(low: float, high: float) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and _is_number(1, 1000)(value)


def _is_size(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(
        isinstance(side, int) and _is_number(8, 8192)(side) for side in value
    )  # fmt: skip


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) and name for name in value)


_ALLOWED: dict[str, Callable[[object], bool]] = {
    "native_size": _is_size,
    "attention_sites": _is_names,
    "feature_sites": _is_names,
    "guidance": _is_number(0, 100),
    "pnp_attention": _is_number(0, 1),
    "pnp_features": _is_number(0, 1),
    "steps": _is_count,
    "inversion_steps": _is_count,
    "name": lambda value: isinstance(value, str),
    "prediction_type": lambda value: value in ("epsilon", "v_prediction", "sample"),
}


def _paper_features(unet: UNet2DConditionModel) -> tuple[str, ...]:
    level = min(1, len(unet.up_blocks) - 1)
    resnet = 1 if _has_submodule(unet, f"up_blocks.{level}.resnets.1") else 0
    return (f"up_blocks.{level}.resnets.{resnet}",)


def _has_submodule(unet: UNet2DConditionModel, name: str) -> bool:
    try:
        unet.get_submodule(name)
    except AttributeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class DiffusionModel:
    """The parts of a text-to-image model and its identity.

    fingerprint: hash of weights and configuration; part of every cache key.
    """

    unet: UNet2DConditionModel
    vae: AutoencoderKL | AutoencoderTiny
    text_encoder: CLIPTextModel
    tokenizer: CLIPTokenizer
    schedule: Schedule
    settings: Settings
    fingerprint: str
    notices: tuple[str, ...] = field(default=())

    @property
    def device(self) -> torch.device:
        return self.unet.device

    @property
    def scale(self) -> int:
        """Pixels per latent position, along each side."""
        return latent_scale(self.vae)

    @property
    def multiple(self) -> int:
        """Working sizes are padded to multiples of this many pixels."""
        return self.scale * 2 ** (len(self.unet.config["block_out_channels"]) - 1)

    @torch.inference_mode()
    def encode(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W), 0 to 1, to latents (N, C, h, w) in fp32."""
        pixels = (images * 2 - 1).to(self.vae.device, self.vae.dtype)
        encoded = cast(tuple, self.vae.encode(pixels, return_dict=False))[0]
        latents = encoded if isinstance(encoded, Tensor) else encoded.mode()
        return (latents.float() - self._shift) * self.vae.config["scaling_factor"]

    @torch.inference_mode()
    def decode(self, latents: Tensor) -> Tensor:
        """Latents (N, C, h, w) to images (N, 3, H, W), 0 to 1, in fp32."""
        latents = latents / self.vae.config["scaling_factor"] + self._shift
        latents = latents.to(self.vae.device, self.vae.dtype)
        decoded = self.vae.decode(cast(torch.FloatTensor, latents), return_dict=False)[0]
        return (decoded.float() / 2 + 0.5).clamp(0, 1)

    @torch.inference_mode()
    def embed(self, prompt: str) -> Tensor:
        """The text encoder's last hidden state (1, L, D) of a prompt, weighted where the prompt
        says so (`core.prompt`); comments are not read."""
        read = parse_prompt(prompt)
        tokens = self.tokenizer(
            read.text,
            padding="max_length",
            max_length=self.tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
        states = self._hidden_states(tokens.input_ids)
        weights = token_weights(read, tokens.offset_mapping[0].tolist())
        if all(weight == 1 for weight in weights):
            return states
        return weigh(states, self.embed(""), weights)

    def token_count(self, prompt: str) -> tuple[int, int]:
        """Tokens of the prompt and how many the model reads, start and end marks included."""
        ids = self.tokenizer(parse_prompt(prompt).text).input_ids
        return len(ids), self.tokenizer.model_max_length

    def _hidden_states(self, ids: Tensor) -> Tensor:
        return self.text_encoder(ids.to(self.text_encoder.device)).last_hidden_state

    @property
    def _shift(self) -> float:
        return self.vae.config.get("shift_factor") or 0.0


def latent_scale(vae: AutoencoderKL | AutoencoderTiny) -> int:
    """Pixels per latent position: 2 for every level of the autoencoder but one."""
    levels = vae.config.get("block_out_channels") or vae.config["encoder_block_out_channels"]
    return 2 ** (len(levels) - 1)
